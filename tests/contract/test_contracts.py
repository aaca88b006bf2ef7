"""Each service's contract.json is what its code says, and breaks no promise that was made before."""
from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared_components.contracts.diff import refused
from shared_components.contracts.export import contract_text
from shared_components.contracts.history import promised_before
from shared_components.contracts.store import FILE, RELEASED, check, read_contract
from shared_components.runtime.discovery import contract_of, service_folder, service_names

SERVICES = service_names()


@functools.cache
def exported(service: str) -> dict[str, Any]:
    return dict(json.loads(contract_text(contract_of(service))))


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_file_is_what_the_code_says(service: str) -> None:
    status = check(contract_of(service), service_folder(service) / FILE)
    assert status.state == "current", str(status)


@pytest.mark.parametrize("service", SERVICES)
def test_the_code_breaks_no_promise_that_was_committed(service: str) -> None:
    """Also when someone has written the file by hand: git knows the promise before."""
    before = promised_before(service_folder(service) / FILE)
    assert before is None or not (found := refused(before, exported(service))), "\n".join(map(str, found))


@pytest.mark.parametrize("service", SERVICES)
def test_the_code_breaks_no_promise_that_was_released(service: str) -> None:
    """The baseline of the last release, which `zhongtai contracts export` never writes; `release` does."""
    baseline = service_folder(service) / RELEASED
    if baseline.exists():
        assert not (found := refused(read_contract(baseline), exported(service))), "\n".join(map(str, found))
    else:
        assert promised_before(baseline) is None, f"{baseline.name} of {service} was committed and is gone"
        assert exported(service)["version"].startswith("0."), f"{service} promises something: release its contract"


@pytest.mark.parametrize("service", SERVICES)
def test_what_was_released_itself_breaks_nothing_that_was_released_before(service: str) -> None:
    baseline = service_folder(service) / RELEASED
    before = promised_before(baseline)
    if before is not None and baseline.exists():
        assert not (found := refused(before, read_contract(baseline))), "\n".join(map(str, found))


@pytest.mark.parametrize("service", SERVICES)
def test_every_schema_is_a_json_schema(service: str) -> None:
    contract = exported(service)
    schemas = [method[side] for method in contract["methods"].values() for side in ("request", "reply")]
    for schema in [*schemas, *(event["data"] for event in contract["events"].values())]:
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"


@pytest.mark.parametrize("service", SERVICES)
def test_every_method_says_what_it_does(service: str) -> None:
    silent = [name for name, method in exported(service)["methods"].items() if not method["summary"]]
    assert not silent, f"methods of {service} without a docstring: {silent}"


def test_every_event_that_is_consumed_is_published() -> None:
    contracts = {service: exported(service) for service in SERVICES}
    published = {
        f"{service}.{event['type']}" for service in SERVICES for event in contracts[service]["events"].values()
    }
    for service, contract in contracts.items():
        unknown = set(contract["consumes"]) - published
        assert not unknown, f"{service} waits for {sorted(unknown)}, which nobody publishes"
