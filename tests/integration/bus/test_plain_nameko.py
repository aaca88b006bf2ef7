"""nameko's own client can call every method of every service: it gets a result, or a typed error of the contract."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared_components.bus.deployment.rights import on_the_bus
from shared_components.bus.errors import InvalidArguments
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.servers import RabbitMQ
from tests.integration.bus_harness import ROOT

CONTRACTS = {path.parent.name: json.loads(path.read_text()) for path in ROOT.glob("services/*/contract.json")}
METHODS = [(service, method) for service in on_the_bus(CONTRACTS) for method in CONTRACTS[service]["methods"]]


def outcomes_on(broker_url: str, folder: Path) -> dict[str, str]:
    with (folder / "log").open("wb") as log:
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.integration.bus.plain_driver", broker_url, str(folder)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=100, check=False,
        )  # fmt: skip
    found = folder / "outcomes.json"
    assert found.exists(), (folder / "log").read_text()[-4000:]
    return dict(json.loads(found.read_text()))


@pytest.fixture(scope="module", params=["inproc", pytest.param("rabbitmq", marks=pytest.mark.integration)])
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    url = f"inproc://{unique_name()}"
    if request.param == "rabbitmq":
        server: RabbitMQ = request.getfixturevalue("rabbitmq")
        url = server.add_vhosts([unique_name()])[0]
    return outcomes_on(url, tmp_path_factory.mktemp(request.param))


@pytest.mark.parametrize(("service", "method"), METHODS)
def test_an_empty_call_reaches_the_method_s_validation(outcomes: dict[str, str], service: str, method: str) -> None:
    contract: dict[str, Any] = CONTRACTS[service]["methods"][method]
    required = contract["request"].get("required", [])
    allowed = {InvalidArguments.code} if required else {"ok", *contract["errors"], InvalidArguments.code}
    if contract["rule"]["as_subject"]:
        # Who has no person's session hears that first.
        allowed.add("authority.subject-needed")
    assert outcomes[f"{service}.{method}"] in allowed


def test_nothing_else_was_called(outcomes: dict[str, str]) -> None:
    assert set(outcomes) == {f"{service}.{method}" for service, method in METHODS}
