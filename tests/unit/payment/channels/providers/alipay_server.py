"""Alipay's gateway as its documents describe it.

Run: `python -m tests.unit.payment.channels.providers.alipay_server SETTINGS`.

Source: https://opendocs.alipay.com/open/270/105900
"""
from __future__ import annotations

import json
import re
import secrets
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.unit.payment.channels.providers.provider import Answer, Provider, Refusal, run

CHINA = timezone(timedelta(hours=8))
AMOUNT = re.compile(r"\d+\.\d\d")
STAMP = "%Y-%m-%d %H:%M:%S"


class Alipay(Provider):
    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self.trades: dict[str, dict[str, Any]] = {}
        self.refunds: dict[tuple[str, str], dict[str, Any]] = {}

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(path)
        params = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(parse_qsl(body.decode()))
        name = params.get("method", "")
        try:
            self._authenticate(params)
            with self.lock:
                answer = self._do(name, json.loads(params["biz_content"]), params)
            if name == "alipay.trade.page.pay":
                return 200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>cashier</html>"
            answer = {"code": "10000", "msg": "Success", **answer}
        except Refusal as refusal:
            if refusal.status == 403:  # a request that is not understood gets an answer without a signature
                unsigned = {"error_response": {"code": "40002", "msg": "Invalid", "sub_code": refusal.code}}
                return 200, {"Content-Type": "application/json"}, json.dumps(unsigned).encode()
            answer = {"code": "40004", "msg": "Business Failed", "sub_code": refusal.code, "sub_msg": refusal.message}
        return self._signed(name, answer)

    def _authenticate(self, params: Mapping[str, str]) -> None:
        signed = "&".join(f"{name}={params[name]}" for name in sorted(params) if name != "sign" and params[name])
        if params.get("app_id") != self.settings["app_id"] or params.get("sign_type") != "RSA2":
            raise Refusal("isv.invalid-app-id", 403)
        if not self.keys.is_merchants(signed.encode(), params.get("sign", "")):
            raise Refusal("isv.invalid-signature", 403)
        at = datetime.strptime(params["timestamp"], STAMP).replace(tzinfo=CHINA)
        if abs((datetime.now(CHINA) - at).total_seconds()) > 900:
            raise Refusal("isv.invalid-timestamp", 403)

    def _do(self, name: str, asked: dict[str, Any], params: Mapping[str, str]) -> dict[str, Any]:
        if name == "alipay.trade.page.pay":
            return self._page(asked, params)
        trade = self.trades.get(asked.get("out_trade_no", ""))
        if trade is None:
            raise Refusal("ACQ.TRADE_NOT_EXIST")
        if name == "alipay.trade.query":
            return self._facts(trade)
        if name == "alipay.trade.close":
            if trade["trade_status"] != "WAIT_BUYER_PAY":
                raise Refusal("ACQ.TRADE_STATUS_ERROR")
            trade["trade_status"] = "TRADE_CLOSED"
            return {"out_trade_no": trade["out_trade_no"], "trade_no": trade["trade_no"]}
        if name == "alipay.trade.refund":
            return self._refund(trade, asked)
        if name == "alipay.trade.fastpay.refund.query":
            return self._refund_facts(trade, asked["out_request_no"])
        raise Refusal("isv.invalid-method", 403)

    def _page(self, asked: dict[str, Any], params: Mapping[str, str]) -> dict[str, Any]:
        is_right = (
            asked.get("product_code") == "FAST_INSTANT_TRADE_PAY" and AMOUNT.fullmatch(asked.get("total_amount", ""))
            and Decimal(asked["total_amount"]) >= Decimal("0.01") and 1 <= len(asked.get("subject", "")) <= 256
            and not set("/=&") & set(asked["subject"]) and len(asked.get("out_trade_no", "")) <= 64
        )
        if not is_right:
            raise Refusal("ACQ.INVALID_PARAMETER")
        datetime.strptime(asked["time_expire"], STAMP).replace(tzinfo=CHINA)
        known = self.trades.setdefault(asked["out_trade_no"], {
            **asked, "trade_no": "2025" + secrets.token_hex(12), "trade_status": "WAIT_BUYER_PAY",
            "notify_url": params["notify_url"], "refunded": Decimal(0),
        })
        if known["total_amount"] != asked["total_amount"]:
            raise Refusal("ACQ.CONTEXT_INCONSISTENT")
        return {}

    def _facts(self, trade: Mapping[str, Any]) -> dict[str, Any]:
        names = ("out_trade_no", "trade_no", "trade_status", "total_amount", "send_pay_date")
        return {**{name: trade[name] for name in names if name in trade}, "buyer_logon_id": "tes***@example.com"}

    def _refund(self, trade: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        if "send_pay_date" not in trade:
            raise Refusal("ACQ.TRADE_STATUS_ERROR")
        if not AMOUNT.fullmatch(asked["refund_amount"]):
            raise Refusal("ACQ.INVALID_PARAMETER")
        key, amount = (trade["out_trade_no"], asked["out_request_no"]), Decimal(asked["refund_amount"])
        known = self.refunds.get(key)
        if known is None:
            if trade["refunded"] + amount > Decimal(trade["total_amount"]):
                raise Refusal("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
            known = self.refunds[key] = {"refund_amount": asked["refund_amount"]}
            trade["refunded"] += amount
            if trade["refunded"] == Decimal(trade["total_amount"]):
                trade["trade_status"] = "TRADE_CLOSED"
            changed = "Y"
            self.notify(trade["notify_url"], {"number": trade["out_trade_no"], "refund": asked["out_request_no"]})
        elif known["refund_amount"] != asked["refund_amount"]:
            raise Refusal("ACQ.DISCORDANT_REPEAT_REQUEST")
        else:
            changed = "N"
        return {"out_trade_no": trade["out_trade_no"], "trade_no": trade["trade_no"], "fund_change": changed,
                "refund_fee": str(trade["refunded"])}

    def _refund_facts(self, trade: Mapping[str, Any], number: str) -> dict[str, Any]:
        refund = self.refunds.get((trade["out_trade_no"], number))
        if refund is None:
            return {}
        return {"out_trade_no": trade["out_trade_no"], "trade_no": trade["trade_no"], "out_request_no": number,
                "refund_status": "REFUND_SUCCESS", "total_amount": trade["total_amount"], **refund}

    # what happens to it

    def pay(self, number: str) -> dict[str, Any]:
        with self.lock:
            trade = self.trades[number]
            if trade["trade_status"] == "WAIT_BUYER_PAY":
                trade["trade_status"] = "TRADE_SUCCESS"
                trade["send_pay_date"] = datetime.now(CHINA).strftime(STAMP)
                self.notify(trade["notify_url"], {"number": number})
            return {"state": trade["trade_status"], "trade_no": trade["trade_no"]}

    def message(self, wish: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        """wish: number, refund (its number), and to forge: event_id, fields, at, as_stranger, after (unsigned)."""
        trade = self.trades[wish["number"]]
        at = datetime.fromtimestamp(wish.get("at") or time.time(), CHINA)
        form = {
            "notify_id": wish.get("event_id") or f"ntf-{wish['number']}-{wish.get('refund', '')}",
            "notify_type": "trade_status_sync", "notify_time": at.strftime(STAMP), "charset": "utf-8",
            "version": "1.0", "app_id": self.settings["app_id"], "auth_app_id": self.settings["app_id"],
            "seller_id": self.settings["seller_id"], "subject": trade["subject"], "buyer_id": "2088000000000001",
            "out_trade_no": trade["out_trade_no"], "trade_no": trade["trade_no"],
            "trade_status": trade["trade_status"], "total_amount": trade["total_amount"],
            "passback_params": trade["passback_params"], "gmt_payment": trade.get("send_pay_date", ""),
        }
        if wish.get("refund"):
            form |= {"out_biz_no": wish["refund"], "refund_fee": f"{trade['refunded']:.2f}", "gmt_refund": "x"}
        form = {name: value for name, value in {**form, **wish.get("fields", {})}.items() if value is not None}
        written = wish.get("written_in") or "utf-8"
        signed = "&".join(f"{name}={form[name]}" for name in sorted(form))
        signature = self.keys.sign(signed.encode(written), as_stranger=bool(wish.get("as_stranger")))
        complete = {**form, "sign_type": "RSA2", "sign": signature, **wish.get("after", {})}
        media_type = f"application/x-www-form-urlencoded; charset={form.get('charset', 'utf-8')}"
        return {"Content-Type": media_type}, urlencode(complete, encoding=written)

    def heard(self, status: int, body: bytes) -> bool:
        return status == 200 and body == b"success"

    def _signed(
        self, name: str, answer: Mapping[str, Any], *, as_stranger: bool = False, charset: str = "utf-8"
    ) -> Answer:
        # Compact, as the real one sends it, and with what JSON escapes differ in: a slash.
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
        sign = self.keys.sign(text.encode(charset), as_stranger=as_stranger)
        content = f'{{"{name.replace(".", "_")}_response":{text},"sign":"{sign}"}}'
        return 200, {"Content-Type": f"text/html;charset={charset.upper()}"}, content.encode(charset)

    def spoil(self, how: str, answer: Answer) -> Answer:
        status, headers, content = answer
        name, inner = next(iter(json.loads(content).items()))
        if how.startswith("charset "):
            # 俓 and 儃 have a backslash and a brace as their second byte in GBK.
            charset = how.removeprefix("charset ")
            told = {**inner, "subject": "驾驶证工本费 俓儃", "sub_msg": "交易状态不合法 俓儃"}
            return self._signed(name.removesuffix("_response"), told, charset=charset)
        if how.startswith("says "):
            return status, {"Content-Type": f"text/html;charset={how.removeprefix('says ')}"}, content
        if how == "unsigned":
            return status, headers, json.dumps({name: inner}).encode()
        if how == "bad-signature":
            return status, headers, json.dumps({name: inner, "sign": "eHg="}).encode()
        if how == "other-key":
            return self._signed(name.removesuffix("_response"), inner, as_stranger=True)
        if how == "altered":
            return status, headers, content.replace(b"10.00", b"10.01").replace(b'"code":"', b'"code": "')
        if how == "old":  # Alipay signs no time: another trade's answer, rightly signed, is what can be replayed
            return self._signed(name.removesuffix("_response"), {**inner, "out_trade_no": "pay_of_somebody_else"})
        code, sub_code = how.split()
        return self._signed(name.removesuffix("_response"), {"code": code, "msg": "x", "sub_code": sub_code})


if __name__ == "__main__":
    run(Alipay(json.loads(Path(sys.argv[1]).read_text())))
