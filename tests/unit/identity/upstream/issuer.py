"""An issuer in this process that answers as a test wants, and signs whatever it is told to."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey

CLIENT_ID = "zhongtai"


class Issuer:
    """answers: path → (status, headers, body), instead of the usual answer. asked: paths that were asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = ECKey.generate_key("P-256", {"kid": "k1"})
        self.answers: dict[str, tuple[int, Mapping[str, str], bytes]] = {}
        self.discovery: dict[str, Any] = {}
        self.keys: list[dict[str, Any]] = [self.key.as_dict(private=False)]
        self.token: Any = None
        self.userinfo: dict[str, Any] = {}
        self.asked: list[str] = []
        self.delay_s = 0.0

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "sub": "person-1", "iat": now, "exp": now + 300,
                  "nonce": "nonce-1", "acr": "level-3", **changed}
        return {name: value for name, value in claims.items() if value is not None}

    def signed(self, claims: Any, *, key: Any = None, **header: Any) -> str:
        return jws.serialize_compact(
            {"alg": "ES256", "kid": "k1", **header}, json.dumps(claims), key or self.key,
            algorithms=["ES256", "HS256", "none"])

    def with_secret(self, claims: Any, secret: bytes) -> str:
        """By hand: no library takes a public key as the secret of an HMAC."""
        parts = [json.dumps({"alg": "HS256", "kid": "k1"}).encode(), json.dumps(claims).encode()]
        said = b".".join(_base64(part) for part in parts)
        return b".".join([said, _base64(hmac.digest(secret, said, hashlib.sha256))]).decode()

    def answer(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        said: Any = {
            "/.well-known/openid-configuration": {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks", **self.discovery},
            "/jwks": {"keys": self.keys},
            "/token": {"id_token": self.token, "access_token": "at"},
            "/userinfo": {"sub": "person-1", **self.userinfo},
        }.get(path, {})
        return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@contextmanager
def issuer() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            time.sleep(serving.delay_s)
            status, headers, body = serving.answer(self.path.split("?")[0])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = Issuer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield serving
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
