"""Alibaba's and Tencent's text messages as their documents describe them, over HTTP on loopback.

Signatures are verified from the raw request, by other code than ours: the providers' own SDKs pass it too.
"""
from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from tests.unit.notification.carriers.fake import BUSY, FAILED, REFUSED

ALIYUN = {"access_key_id": "LTAI5tExampleKeyId", "access_key_secret": "aliyun-secret-of-tests"}
TENCENT = {"secret_id": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "secret_key": "tencent-secret-of-tests"}
TEMPLATE = "{name}，您的验证码为 {code}。"


class SignatureWrong(Exception):
    """The request is not signed as documented."""


def verify_aliyun(method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The action and its parameters. Raises SignatureWrong."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    algorithm, _, rest = headers["authorization"].partition(" ")
    told = dict(item.split("=", 1) for item in rest.split(","))
    names = told["SignedHeaders"].split(";")
    canonical = "\n".join([
        method, parts.path, "&".join(f"{quote(n, safe='-_.~')}={quote(query[n], safe='-_.~')}" for n in sorted(query)),
        "".join(f"{name}:{headers[name].strip()}\n" for name in names), ";".join(names),
        hashlib.sha256(body).hexdigest()])
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    expected = hmac.new(ALIYUN["access_key_secret"].encode(), text.encode(), "sha256").hexdigest()
    needed = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
    if (algorithm, told["Credential"], told["Signature"]) != (
            "ACS3-HMAC-SHA256", ALIYUN["access_key_id"], expected) or not needed <= set(names):
        raise SignatureWrong
    at = time.mktime(time.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    if abs(time.time() - at) > 900 or headers["x-acs-version"] != "2017-05-25":
        raise SignatureWrong
    return {**query, **dict(parse_qsl(body.decode())), "Action": headers["x-acs-action"]}


def verify_tencent(method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The action and its parameters. Raises SignatureWrong."""
    algorithm, _, rest = headers["authorization"].partition(" ")
    told = dict(item.strip().split("=", 1) for item in rest.split(","))
    secret_id, _, scope = told["Credential"].partition("/")
    names = told["SignedHeaders"].split(";")
    canonical = "\n".join([
        method, path, "", "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names), ";".join(names),
        hashlib.sha256(body).hexdigest()])
    text = "\n".join([
        "TC3-HMAC-SHA256", headers["x-tc-timestamp"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    day, service, end = scope.split("/")
    key = ("TC3" + TENCENT["secret_key"]).encode()
    for part in (day, service, end):
        key = hmac.new(key, part.encode(), "sha256").digest()
    expected = hmac.new(key, text.encode(), "sha256").hexdigest()
    stamp = int(headers["x-tc-timestamp"])
    if (algorithm, secret_id, told["Signature"]) != ("TC3-HMAC-SHA256", TENCENT["secret_id"], expected):
        raise SignatureWrong
    if abs(time.time() - stamp) > 300 or day != time.strftime("%Y-%m-%d", time.gmtime(stamp)) or service != "sms":
        raise SignatureWrong
    return {**json.loads(body), "Action": headers["x-tc-action"]}


class Cloud:
    """Texts that were taken. slow_s: how long each answer takes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: dict[str, dict[str, Any]] = {}
        self.slow_s = 0.0
        self.busy: set[str] = set()

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            verify = verify_aliyun if self.name == "aliyun" else verify_tencent
            asked = verify(method, path, headers, body)
        except (SignatureWrong, KeyError, ValueError):
            wrong = {"Code": "SignatureDoesNotMatch"}
            return (400, wrong) if self.name == "aliyun" else (200, {"Response": {
                "Error": {"Code": "AuthFailure.SignatureFailure", "Message": ""}, "RequestId": "r"}})
        answer = self._aliyun(asked) if self.name == "aliyun" else self._tencent(asked)
        time.sleep(self.slow_s)
        return 200, answer

    def _aliyun(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["Action"] == "QuerySendDetails":
            found = [{"OutId": out_id, "SendStatus": 3, "ErrCode": "DELIVERED"} for out_id, one in self.taken.items()
                     if one["number"].removeprefix("+86") == asked["PhoneNumber"]]
            return {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}, "TotalCount": str(len(found))}
        number, values = f"+86{asked['PhoneNumbers']}", json.loads(asked["TemplateParam"])
        refusal = {
            REFUSED: "isv.BLACK_KEY_CONTROL_LIMIT", BUSY: "isv.BUSINESS_LIMIT_CONTROL", FAILED: "isp.SYSTEM_ERROR",
        }.get(number)
        if refusal:
            return {"Code": refusal, "Message": "no", "RequestId": "r"}
        reference = self._take(asked["OutId"], number, asked["SignName"], TEMPLATE.format(**values))
        return {"Code": "OK", "Message": "OK", "BizId": reference, "RequestId": "r"}

    def _tencent(self, asked: dict[str, Any]) -> dict[str, Any]:
        (number,) = asked["PhoneNumberSet"]
        name, code = asked["TemplateParamSet"]
        refusal = {
            REFUSED: "FailedOperation.PhoneNumberInBlacklist", BUSY: "LimitExceeded.PhoneNumberOneHourLimit",
            FAILED: "InternalError.SendAndRecvFail",
        }.get(number)
        status = {"PhoneNumber": number, "Fee": 1, "SessionContext": asked["SessionContext"], "IsoCode": "CN"}
        if refusal:
            status |= {"SerialNo": "", "Code": refusal, "Message": "no"}
        else:
            reference = self._take(
                asked["SessionContext"], number, asked["SignName"], TEMPLATE.format(name=name, code=code))
            status |= {"SerialNo": reference, "Code": "Ok", "Message": "send success"}
        return {"Response": {"SendStatusSet": [status], "RequestId": "r"}}

    def _take(self, message_id: str, number: str, signature: str, body: str) -> str:
        reference = f"{self.name}:{len(self.taken) + 1}"
        self.taken[message_id] = {
            "reference": reference, "number": number, "text": f"【{signature}】{body}"}
        return reference


@contextmanager
def running(cloud: Cloud) -> Iterator[str]:
    """The cloud on a free port of loopback; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = cloud.serve("POST", self.path, headers, body)
            content = json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return  # the caller has given up

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
