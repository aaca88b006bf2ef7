"""The port to a seal service, and one that speaks HTTP: it keeps the keys of the departments' seals, we keep none."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote

import httpx
from cryptography.hazmat.primitives.serialization import pkcs7

from shared_components.http.limited_client import limited_client, whole_limit
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.request_signing import sign

LARGEST_SIGNATURE = 8192


class SealUnavailable(Exception):
    """The service gives no answer now; asking again may help."""

    def __init__(self, text: Bilingual) -> None:
        super().__init__(str(text))
        self.text = text


class SealRefused(Exception):
    """The service does not seal for this department, or does not take our key."""

    def __init__(self, text: Bilingual) -> None:
        super().__init__(str(text))
        self.text = text


class SealService(Protocol):
    def sign(self, department_code: str, content: bytes) -> bytes:
        """Sign content with the department's seal: a detached CMS signature, DER, with its certificates.

        department_code: unified social credit code. Raises SealUnavailable, SealRefused.
        """
        ...


@dataclass(frozen=True, slots=True)
class SealAddress:
    """key_id, key: with which requests are signed (request_signing). timeout_s: of a whole request."""

    url: str
    key_id: str
    key: bytes = field(repr=False)
    timeout_s: float


class HttpSealService:
    """POST {url}/seals/{department_code}/signatures: the content in, the signature out."""

    def __init__(self, address: SealAddress) -> None:
        self._address = address
        self._http = limited_client(address.timeout_s)

    def sign(self, department_code: str, content: bytes) -> bytes:
        address = self._address
        headers = {"Content-Type": "application/octet-stream", "Accept-Encoding": "identity",
                   **sign(content, key_id=address.key_id, key=address.key, at=datetime.now(UTC))}
        url = f"{address.url.rstrip('/')}/seals/{quote(department_code, safe='')}/signatures"
        try:
            with whole_limit(address.timeout_s), self._http.stream(
                    "POST", url, content=content, headers=headers) as response:
                return _signature(response, department_code)
        except httpx.HTTPError as error:
            raise _no_answer(type(error).__name__) from None


def _signature(response: httpx.Response, department_code: str) -> bytes:
    if response.status_code in (400, 401, 403, 404, 422):
        raise SealRefused(Bilingual(
            f"seal service answered with HTTP {response.status_code} for department {department_code}; its seal, and "
            "our address and key, must be set up there",
            f"印章服务对部门 {department_code} 应答为 HTTP {response.status_code}；"
            "须在印章服务中配置该部门的印章及本平台的地址、密钥"))
    if response.status_code != httpx.codes.OK:
        raise _no_answer(f"HTTP {response.status_code}")
    found = b""
    for piece in response.iter_raw():
        found += piece
        if len(found) > LARGEST_SIGNATURE:
            raise _no_answer(f"more than {LARGEST_SIGNATURE} bytes")
    try:
        pkcs7.load_der_pkcs7_certificates(found)
    except ValueError:
        raise _no_answer("no CMS signature") from None
    return found


def _no_answer(what: str) -> SealUnavailable:
    return SealUnavailable(Bilingual(f"seal service gave no signature ({what})", f"印章服务未给出签章（{what}）"))
