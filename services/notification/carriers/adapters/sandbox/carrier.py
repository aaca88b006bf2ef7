"""The sandbox carrier: a provider of our own, for development, tests and demonstrations."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

import httpx
import orjson

from services.notification.carriers.adapters.http import NoAnswer, send
from services.notification.carriers.adapters.sandbox.callbacks import read_callback
from services.notification.carriers.domain.carrier import (
    Callback,
    CarrierText,
    Outcome,
    Receipt,
    ReceiptState,
    Verdict,
)
from services.notification.carriers.domain.errors import ReceiptNotAuthentic
from shared_components.http.limited_client import limited_client
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unauthenticated
from shared_components.security.request_signing import RequestVerifier, sign

GROUP = 100
_TOLD: tuple[str, ...] = ("taken", "refused", "busy", "failed")
_NOT_UNDERSTOOD = Outcome("unknown", "provider-not-understood")


class SandboxCarrier:
    """base_url: of the sandbox server; secret: shared with it; notify_url: where it reports receipts."""

    name = "sandbox"
    group_size = GROUP
    can_ask = True

    def __init__(
        self, *, base_url: str, account: str, secret: str, notify_url: str, timeout_s: float = 5, **_: Any,
    ) -> None:
        self._account, self._key = account, secret.encode()
        self._notify_url = notify_url
        self._verifier = RequestVerifier({account: self._key})
        self._client = limited_client(timeout_s, base_url)

    def send(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        try:
            answer = self._post("/v1/messages", {"notify_url": self._notify_url, "messages": [
                {"message_id": text.message_id, "number": text.number, "signature": text.route.signature,
                 "body": text.body} for text in texts]})
            results = answer["results"]
            if len(results) != len(texts):
                raise ValueError("another number of results")
            return [_outcome(result) for result in results]
        except NoAnswer as error:
            return [error.outcome] * len(texts)
        except (KeyError, TypeError, ValueError):
            return [_NOT_UNDERSTOOD] * len(texts)

    def ask(self, texts: Sequence[CarrierText]) -> list[Receipt | Literal["unknown"] | None]:
        try:
            answer = self._post("/v1/messages/query", {"message_ids": [text.message_id for text in texts]})
            return [self._told(result) for result in answer["results"]]
        except (NoAnswer, KeyError, TypeError, ValueError):
            return ["unknown"] * len(texts)

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        raw = body.encode()
        try:
            self._verifier.verify(headers, raw, at=now)
        except Unauthenticated as error:
            raise ReceiptNotAuthentic(Bilingual(
                f"receipt of provider 'sandbox': {error.message}",
                f"服务商“sandbox”的回执：{error.message_in('zh')}")) from error
        return read_callback(raw, carrier=self.name, account=self._account)

    def stop(self) -> None:
        self._client.close()

    def _told(self, result: Any) -> Receipt | None:
        if result["state"] == "absent":
            return None
        if result["state"] not in get_args(ReceiptState):
            raise ValueError("no such state")
        return Receipt(
            self.name, result["message_id"], result["reference"], cast(ReceiptState, result["state"]),
            str(result.get("code") or "")[:40])

    def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises NoAnswer, also for an answer that nobody has signed."""
        content = orjson.dumps({"account": self._account, **body})
        signed = sign(content, key_id=self._account, key=self._key, at=datetime.now(UTC))
        response = send(
            self._client, "POST", path, content=content, headers={"Content-Type": "application/json", **signed})
        return self._verified(response)

    def _verified(self, response: httpx.Response) -> Mapping[str, Any]:
        if response.status_code == 401:
            raise NoAnswer(Outcome("ours", "provider-account-refused"))
        try:
            self._verifier.verify(response.headers, response.content, at=datetime.now(UTC))
            answer = strict_json.read(response.content)
        except (Unauthenticated, strict_json.JsonRefused):
            raise NoAnswer(Outcome("unknown", f"provider-http-{response.status_code}")) from None
        if not isinstance(answer, dict) or response.status_code >= 400:
            code = str(answer.get("code", "")) if isinstance(answer, dict) else ""
            # Signed and not done: the provider says so itself.
            verdict: Verdict = "failed" if code == "BUSY" else "ours"
            raise NoAnswer(Outcome(verdict, f"provider-{code.lower() or response.status_code}"[:64]))
        return answer


def _outcome(result: Any) -> Outcome:
    verdict = result["verdict"]
    if verdict not in _TOLD:
        return _NOT_UNDERSTOOD
    code = str(result.get("code") or "")[:40]
    return Outcome(cast(Verdict, verdict), f"sandbox-{code}" if code else "", str(result.get("reference") or "")[:64])
