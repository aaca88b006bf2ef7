"""The platform as it is shipped: callbacks of every tenant, and a publication that looks around.

A hospital's signed callback ends the case of whichever tenant it belongs to.

Real RabbitMQ with the shipped definitions, users and policies, real PostgreSQL with the shipped role, every service and
the gateway as processes under their own users, and the shipped configuration: only keys and ports are the test's.
"""
from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from shared_components.bus.client.blocking import BusClient
from shared_components.devstack.processes import LOOPBACK
from shared_components.security.request_signing import sign
from tests.cases.definitions import a_definition, as_yaml, callback_step
from tests.cases.test_publication_looks_around import WHOLE
from tests.integration.deploy import test_platform as deployed
from tests.unit.matter.bench import TYPE_CODE

pytestmark = [pytest.mark.integration, pytest.mark.slow]
broker_urls, database_url, environment = deployed.broker_urls, deployed.database_url, deployed.environment
health_ports, logs, shipped = deployed.health_ports, deployed.logs, deployed.configuration
HOSPITAL, CLINIC, OTHER_APP_KEY = "key-of-the-hospital-0123", "key-of-the-clinic-012345", "key-of-the-other-app-0123"
APP_KEYS = {"demo": deployed.APP_KEY, "other": OTHER_APP_KEY}
ID_NUMBERS = {"demo": "330106199003070014", "other": "33010619850615002X"}


@pytest.fixture(scope="module")
def configuration(shipped: Path) -> Path:
    """The shipped configuration with a second department's app, a hospital for all and a clinic for one tenant."""
    content = yaml.safe_load(shipped.read_text())
    content["services"]["gateway"]["apps"].append({
        "name": "app-other", "tenant": "other", "key_sha256": hashlib.sha256(OTHER_APP_KEY.encode()).hexdigest()})
    content["services"]["matter"]["callback_keys"] = [
        {"key_id": "hospital-1", "source": "hospital", "secret": HOSPITAL},
        {"key_id": "clinic-1", "source": "hospital", "tenants": ["other"], "secret": CLINIC},
    ]
    shipped.write_text(yaml.safe_dump(content))
    return shipped


@pytest.fixture(scope="module")
def gateway(logs: dict[str, Path], environment: dict[str, str], broker_urls: dict[str, str]) -> str:
    """The gateway's address; both tenants have the matter."""
    definition = as_yaml(a_definition(steps=[callback_step("medical")]))
    with BusClient(broker_urls["operator"]) as operator:
        for tenant in APP_KEYS:
            operator.matter.publish_definition(definition_yaml=definition, tenant=tenant, timeout_s=20)
    return f"http://{LOOPBACK}:{environment['HTTP_PORT']}"


def ask(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    answer = httpx.post(url, content=body, headers={"Content-Type": "application/json", **headers}, timeout=20)
    return answer.status_code, answer.json()


def call(gateway: str, tenant: str, path: str, **arguments: Any) -> dict[str, Any]:
    status, answer = ask(
        f"{gateway}/v1/{path}", json.dumps(arguments).encode(), {"Authorization": f"Bearer {APP_KEYS[tenant]}"})
    assert status == 200, answer
    return answer


def waiting_case(gateway: str, tenant: str, *, id_number: str | None = None) -> str:
    person = call(gateway, tenant, "identity/register-person", name="林静", id_number=id_number or ID_NUMBERS[tenant])
    case_id = str(call(
        gateway, tenant, "matter/start-case", matter_code="small-matter", applicant_subject=person["subject_id"],
    )["case_id"])
    call(gateway, tenant, "matter/submit-case", case_id=case_id)
    until = time.monotonic() + 20
    while call(gateway, tenant, "matter/get-case", case_id=case_id)["steps"][0]["state"] != "waiting":
        assert time.monotonic() < until
        time.sleep(0.1)
    return case_id


def call_back(gateway: str, case_id: str, key_id: str, key: str) -> tuple[int, dict[str, Any]]:
    body = json.dumps(
        {"callback_id": f"m-{case_id}", "case_id": case_id, "step": "medical", "result": {"passed": True}}).encode()
    signed = sign(body, key_id=key_id, key=key.encode(), at=datetime.now(UTC))
    return ask(f"{gateway}/callbacks/matter/{case_id}/medical", body, signed)


@pytest.mark.parametrize("tenant", sorted(APP_KEYS))
def test_a_signed_callback_completes_the_case_of_its_own_tenant(gateway: str, tenant: str) -> None:
    case_id = waiting_case(gateway, tenant)
    answered = {"case_id": case_id, "step": "medical", "state": "completed"}
    assert call_back(gateway, case_id, "hospital-1", HOSPITAL) == (200, answered)
    assert call_back(gateway, case_id, "hospital-1", HOSPITAL) == (200, answered)
    assert call(gateway, tenant, "matter/get-case", case_id=case_id)["state"] == "completed"


def test_a_key_of_another_tenant_finds_no_case(gateway: str) -> None:
    with_case, without = waiting_case(gateway, "demo", id_number="11010519491231002X"), "case_unknown"
    for case_id in (with_case, without):
        status, problem = call_back(gateway, case_id, "clinic-1", CLINIC)
        assert (status, problem["code"]) == (404, "matter.case-not-found")
    assert call(gateway, "demo", "matter/get-case", case_id=with_case)["state"] == "running"



def test_an_operator_reads_what_a_definition_names_and_nobody_has(
    gateway: str, environment: dict[str, str], broker_urls: dict[str, str], logs: dict[str, Path],
) -> None:
    """matter asks notification, payment and elicence under its own user, with the rights that are shipped."""
    text = as_yaml(WHOLE)
    command = [
        sys.executable, "-m", "shared_components.cli.main", "call", "matter.publish_definition", "--tenant", "demo"]
    as_operator = environment | {"ZHONGTAI_BROKER_URL": broker_urls["operator"]}
    done = subprocess.run(
        [*command, f"definition_yaml={text}"], env=as_operator, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr + "".join(
        f"\n{name}: {logs[name].read_text()[-2000:]}" for name in ("matter", "payment"))
    first, *lines = done.stderr.splitlines()
    assert first.startswith("zhongtai: definition has 7 mistake(s)")
    for kind, name in (("licence type", TYPE_CODE), ("payment channel", "sandbox"), ("fee item", "card"),
                       ("template", "told"), ("template", "done")):
        assert any(f"{kind} '{name}'" in line and "(allowed: " in line and "line " in line for line in lines), lines
    done = subprocess.run(
        [*command, f"definition_yaml={text}", "allow_missing=true"], env=as_operator, capture_output=True, text=True,
        timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["warnings"]) == 7
