"""The platform as `zhongtai run` serves it, with two apps, a template and the keys of Notify clients."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from notifications_python_client.notifications import NotificationsAPIClient

from services.gateway.domain.apps import DEMO_KEY, key_hash
from shared_components.devstack.processes import free_port
from tests.e2e.commands import Running

OTHER_KEY = "key-of-another-department-0123456789"
GUEST = "guest@example.cn"
BODY = "您好 ((name))，您的证件((licence))已办好。((note?))"


class ServedNotify:
    """ask: a method over HTTP with an app key. client: the unmodified Python client with a Notify key."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        path = folder / "zhongtai.yaml"
        path.write_text(json.dumps({
            "http": {"port": port, "public_url": self.address}, "log": {"format": "json"},
            "materials": {"folder": str(folder / "files")},
            "services": {"gateway": {"apps": [
                {"name": "app-demo", "tenant": "default", "key_sha256": key_hash(DEMO_KEY)},
                {"name": "app-other", "tenant": "other", "key_sha256": key_hash(OTHER_KEY)},
            ]}},
        }))
        self.running = Running(folder, more={"ZHONGTAI_CONFIG": str(path)})
        self.template = ""
        self.keys: dict[str, str] = {}

    def prepare(self) -> None:
        self.running.address()
        for version in (BODY.replace("((note?))", ""), BODY):
            self.ask("notification/put-template", template_code="ready", channel="email", subject="((name))的证件",
                     body=version)
        self.ask("notification/put-template", template_code="texted", channel="sms", body="您的验证码为((code))。")
        for kind in ("live", "team", "test"):
            self.keys[kind] = self.ask(
                "notification/create-notify-key", name=f"{kind}-key", kind=kind,
                guests=[GUEST] if kind == "team" else [])["key"]
        found = self.client("live").get_all_templates()["templates"]
        (self.template,) = [str(UUID(one["id"])) for one in found if one["name"] == "ready"]

    def ask(self, path: str, key: str = DEMO_KEY, **arguments: Any) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.address}/v1/{path}", json=arguments, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def client(self, kind: str) -> NotificationsAPIClient:
        return NotificationsAPIClient(self.keys[kind], base_url=self.address)

    def stop(self) -> None:
        assert self.running.interrupt() == 0
        assert "Traceback" not in self.running.text
