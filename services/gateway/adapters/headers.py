"""The request headers of a call: trace, language, deadline and operation id."""
from __future__ import annotations

import re
from collections.abc import Sequence

from services.gateway.domain.errors import HeaderInvalid
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.languages import LOCALES, preferred_language

IDEMPOTENCY_KEY = "Idempotency-Key"
TIMEOUT = "X-Timeout-S"
REQUEST_ID = "X-Request-Id"
SHORTEST_TIMEOUT_S = 0.1

KEY_PATTERN = r"[A-Za-z0-9_.:~+/=-]{1,80}"
_KEY = re.compile(KEY_PATTERN)
# Programs write 0.1 + 0.2 with 17 digits.
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,20})?")


class RequestHeaders:
    """The headers of one request, read once. Of one that came several times the first counts."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        self._values = dict(reversed(pairs))

    def __contains__(self, name: bytes) -> bool:
        return name in self._values

    def get(self, name: bytes) -> str | None:
        """name: in lower case, as ASGI has it."""
        value = self._values.get(name)
        return None if value is None else value.decode("latin-1")

    def text(self, name: bytes) -> str:
        """The same, and empty when it is missing."""
        return self._values.get(name, b"").decode("latin-1")


def idempotency_key(given: str | None) -> str:
    """The key of this operation, made when the app gives none. Raises HeaderInvalid."""
    if given is None:
        return new_id("op")
    # The IETF draft writes it as a string in quotes, most APIs without.
    key = given[1:-1] if len(given) > 2 and given[0] == given[-1] == '"' else given
    if not _KEY.fullmatch(key):
        raise _invalid(IDEMPOTENCY_KEY, Bilingual(
            "1 to 80 characters of A-Z a-z 0-9 _ . : ~ + / = - are allowed",
            "只允许 1 至 80 个字符：A-Z a-z 0-9 _ . : ~ + / = -"))
    return key


def timeout_s(given: str | None, *, default_s: float, longest_s: float) -> float:
    """Raises HeaderInvalid."""
    if given is None:
        return min(default_s, longest_s)
    if not _NUMBER.fullmatch(given.strip()) or not SHORTEST_TIMEOUT_S <= float(given) <= longest_s:
        raise _invalid(TIMEOUT, Bilingual(
            f"a number of seconds from {SHORTEST_TIMEOUT_S} to {longest_s:g} is allowed",
            f"只允许 {SHORTEST_TIMEOUT_S} 至 {longest_s:g} 之间的秒数"))
    return float(given)


def request_id(given: str | None) -> str:
    """The app's own id, when it is a harmless one: it stands in our log and in our answer."""
    return given if given is not None and _KEY.fullmatch(given) else new_id("req")


def locale(accept_language: str | None) -> str:
    return LOCALES[preferred_language(accept_language)]


def _invalid(header: str, allowed: Bilingual) -> HeaderInvalid:
    # Its value is not repeated: it may be anything.
    return HeaderInvalid(
        Bilingual(f"header {header} has a value that is not allowed; {allowed}",
                  f"请求头 {header} 的值不允许；{allowed.zh}"),
        details={"fields": {header: [allowed]}})
