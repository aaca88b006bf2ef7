"""WeChat Pay v3 as its documents describe it.

Run: `python -m tests.unit.payment.channels.providers.wechat_server SETTINGS`.

Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791874
"""
from __future__ import annotations

import base64
import json
import re
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.unit.payment.channels.providers.provider import Answer, Provider, Refusal, run

AUTHORIZATION = re.compile(r'WECHATPAY2-SHA256-RSA2048 ((?:[a-z_]+="[^"]*",?){5})')
NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
LEEWAY_S = 300


class WechatPay(Provider):
    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self.trades: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self._nonces: set[str] = set()

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            with self.lock:
                self._authenticate(method, path, headers, body)
                answer = self._do(method, path, json.loads(body) if body else {})
            status = 200 if answer else 204
        except Refusal as refusal:
            answer, status = {"code": refusal.code, "message": refusal.message}, refusal.status
        content = json.dumps(answer, ensure_ascii=False).encode() if answer else b""
        return status, {**self._signature(content), "Content-Type": "application/json; charset=utf-8"}, content

    def _authenticate(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        match = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if match is None:
            raise Refusal("SIGN_ERROR", 401, "no Authorization")
        said = dict(re.findall(r'([a-z_]+)="([^"]*)"', match.group(1)))
        signed = f"{method}\n{path}\n{said['timestamp']}\n{said['nonce_str']}\n".encode() + body + b"\n"
        if (said["mchid"], said["serial_no"]) != (self.settings["merchant_id"], self.settings["merchant_serial"]):
            raise Refusal("SIGN_ERROR", 401, "another merchant")
        if not self.keys.is_merchants(signed, said["signature"]):
            raise Refusal("SIGN_ERROR", 401, "wrong signature")
        if abs(time.time() - int(said["timestamp"])) > LEEWAY_S or said["nonce_str"] in self._nonces:
            raise Refusal("SIGN_ERROR", 401, "old, or seen before")
        self._nonces.add(said["nonce_str"])

    def _do(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        parts = urlsplit(path)
        if method == "POST" and parts.path in ("/v3/pay/transactions/native", "/v3/pay/transactions/h5"):
            return self._prepay(body, parts.path.rpartition("/")[2])
        if method == "POST" and parts.path == "/v3/refund/domestic/refunds":
            return self._refund(body)
        if method == "GET" and parts.path.startswith("/v3/refund/domestic/refunds/"):
            refund = self.refunds.get(parts.path.rpartition("/")[2])
            if refund is None:
                raise Refusal("RESOURCE_NOT_EXISTS", 404)
            return self._refund_facts(refund)
        trade = self.trades.get(parts.path.split("/")[5]) if parts.path.count("/") >= 5 else None
        if trade is None:
            raise Refusal("ORDER_NOT_EXIST", 404)
        if method == "POST" and parts.path.endswith("/close"):
            return self._close(trade, body)
        if parse_qs(parts.query).get("mchid") != [self.settings["merchant_id"]]:
            raise Refusal("PARAM_ERROR")
        return self._trade_facts(trade)

    def _prepay(self, body: dict[str, Any], product: str) -> dict[str, Any]:
        amount = body.get("amount", {})
        is_right = (
            body.get("appid") == self.settings["app_id"] and body.get("mchid") == self.settings["merchant_id"]
            and NUMBER.fullmatch(body.get("out_trade_no", "")) and 1 <= len(body.get("description", "")) <= 127
            and isinstance(amount.get("total"), int) and amount["total"] > 0 and amount.get("currency") == "CNY"
            and len(body.get("attach", "")) <= 128 and "?" not in body.get("notify_url", "?")
            and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", body.get("time_expire", ""))
        )
        if not is_right:
            raise Refusal("PARAM_ERROR")
        if product == "h5" and not body.get("scene_info", {}).get("payer_client_ip"):
            raise Refusal("PARAM_ERROR")
        known = self.trades.setdefault(body["out_trade_no"], {**body, "state": "NOTPAY", "token": secrets.token_hex(4)})
        if known["amount"] != amount:
            raise Refusal("OUT_TRADE_NO_USED", 403)
        if known["state"] != "NOTPAY":
            raise Refusal("ORDERPAID" if known["state"] == "SUCCESS" else "ORDER_CLOSED")
        if product == "h5":
            return {"h5_url": f"https://wx.example/checkmweb?prepay_id={known['token']}"}
        return {"code_url": f"weixin://wxpay/bizpayurl?pr={known['token']}"}

    def _close(self, trade: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        if body != {"mchid": self.settings["merchant_id"]}:
            raise Refusal("PARAM_ERROR")
        if trade["state"] == "SUCCESS":
            raise Refusal("ORDERPAID")
        trade["state"] = "CLOSED"
        return {}

    def _refund(self, body: dict[str, Any]) -> dict[str, Any]:
        amount = body.get("amount", {})
        trade = next((t for t in self.trades.values() if t.get("transaction_id") == body.get("transaction_id")), None)
        if trade is None or trade["state"] not in ("SUCCESS", "REFUND"):
            raise Refusal("RESOURCE_NOT_EXISTS", 404)
        if amount.get("total") != trade["amount"]["total"] or len(body.get("reason", "").encode()) > 80:
            raise Refusal("PARAM_ERROR")
        known = self.refunds.get(body["out_refund_no"])
        if known is None:
            given = sum(r["amount"]["refund"] for r in self.refunds.values() if r["trade"] is trade)
            if given + amount["refund"] > amount["total"]:
                raise Refusal("INVALID_REQUEST", 400, "above what was paid")
            known = self.refunds[body["out_refund_no"]] = {**body, "trade": trade, "status": "SUCCESS"}
            trade["state"] = "REFUND"
            self.notify(body["notify_url"], {"number": trade["out_trade_no"], "refund": body["out_refund_no"]})
        elif known["amount"]["refund"] != amount["refund"]:
            raise Refusal("INVALID_REQUEST")
        return self._refund_facts(known)

    def _trade_facts(self, trade: Mapping[str, Any]) -> dict[str, Any]:
        facts = {
            "appid": self.settings["app_id"], "mchid": self.settings["merchant_id"],
            "out_trade_no": trade["out_trade_no"], "trade_state": trade["state"], "attach": trade["attach"],
            "amount": {"total": trade["amount"]["total"], "payer_total": trade["amount"]["total"],
                       "currency": "CNY", "payer_currency": "CNY"},
        }
        if "transaction_id" in trade:
            facts |= {"transaction_id": trade["transaction_id"], "trade_type": "NATIVE",
                      "success_time": "2025-06-02T09:00:00+08:00"}
        return facts

    def _refund_facts(self, refund: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "refund_id": "503" + refund["out_refund_no"][-20:], "out_refund_no": refund["out_refund_no"],
            "transaction_id": refund["transaction_id"], "out_trade_no": refund["trade"]["out_trade_no"],
            "status": refund["status"], "amount": {**refund["amount"], "payer_refund": refund["amount"]["refund"]},
        }

    # what happens to it

    def pay(self, number: str) -> dict[str, Any]:
        with self.lock:
            trade = self.trades[number]
            if trade["state"] == "NOTPAY":
                trade["state"] = "SUCCESS"
                trade["transaction_id"] = "4200" + secrets.token_hex(12)
                self.notify(trade["notify_url"], {"number": number})
            return {"state": trade["state"], "trade_no": trade.get("transaction_id")}

    def message(self, wish: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        """wish: number, refund (its number), and to forge: event_id, resource, envelope, at, as_stranger, serial."""
        trade = self.trades[wish["number"]]
        if wish.get("refund"):
            refund = self.refunds[wish["refund"]]
            facts = {
                **{name: value for name, value in self._refund_facts(refund).items() if name != "status"},
                "mchid": self.settings["merchant_id"], "refund_status": refund["status"],
            }
            event, usual_id = f"REFUND.{refund['status']}", f"EV-{wish['refund']}"
        else:
            facts, event, usual_id = self._trade_facts(trade), "TRANSACTION.SUCCESS", f"EV-{wish['number']}"
        facts = _merged(facts, wish.get("resource", {}))
        envelope = {
            "id": wish.get("event_id") or usual_id, "create_time": "2025-06-02T09:00:00+08:00", "event_type": event,
            "resource_type": "encrypt-resource", "summary": "支付成功", "resource": self._encrypted(facts),
        }
        body = json.dumps(_merged(envelope, wish.get("envelope", {})), ensure_ascii=False)
        headers = self._signature(body.encode(), at=wish.get("at"), as_stranger=bool(wish.get("as_stranger")))
        if wish.get("serial"):
            headers["Wechatpay-Serial"] = wish["serial"]
        return {**headers, "Content-Type": "application/json"}, body

    def heard(self, status: int, body: bytes) -> bool:
        return status in (200, 204)

    def spoil(self, how: str, answer: Answer) -> Answer:
        status, headers, content = answer
        if how == "unsigned":
            return status, {name: value for name, value in headers.items() if "Signature" not in name}, content
        if how == "bad-signature":
            return status, {**headers, "Wechatpay-Signature": base64.b64encode(b"x" * 256).decode()}, content
        if how == "other-key":
            return status, {**headers, **self._signature(content, as_stranger=True)}, content
        if how == "old":
            return status, {**headers, **self._signature(content, at=time.time() - LEEWAY_S - 5)}, content
        if how == "altered":
            return status, headers, content.replace(b"1000", b"1001") + b" "
        status, code = int(how.split()[0]), how.split()[1]
        content = json.dumps({"code": code, "message": "as the test wished"}).encode()
        return status, {**headers, **self._signature(content)}, content

    def _encrypted(self, facts: Mapping[str, Any]) -> dict[str, str]:
        nonce, associated = secrets.token_hex(6), "transaction"
        cipher = AESGCM(self.settings["api_v3_key"].encode())
        sealed = cipher.encrypt(nonce.encode(), json.dumps(facts, ensure_ascii=False).encode(), associated.encode())
        return {"original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
                "associated_data": associated, "ciphertext": base64.b64encode(sealed).decode()}

    def _signature(self, content: bytes, *, at: float | None = None, as_stranger: bool = False) -> dict[str, str]:
        timestamp, nonce = str(int(at or time.time())), secrets.token_hex(16)
        signed = f"{timestamp}\n{nonce}\n".encode() + content + b"\n"
        return {
            "Wechatpay-Timestamp": timestamp, "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.settings["platform_key_id"],
            "Wechatpay-Signature": self.keys.sign(signed, as_stranger=as_stranger),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }


def _merged(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes laid over facts; None takes a field away."""
    merged = dict(facts)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], value) if both else value
    return {name: value for name, value in merged.items() if value is not None}


if __name__ == "__main__":
    run(WechatPay(json.loads(Path(sys.argv[1]).read_text())))
