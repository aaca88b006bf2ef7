"""The unmodified Node client of GOV.UK Notify makes its documented calls against the running platform."""
from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.notify_api.served import ServedNotify
from tests.npm_packages import node_modules

pytestmark = pytest.mark.integration
JUDGE = Path(__file__).parent / "notify_node"
VALUES = {"name": "林静", "licence": "驾驶证"}


class NodeClient:
    """npm notifications-node-client in a process of its own."""

    def __init__(self, served: ServedNotify) -> None:
        folder = node_modules(JUDGE).parent
        (folder / "judge.mjs").write_bytes((JUDGE / "judge.mjs").read_bytes())
        self._process = subprocess.Popen(
            ["node", str(folder / "judge.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder)
        self._ask({"address": served.address, "key": served.keys["live"]})

    def call(self, method: str, *args: Any) -> tuple[int, Any]:
        """HTTP status and body."""
        found = self._ask({"method": method, "args": args})
        assert "failed" not in found, found
        return found["status"], found["data"]

    def _ask(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the judge has ended"
        found: dict[str, Any] = json.loads(answer)
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def node(served: ServedNotify) -> Iterator[NodeClient]:
    node = NodeClient(served)
    yield node
    node.close()


def test_the_documented_calls_of_the_node_client(served: ServedNotify, node: NodeClient) -> None:
    status, made = node.call("sendEmail", served.template, "li@example.cn", {
        "personalisation": VALUES, "reference": "node-1"})
    assert (status, made["content"]["subject"]) == (201, "林静的证件")
    status, found = node.call("getNotificationById", made["id"])
    assert (status, found["email_address"]) == (200, "li@example.cn")
    status, listed = node.call("getNotifications", "email", None, "node-1")
    assert (status, [one["id"] for one in listed["notifications"]]) == (200, [made["id"]])
    status, listed = node.call("getNotifications", "email", None, "node-1", made["id"])
    assert (status, listed["notifications"]) == (200, [])
    assert node.call("getTemplateById", served.template)[1]["version"] == 2
    assert node.call("getTemplateByIdAndVersion", served.template, 1)[1]["version"] == 1
    assert served.template in [one["id"] for one in node.call("getAllTemplates")[1]["templates"]]
    assert node.call("previewTemplateById", served.template, VALUES)[1]["subject"] == "林静的证件"


def test_refusals_reach_the_node_client_in_notifys_shape(served: ServedNotify, node: NodeClient) -> None:
    status, said = node.call("sendEmail", served.template, "li@example.cn", {"personalisation": {"name": "林静"}})
    assert (status, said) == (400, {"status_code": 400, "errors": [
        {"error": "BadRequestError", "message": "Missing personalisation: licence"}]})
    status, said = node.call("sendLetter", served.template, {"personalisation": {"address_line_1": "x"}})
    assert (status, said["errors"][0]["message"]) == (400, "Service is not allowed to send letters")
