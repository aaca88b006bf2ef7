"""The platform as `zhongtai run` serves it: all in one process, inproc:// and SQLite, its sandbox beside it."""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from services.gateway.domain.apps import DEMO_KEY, key_hash
from shared_components.devstack.processes import free_port
from tests.e2e.commands import Running

OTHER_KEY = "key-of-another-department-0123456789"
HOSPITAL_KEY_ID, HOSPITAL_KEY = "hospital-test", b"key-of-a-hospital-for-tests"
ORDER: dict[str, Any] = {"payer_name": "林静", "lines": [{"item_code": "driving-licence-card"}]}


class Platform:
    """Two apps of two tenants; `ask` is the first one's, unless it says otherwise."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self.address = running.address()
        self._client = httpx.Client(base_url=self.address, timeout=20)

    def close(self) -> None:
        self._client.close()

    @property
    def log(self) -> str:
        return self._running.text

    @property
    def pay_channel(self) -> str:
        found = re.search(r"^pay channel\s+(http://\S+)", self.log, re.MULTILINE)
        assert found, self.log
        return found[1]

    def ask(
        self, path: str, content: Any = None, *, method: str = "POST", key: str | None = DEMO_KEY,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """content: bytes as they are, anything else as JSON."""
        given = ({"Authorization": f"Bearer {key}"} if key else {}) | dict(headers or {})
        body: dict[str, Any] = {"content": content} if isinstance(content, bytes) else {"json": content}
        return self._client.request(method, path, headers=given, **(body if content is not None else {}))

    def call(self, target: str, /, **arguments: Any) -> dict[str, Any]:
        """`payment.get_order`; what it answered, which must be 200."""
        service, _, name = target.partition(".")
        answer = self.ask(f"/v1/{service}/{name.replace('_', '-')}", arguments)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def start(folder: Path) -> Running:
    port = free_port()
    path = folder / "zhongtai.yaml"
    path.write_text(json.dumps({
        "http": {"port": port, "public_url": f"http://127.0.0.1:{port}"},
        "log": {"format": "json"},
        "services": {
            "gateway": {"body_timeout_s": 2, "apps": [
                {"name": "app-demo", "tenant": "default", "key_sha256": key_hash(DEMO_KEY)},
                {"name": "app-other", "tenant": "other", "key_sha256": key_hash(OTHER_KEY)},
            ]},
            "matter": {"callback_keys": [
                {"key_id": HOSPITAL_KEY_ID, "source": "hospital", "secret": HOSPITAL_KEY.decode()}]},
        },
    }))
    return Running(folder, more={"ZHONGTAI_CONFIG": str(path)})
