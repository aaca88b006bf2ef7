"""Every method and event has an example that fits its schema, and every example request is answered by a platform."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared_components.contracts.json_schema import json_schema
from shared_components.kernel.errors import known_errors
from shared_components.runtime.discovery import contract_of, service_names
from tests.cases.credential_races import a_family

CONTRACTS = {name: contract_of(name) for name in service_names()}
METHODS = [(service, name) for service, contract in CONTRACTS.items() for name in sorted(contract.methods)]
EVENTS = [(service, event.type) for service, contract in CONTRACTS.items() for event in contract.events]
REFUSED = {
    # Nobody has signed in through another provider.
    "identity.remove_upstream_link": "identity.link-not-found",
    "identity.return_from_upstream": "identity.login-over",
    # Nobody has signed in at the pages, nor consented to anything.
    "identity.offer_new_passkey": "identity.not-signed-in", "identity.revoke_consent": "identity.consent-not-found",
    # A mail server was quicker than the sender, a step is not stuck, and no channel has signed the example.
    "notification.cancel": "notification.message-not-cancellable", "matter.retry_step": "matter.step-not-retryable",
    "payment.apply_channel_notification": "payment.notification-not-authentic",
}
TOLD = {"elicence", "identity", "matter", "notification", "payment"}
"""The services whose examples are one story. An id in another service's examples may be of nothing."""
SYNTHETIC = {"33010619850615002X", "91330106MA2DEM0091", "13800000001", a_family()[0].number}

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize(("service", "method"), METHODS)
def test_a_method_has_an_example_that_its_schemas_take(service: str, method: str) -> None:
    contract = CONTRACTS[service]
    example = contract.examples.of_method(method)
    assert set(example) == {"request", "reply"}
    declared = contract.methods[method]
    Draft202012Validator(json_schema(declared.request, "input")).validate(example["request"])
    declared.request().load(example["request"])
    Draft202012Validator(json_schema(declared.reply, "output")).validate(example["reply"])
    assert set(example["reply"]) <= set(json_schema(declared.reply, "output")["properties"])


@pytest.mark.parametrize(("service", "event"), EVENTS)
def test_an_event_has_an_example_that_its_schema_takes(service: str, event: str) -> None:
    contract = CONTRACTS[service]
    declared = next(one for one in contract.events if one.type == event)
    Draft202012Validator(json_schema(declared.data, "output")).validate(contract.examples.events[event])


def test_there_is_no_example_of_something_that_is_gone() -> None:
    for service, contract in CONTRACTS.items():
        assert set(contract.examples.methods) == set(contract.methods), service
        assert set(contract.examples.events) == {event.type for event in contract.events}, service


def test_no_example_names_a_real_person() -> None:
    for service, contract in CONTRACTS.items():
        text = json.dumps([contract.examples.methods, contract.examples.events], ensure_ascii=False)
        identity_numbers = set(re.findall(r"(?<![0-9a-f])[1-9][0-9]{16}[0-9X](?![0-9a-f])", text))
        mobiles = set(re.findall(r"(?<![0-9a-f])1[3-9][0-9]{9}(?![0-9a-f])", text))
        assert identity_numbers | mobiles <= SYNTHETIC, service
        assert set(re.findall(r"@[\w.-]+", text)) <= {"@citizen.example"}, service


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Answers of a whole platform in one process to each example."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.cases.example_story",
               str(tmp_path_factory.mktemp("examples"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.mark.parametrize(("service", "method"), METHODS)
def test_an_example_is_answered(seen: dict[str, Any], service: str, method: str) -> None:
    answer = seen[f"{service}.{method}"]
    if "reply" in answer:
        schema = json_schema(CONTRACTS[service].methods[method].reply, "output")
        Draft202012Validator(schema).validate(answer["reply"])
        return
    error = answer["error"]
    unknown_id = service not in TOLD and error["category"] == "not-found"
    assert unknown_id or error["code"] == REFUSED.get(f"{service}.{method}"), error
    assert error["category"] != "invalid-input"
    assert known_errors()[error["code"]] in CONTRACTS[service].methods[method].errors
