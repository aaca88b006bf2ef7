"""The platform as `zhongtai run` serves it, an app team's client of it, and persons of the sandbox in browsers."""
from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client

from services.identity.sandbox.sign_in import PASSWORD
from shared_components.devstack.processes import free_port
from shared_components.security.tokens import claims_stated
from tests.e2e.commands import Running, zhongtai
from tests.integration.bus_harness import wait_until

CITIZEN, AGENT, OFFICER = "33010619850615002X", "330106199003070014", "11010519491231002X"
APP, DESK = "app-hall", "app-desk"
SCOPES = "openid profile order case"
LEVEL_2, LEVEL_3 = "urn:zhongtai:level:2", "urn:zhongtai:level:3"


class AppPages(BaseHTTPRequestHandler):
    """The app's own server: a page that says that the person is back."""

    def do_GET(self) -> None:
        content = b"<!doctype html><html lang=en><title>app</title><h1>Back in the app</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *given: Any) -> None:
        pass


class Walked:
    """address: of the platform. A host name, because browsers know passkeys of host names only."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.address, self._folder = f"http://localhost:{port}", folder
        path = folder / "zhongtai.yaml"
        path.write_text(json.dumps({
            "http": {"port": port, "public_url": self.address}, "log": {"format": "json"},
            "services": {"identity": {"credentials": {"passkeys": {
                "rp_id": "localhost", "name": "zhongtai", "origins": [self.address]}}}},
        }))
        self._config = str(path)
        self.running = Running(folder, more={"ZHONGTAI_CONFIG": self._config})
        self.app_server = ThreadingHTTPServer(("127.0.0.1", 0), AppPages)
        threading.Thread(target=self.app_server.serve_forever, daemon=True).start()
        self.app = f"http://127.0.0.1:{self.app_server.server_port}"
        self.secrets: dict[str, str] = {}

    def start(self) -> None:
        self.running.address()
        self._config = str(self._folder / "var" / "sandbox" / "zhongtai.yaml")
        self.command("sandbox", "people", "--sign-in")
        self.register(APP, "掌上办事")
        self.register(DESK, "业务工作台", "--kind", "officer")

    def stop(self) -> None:
        self.app_server.shutdown()
        assert self.running.interrupt() == 0
        assert "Traceback" not in self.running.text
        assert PASSWORD not in self.running.text

    def command(self, *arguments: str) -> str:
        done = zhongtai(*arguments, cwd=self._folder, ZHONGTAI_CONFIG=self._config)
        assert done.returncode == 0, done.stdout
        return str(done.stdout)

    def register(self, app: str, title: str, *options: str) -> None:
        printed = self.command(
            "directory", "apps", "register", app, title, "--department", "TRAFFIC", "--redirect-uri", f"{self.app}/cb",
            "--post-logout-redirect-uri", f"{self.app}/bye", "--json", *options)
        # A remark for people may follow the JSON.
        (issued,), _ = json.JSONDecoder().raw_decode(printed)
        self.secrets[app] = issued["key"]

    def client(self, app: str = APP) -> AppClient:
        return AppClient(self, f"{app}-sandbox", self.secrets[app])

    def last_code(self) -> str:
        """The newest one-time code in the sandbox's mail."""
        wait_until(lambda: bool(self._codes()), "a code was sent")
        return self._codes()[0]

    def _codes(self) -> list[str]:
        found = json.loads(self.command("sandbox", "codes", "--limit", "1", "--json"))["items"]
        return [each["code"] for each in found]


class AppClient:
    """An app's OpenID client, written with Authlib as the guide has it."""

    def __init__(self, walked: Walked, client_id: str, secret: str) -> None:
        self._walked, self._verifier = walked, generate_token(48)
        self._oauth = OAuth2Client(
            client_id, secret, redirect_uri=f"{walked.app}/cb", scope=SCOPES, code_challenge_method="S256")
        self.tokens: Mapping[str, Any] = {}

    def login_url(self, **asked: str) -> str:
        url, _ = self._oauth.create_authorization_url(
            f"{self._walked.address}/oauth/authorize", code_verifier=self._verifier, nonce=generate_token(16), **asked)
        return str(url)

    def fetch(self, came_back: str) -> Mapping[str, Any]:
        """Claims of the access token for the code in this address."""
        self.tokens = self._oauth.fetch_token(
            f"{self._walked.address}/oauth/token", authorization_response=came_back, code_verifier=self._verifier)
        return claims_stated(self.tokens["access_token"])

    def logout_url(self) -> str:
        return f"{self._walked.address}/oauth/end-session?" + urlencode({
            "id_token_hint": self.tokens["id_token"], "post_logout_redirect_uri": f"{self._walked.app}/bye",
            "state": "s1"})
