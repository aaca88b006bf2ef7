"""What both local providers have in common: HTTP, control by the tests, callbacks sent until they are heard.

Under /control/ (unsigned; a test's way in):
POST pay {number}                      the payer pays
POST message {number, refund?, …}      a notification made as asked, signed, and not sent: {headers, body}
POST behave {how, times}               the next answers to the merchant are of that kind; see Provider.spoil
POST callbacks {url?, copies, lost}    how callbacks are sent from now on
GET  seen                              how often each path was asked
"""
from __future__ import annotations

import base64
import json
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

Answer = tuple[int, dict[str, str], bytes]
RETRY_WAITS_S = (0.2, 0.5, 1, 2, 4)


class Refusal(Exception):
    def __init__(self, code: str, status: int = 400, message: str = "no") -> None:
        super().__init__(code)
        self.code, self.status, self.message = code, status, message


class Keys:
    """folder: merchant.pub, platform.pem and stranger.pem, as kits.py writes them."""

    def __init__(self, folder: Path) -> None:
        self.merchant: Any = load_pem_public_key((folder / "merchant.pub").read_bytes())
        self.platform: Any = load_pem_private_key((folder / "platform.pem").read_bytes(), None)
        self.stranger: Any = load_pem_private_key((folder / "stranger.pem").read_bytes(), None)

    def sign(self, content: bytes, *, as_stranger: bool = False) -> str:
        key = self.stranger if as_stranger else self.platform
        return base64.b64encode(key.sign(content, PKCS1v15(), SHA256())).decode()

    def is_merchants(self, content: bytes, signature: str) -> bool:
        try:
            self.merchant.verify(base64.b64decode(signature, validate=True), content, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


class Provider:
    """settings: what the two sides have agreed on."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.keys = Keys(Path(settings["folder"]))
        self.seen: Counter[str] = Counter()
        self.lock = threading.RLock()
        self._behaviour, self._times = "", 0
        self._callbacks: dict[str, Any] = {"copies": 1, "lost": False}

    # what a provider is

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """A request of the merchant, or of the payer's browser."""
        raise NotImplementedError

    def pay(self, number: str) -> dict[str, Any]:
        raise NotImplementedError

    def message(self, wish: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        raise NotImplementedError

    def heard(self, status: int, body: bytes) -> bool:
        """Whether the merchant's answer to a callback says that it has taken it."""
        raise NotImplementedError

    def spoil(self, how: str, answer: Answer) -> Answer:
        """unsigned, bad-signature, other-key, altered, old: what the provider would know how to do."""
        raise NotImplementedError

    # callbacks

    def notify(self, url: str, wish: Mapping[str, Any]) -> None:
        if self._callbacks["lost"]:
            return
        for _ in range(self._callbacks["copies"]):
            threading.Thread(target=self._deliver, args=(self._callbacks.get("url") or url, wish), daemon=True).start()

    def _deliver(self, url: str, wish: Mapping[str, Any]) -> None:
        for wait_s in (*RETRY_WAITS_S, 0):
            headers, body = self.message(wish)
            request = urllib.request.Request(url, body.encode(), headers, method="POST")  # noqa: S310 - loopback
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            try:
                with opener.open(request, timeout=10) as response:
                    if self.heard(response.status, response.read()):
                        return
            except OSError:
                pass
            time.sleep(wait_s)

    # control

    def control(self, what: str, wish: Mapping[str, Any]) -> Any:
        if what == "pay":
            return self.pay(wish["number"])
        if what == "message":
            headers, body = self.message(wish)
            return {"headers": headers, "body": body}
        if what == "behave":
            self._behaviour, self._times = wish["how"], wish.get("times", 1)
            return {}
        if what == "callbacks":
            self._callbacks |= wish
            return {}
        return dict(self.seen)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        with self.lock:
            self.seen[f"{method} {path.partition('?')[0]}"] += 1
            how = self._behaviour if self._times > 0 else ""
            self._times -= 1
        if how == "hang":
            time.sleep(3)
        if how in ("error", "done-error", "hang", "garbage"):
            if how == "done-error":
                self.serve(method, path, headers, body)
            return (200, {}, b"{") if how == "garbage" else (503, {}, b"busy")
        answer = self.serve(method, path, headers, body)
        return self.spoil(how, answer) if how else answer


def run(provider: Provider) -> None:
    """Print the port as one line of JSON, and serve until SIGTERM."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def do_GET(self) -> None:
            self._handle(b"")

        def _handle(self, body: bytes) -> None:
            if self.path.startswith("/control/"):
                given = json.loads(body or b"{}")
                status, headers = 200, {"Content-Type": "application/json"}
                content = json.dumps(provider.control(self.path.removeprefix("/control/"), given)).encode()
            else:
                by_name = {name.lower(): value for name, value in self.headers.items()}
                status, headers, content = provider.answer(self.command, self.path, by_name, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if status == 204 else content)

        def log_message(self, *_arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Handler)
    sys.stdout.write(json.dumps({"port": server.server_port}) + "\n")
    sys.stdout.flush()
    server.serve_forever()
