"""With security.pairwise_ids apps see no real id: over HTTP and AMQP, in tokens and refusals, on real servers."""
from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared_components.bus import BusClient
from shared_components.contracts.subject_ids import REAL_ID
from shared_components.devstack.processes import free_port
from shared_components.devstack.servers import PostgreSQL, RabbitMQ
from shared_components.kernel.acting import Acting
from shared_components.kernel.numbers import complete_resident_id
from shared_components.security.proofs.access_tokens import AccessTokenSigner
from shared_components.security.proofs.key_folder import KeyFolder
from tests.faults.conftest import lab_on
from tests.faults.world import World
from tests.unit.elicence.world import DRIVING_LICENCE, licence_request

pytestmark = pytest.mark.integration
TENANTS = {"app-tax": "tax", "app-hall": "hall"}
NOT_FOUND = "bus.subject-not-found"
PATIENCE_S = 60.0


@dataclass
class Platform:
    """Two apps of two departments. person: as app-tax knows her. said: all that apps were told over HTTP."""

    world: World
    port: int
    keys: KeyFolder
    said: list[str]
    person: str = ""

    def post(self, app: str, service: str, method: str, token: str | None = None, **data: Any) -> dict[str, Any]:
        shown = {"Authorization": f"Bearer key-of-{app}"} if token is None else {
            "Authorization": f"Bearer {token}", "Zhongtai-App-Key": f"key-of-{app}"}
        address = f"http://127.0.0.1:{self.port}/v1/{service}/{method.replace('_', '-')}"
        answer = httpx.post(address, headers=shown, json=data, timeout=20)
        self.said.append(answer.text)
        found: dict[str, Any] = answer.json()
        return found

    @property
    def real(self) -> str:
        return str(self.world.rows("identity", "SELECT subject_id FROM subjects ORDER BY subject_id")[0][0])

    def token(self, subject: str, app: str = "app-tax") -> str:
        signer = AccessTokenSigner(self.keys.signing_key("sandbox"), issuer="sandbox", realm="sandbox")
        acting = Acting(subject, "ses_1", level=3, scopes=frozenset({"licence"}))
        return signer.sign(acting, app=app, at=datetime.now(UTC))

    def operator(self, tenant: str) -> Any:
        return self.world.client(caller="operator", tenant=tenant)


@pytest.fixture(scope="module")
def platform(rabbitmq: RabbitMQ, postgres: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("sectors")
    names = ("identity", "elicence", "payment")
    with lab_on(rabbitmq, postgres, folder).world("sectors", *names) as world:
        keys, port = KeyFolder(folder / "keys", makes=True), free_port()
        keys.signing_key("sandbox")
        settings = _settings(world.configure("sectors"), folder / "keys", port)
        world.workers.start("gateway", wait=False, configuration=settings)
        world.workers.wait_started(*(world.workers.start(name, wait=False, configuration=settings) for name in names))
        made = Platform(world, port, keys, [])
        made.person = _registered(made)
        yield made


def _settings(path: Path, keys: Path, port: int) -> Path:
    settings = json.loads(path.read_text())
    settings["security"] |= {"keys_folder": str(keys), "pairwise_ids": True}
    settings["http"] = {"host": "127.0.0.1", "port": port}
    settings["bus"]["app_tenants"] = TENANTS
    settings["services"]["gateway"] = {"apps": [
        {"name": name, "tenant": tenant, "keys_sha256": [hashlib.sha256(f"key-of-{name}".encode()).hexdigest()],
         "methods": ["*"]} for name, tenant in TENANTS.items()]}
    path.write_text(json.dumps(settings))
    return path


def _registered(platform: Platform) -> str:
    ends = time.monotonic() + PATIENCE_S
    person = {"name": "林静", "id_number": complete_resident_id("33010619900101001")}
    while True:
        try:
            return str(platform.post("app-tax", "identity", "register_person", **person)["subject_id"])
        except (httpx.TransportError, KeyError):
            assert time.monotonic() < ends, platform.said[-1:]
            time.sleep(0.2)


def test_an_app_gets_one_id_by_both_ways_and_services_keep_another(platform: Platform) -> None:
    assert platform.person.startswith("psub_") and platform.real.startswith("sub_")
    over_http = platform.post("app-tax", "identity", "get_subject", subject_id=platform.person)
    assert over_http["subject_id"] == platform.person
    with BusClient(platform.world.broker_url, caller="app-tax", tenant="tax") as client:
        assert client.identity.get_subject(subject_id=platform.person)["subject_id"] == platform.person
    assert platform.operator("tax").identity.get_subject(subject_id=platform.real)["subject_id"] == platform.real


def test_an_id_of_another_department_a_real_one_and_garbage_get_the_same_answer(platform: Platform) -> None:
    def answer(given: str) -> dict[str, Any]:
        told = platform.post("app-hall", "identity", "get_subject", subject_id=given)
        return {name: value for name, value in told.items() if name != "trace_id"}

    real = platform.real
    answers = [answer(given) for given in (platform.person, real, "psub_" + "A" * 44, "nobody")]
    assert answers[0]["code"] == NOT_FOUND and answers[0]["status"] == 404
    assert answers == answers[:1] * 4


def test_an_order_is_found_by_the_id_that_the_app_knows(platform: Platform) -> None:
    assert platform.post("app-tax", "payment", "list_orders", payer_subject=platform.person)["items"] == []
    assert platform.post("app-hall", "payment", "list_orders", payer_subject=platform.person)["code"] == NOT_FOUND


def test_a_holders_licence_is_the_services_and_its_token_names_the_id_of_the_sector(platform: Platform) -> None:
    operator = platform.operator("tax")
    operator.elicence.put_type(**DRIVING_LICENCE)
    licence = operator.elicence.issue(**licence_request(holder_subject=platform.real))["licence_id"]
    ends = time.monotonic() + PATIENCE_S
    while "items" not in (held := platform.post(
            "app-tax", "elicence", "list_by_holder", platform.token(platform.person), holder_subject=platform.person)):
        assert time.monotonic() < ends, held
        time.sleep(0.2)
    assert [(each["licence_id"], each["holder_subject"]) for each in held["items"]] == [(licence, platform.person)]
    for subject in (platform.real, "psub_" + "A" * 44):
        refused = platform.post(
            "app-tax", "elicence", "list_by_holder", platform.token(subject), holder_subject=platform.person)
        assert refused["code"] == "security.token-invalid"
    with BusClient(platform.world.broker_url, caller="app-tax", tenant="tax") as client:
        person = client.with_context(None, token=platform.token(platform.person))
        assert person.elicence.get(licence_id=licence)["holder_subject"] == platform.person


def test_a_refusal_names_the_person_as_the_app_knows_her(platform: Platform) -> None:
    operator = platform.operator("tax")
    operator.identity.freeze_subject(subject_id=platform.real, reason="test")
    refused = platform.post("app-tax", "identity", "add_evidence", subject_id=platform.person,
                            kind="name-number-match", data={})
    operator.identity.unfreeze_subject(subject_id=platform.real, reason="test")
    assert platform.person in json.dumps(refused, ensure_ascii=False)


def test_nothing_that_an_app_was_told_holds_a_real_id(platform: Platform) -> None:
    assert platform.said and not [text for text in platform.said if REAL_ID.search(text)]
