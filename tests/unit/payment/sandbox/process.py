"""The real sandbox server as a process, and a merchant that hears its callbacks."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from services.payment.channels.adapters.sandbox.channel import SandboxChannel

MODULE = "services.payment.sandbox"
MERCHANT = "merchant-test"
SECRET = "a-secret-for-tests-only"


class Merchant:
    """Hears callbacks; refuse: how many to answer with 500 first."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], str]] = []
        self.refuse = 0
        merchant = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                merchant.heard.append((dict(self.headers), body))
                merchant.refuse -= 1
                self.send_response(500 if merchant.refuse >= 0 else 204)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/callbacks/payment/sandbox"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait_for(self, count: int, within_s: float = 10) -> list[tuple[dict[str, str], str]]:
        deadline = time.monotonic() + within_s
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.heard) >= count, f"heard {len(self.heard)} callbacks, waited for {count}"
        return self.heard

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def sandbox_process(*options: str) -> Iterator[str]:
    """The server's base URL. It must stop by itself on SIGTERM, with exit code 0."""
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, "--merchant-id", MERCHANT, *options],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "ZHONGTAI_SANDBOX_SECRET": SECRET},
    )
    assert process.stdout is not None
    try:
        yield str(json.loads(process.stdout.readline())["base_url"])
    finally:
        process.terminate()
        try:
            code = process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.stdout.close()
    assert code == 0


@contextmanager
def sandbox_channel(base_url: str, notify_url: str, **settings: Any) -> Iterator[SandboxChannel]:
    channel = SandboxChannel(
        **{"base_url": base_url, "merchant_id": MERCHANT, "secret": SECRET, "notify_url": notify_url, **settings}
    )
    try:
        yield channel
    finally:
        channel.stop()
