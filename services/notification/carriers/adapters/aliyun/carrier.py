"""Alibaba Cloud as a carrier: SendSms, QuerySendDetails, and receipts by HTTP.

Receipts are not signed, so the callback's address has a token.

Sources: https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms, …-querysenddetails,
https://help.aliyun.com/zh/sms/developer-reference/smsreport
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson

from services.notification.carriers.adapters.aliyun.signing import encoded, signed_headers
from services.notification.carriers.adapters.http import NoAnswer, send
from services.notification.carriers.adapters.receipts import receipt_state, receipts_of
from services.notification.carriers.domain.carrier import Callback, CarrierText, Outcome, Receipt, Verdict
from shared_components.http.limited_client import limited_client
from shared_components.kernel import strict_json
from shared_components.kernel.ids import new_id
from shared_components.kernel.phone_number import PhoneNumber

VERSION = "2017-05-25"
CHINA = timedelta(hours=8)
VERDICTS: Mapping[str, Verdict] = {
    "isv.MOBILE_NUMBER_ILLEGAL": "refused", "isv.BLACK_KEY_CONTROL_LIMIT": "refused",
    "isv.PARAM_LENGTH_LIMIT": "refused", "isv.INVALID_PARAMETERS": "refused",
    "isv.TEMPLATE_MISSING_PARAMETERS": "refused",
    "isv.BUSINESS_LIMIT_CONTROL": "busy",
    "isp.SYSTEM_ERROR": "failed", "isp.RAM_PERMISSION_DENY": "ours", "Throttling": "failed",
}
"""The provider's code → verdict; all others speak of our account there."""
WAITING, FAILED, ARRIVED = 1, 2, 3


class AliyunCarrier:
    """One number a request: each has values of its own. token: of the callback's address."""

    name = "aliyun"
    group_size = 1
    can_ask = True

    def __init__(
        self, *, access_key_id: str, access_key_secret: str, callback_token: str,
        endpoint: str = "https://dysmsapi.aliyuncs.com", timeout_s: float = 5, **_: Any,
    ) -> None:
        self._key_id, self._key_secret, self._token = access_key_id, access_key_secret, callback_token
        self._host = urlsplit(endpoint).netloc
        self._client = limited_client(timeout_s, endpoint)

    def send(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        return [self._send(text) for text in texts]

    def ask(self, texts: Sequence[CarrierText]) -> list[Receipt | Literal["unknown"] | None]:
        return [self._ask(text) for text in texts]

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        return receipts_of(self.name, self._token, token, body, self._receipt)

    def stop(self) -> None:
        self._client.close()

    def _send(self, text: CarrierText) -> Outcome:
        try:
            answer = self._call("SendSms", {
                "PhoneNumbers": _phone(text.number), "SignName": text.route.signature,
                "TemplateCode": text.route.template_id, "TemplateParam": orjson.dumps(dict(text.values)).decode(),
                "OutId": text.message_id})
        except NoAnswer as error:
            return error.outcome
        code = str(answer.get("Code", ""))
        if code == "OK" and answer.get("BizId"):
            return Outcome("taken", reference=str(answer["BizId"])[:64])
        return Outcome(VERDICTS.get(code, "ours"), f"aliyun-{code}"[:64])

    def _ask(self, text: CarrierText) -> Receipt | Literal["unknown"] | None:
        try:
            answer = self._call("QuerySendDetails", {
                "PhoneNumber": _phone(text.number), "SendDate": f"{text.tried_at.astimezone(UTC) + CHINA:%Y%m%d}",
                "PageSize": "50", "CurrentPage": "1"})
            if answer.get("Code") != "OK":
                return "unknown"
            details = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
            found = [one for one in details if one.get("OutId") == text.message_id]
        except (NoAnswer, KeyError, TypeError):
            return "unknown"
        if not found:
            return None
        status, code = int(found[0]["SendStatus"]), str(found[0].get("ErrCode", ""))[:40]
        if status == WAITING:
            return Receipt(self.name, text.message_id, "", "sent")
        return Receipt(self.name, text.message_id, "", receipt_state(status == ARRIVED, code), code)

    def _receipt(self, one: Mapping[str, Any]) -> Receipt:
        code = str(one.get("err_code", ""))[:40]
        return Receipt(
            self.name, str(one["out_id"])[:48], str(one["biz_id"])[:64],
            receipt_state(one["success"] is True, code), code)

    def _call(self, action: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        """Raises NoAnswer."""
        headers = signed_headers(
            host=self._host, action=action, version=VERSION, query=query, access_key_id=self._key_id,
            access_key_secret=self._key_secret, at=datetime.now(UTC), nonce=new_id("nonce"))
        response = send(self._client, "POST", f"/?{encoded(query)}", headers={**headers, "accept": "application/json"})
        try:
            answer = strict_json.read(response.content)
        except strict_json.JsonRefused:
            answer = None
        if not isinstance(answer, dict) or not answer.get("Code"):
            raise NoAnswer(Outcome("unknown", f"aliyun-http-{response.status_code}"))
        return answer


def _phone(number: str) -> str:
    """11 digits on the mainland; abroad country code and number without +."""
    return PhoneNumber(number).national.removeprefix("+")
