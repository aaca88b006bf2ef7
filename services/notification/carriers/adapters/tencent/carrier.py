"""Tencent Cloud as a carrier: SendSms, and receipts by HTTP.

A text cannot be asked for by our number of it, so after a time-out its receipt is waited for. Receipts are not signed,
so the callback's address has a token.

Sources: https://cloud.tencent.com/document/api/382/55981, https://cloud.tencent.com/document/product/382/52077
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson

from services.notification.carriers.adapters.http import NoAnswer, send
from services.notification.carriers.adapters.receipts import receipt_state, receipts_of
from services.notification.carriers.adapters.tencent.signing import signed_headers
from services.notification.carriers.domain.carrier import Callback, CarrierText, Outcome, Receipt, Verdict
from shared_components.http.limited_client import limited_client
from shared_components.kernel import strict_json

VERSION = "2021-01-11"
VERDICTS: Mapping[str, Verdict] = {
    "InvalidParameterValue.IncorrectPhoneNumber": "refused", "FailedOperation.PhoneNumberInBlacklist": "refused",
    "InvalidParameterValue.TemplateParameterFormatError": "refused",
    "InvalidParameterValue.TemplateParameterLengthLimit": "refused",
    "LimitExceeded.PhoneNumberThirtySecondLimit": "busy", "LimitExceeded.PhoneNumberOneHourLimit": "busy",
    "LimitExceeded.PhoneNumberDailyLimit": "busy", "LimitExceeded.PhoneNumberSameContentDailyLimit": "busy",
    "LimitExceeded.DeliveryFrequencyLimit": "busy",
    "InternalError.SendAndRecvFail": "failed", "InternalError.Timeout": "unknown", "InternalError": "unknown",
    "RequestLimitExceeded": "failed",
}
"""The provider's code → verdict; all others speak of our account there."""


class TencentCarrier:
    """One number a request: each has values of its own. app_id: SdkAppId of the application there."""

    name = "tencent"
    group_size = 1
    can_ask = False

    def __init__(
        self, *, secret_id: str, secret_key: str, app_id: str, callback_token: str, region: str = "ap-guangzhou",
        endpoint: str = "https://sms.tencentcloudapi.com", timeout_s: float = 5, **_: Any,
    ) -> None:
        self._secret_id, self._secret_key, self._token = secret_id, secret_key, callback_token
        self._app_id, self._region = app_id, region
        self._host = urlsplit(endpoint).netloc
        self._client = limited_client(timeout_s, endpoint)

    def send(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        return [self._send(text) for text in texts]

    def ask(self, texts: Sequence[CarrierText]) -> list[Receipt | Literal["unknown"] | None]:
        return ["unknown"] * len(texts)

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        return receipts_of(self.name, self._token, token, body, self._receipt)

    def stop(self) -> None:
        self._client.close()

    def _send(self, text: CarrierText) -> Outcome:
        try:
            answer = self._call("SendSms", {
                "PhoneNumberSet": [text.number], "SmsSdkAppId": self._app_id, "SignName": text.route.signature,
                "TemplateId": text.route.template_id,
                "TemplateParamSet": [text.values.get(name, "") for name in text.route.parameters],
                "SessionContext": text.message_id})
        except NoAnswer as error:
            return error.outcome
        try:
            if "Error" in answer:
                code = str(answer["Error"]["Code"])
            else:
                (status,) = answer["SendStatusSet"]
                code = str(status["Code"])
                if code == "Ok":
                    return Outcome("taken", reference=str(status["SerialNo"])[:64])
        except (KeyError, TypeError, ValueError):
            return Outcome("unknown", "tencent-not-understood")
        return Outcome(VERDICTS.get(code, "ours"), f"tencent-{code}"[:64])

    def _receipt(self, one: Mapping[str, Any]) -> Receipt:
        code = str(one.get("errmsg", ""))[:40]
        return Receipt(
            self.name, "", str(one["sid"])[:64], receipt_state(one["report_status"] == "SUCCESS", code), code)

    def _call(self, action: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The part Response. Raises NoAnswer."""
        body = orjson.dumps(request)
        headers = signed_headers(
            host=self._host, action=action, version=VERSION, region=self._region, body=body,
            secret_id=self._secret_id, secret_key=self._secret_key, at=datetime.now(UTC))
        response = send(self._client, "POST", "/", content=body, headers=headers)
        try:
            answer = strict_json.read(response.content)
        except strict_json.JsonRefused:
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("Response"), dict):
            raise NoAnswer(Outcome("unknown", f"tencent-http-{response.status_code}"))
        found: Mapping[str, Any] = answer["Response"]
        return found
