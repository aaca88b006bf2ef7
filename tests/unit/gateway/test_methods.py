"""Every public method has one address; what is not public has none that works."""
from __future__ import annotations

import pytest

from services.gateway.adapters.operations import Operations
from shared_components.runtime.discovery import contract_of, service_names
from tests.unit.gateway.fake_bus import FakeBus
from tests.unit.gateway.world import KEY_A, KEY_B, Edge, app_of, problem_of

CONTRACTS = [contract_of(name) for name in service_names() if name != "gateway"]
METHODS = [(contract.service, method) for contract in CONTRACTS for method in contract.methods.values()]
OPEN = [(service, method.name) for service, method in METHODS if method.public]
CLOSED = [(service, method.name) for service, method in METHODS if not method.public]


@pytest.fixture(scope="module")
def platform() -> Edge:
    """The contracts of all services, with a bus that answers every method with its own name."""
    edge = Edge(contracts=CONTRACTS)
    edge.bus.answers.update({f"{service}.{method.name}": {"served_by": method.name} for service, method in METHODS})
    return edge


def address(service: str, method: str) -> str:
    return f"/v1/{service}/{method.replace('_', '-')}"


def test_every_public_method_is_reached_at_its_address(platform: Edge) -> None:
    assert len(OPEN) >= 36
    for service, method in OPEN:
        answer = platform.ask(address(service, method), json={})
        assert (answer.status_code, answer.json()) == (200, {"served_by": method}), answer.text
        assert platform.bus.asked[-1].target == f"{service}.{method}"


def test_a_method_for_services_only_is_refused_and_never_called(platform: Edge) -> None:
    assert len(CLOSED) >= 20
    before = len(platform.bus.asked)
    for service, method in CLOSED:
        problem_of(platform.ask(address(service, method), json={}), 403, "gateway.method-not-offered")
    assert len(platform.bus.asked) == before


def test_a_method_that_is_public_and_closed_to_the_gateway_is_not_offered() -> None:
    problem_of(Edge().ask("/v1/till/open-drawer", json={}), 403, "gateway.method-not-offered")


def test_a_closed_method_tells_nothing_to_a_stranger() -> None:
    problem_of(Edge().ask("/v1/till/count-money", key=None, json={}), 401, "gateway.key-missing")


@pytest.mark.parametrize(("path", "available"), [
    ("/v1/nobody/read", ["other", "till"]),
    ("/v1/till/reed", ["read", "write-order"]),
    ("/v1/till/write_order", ["read", "write-order"]),
])
def test_an_unknown_method_is_told_what_there_is(path: str, available: list[str]) -> None:
    problem = problem_of(Edge().ask(path, json={}), 404, "gateway.path-unknown")
    assert problem["details"]["available"] == available


@pytest.mark.parametrize("path", [
    "/v1", "/v1/till", "/v1/till/read/", "/v1/till/read/more", "/docs/", "/nothing", "/%2e%2e/etc/passwd",
    "/v2/till/read", "/callbacks/payment", "/callbacks/matter/case_1",
])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_a_problem_and_no_redirect(method: str, path: str) -> None:
    problem_of(Edge().ask(path, method, json={}), 404, "gateway.path-unknown")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW"])
@pytest.mark.parametrize("path", ["/v1/till/read", "/callbacks/payment/sandbox", "/callbacks/matter/case_1/medical"])
def test_another_http_method_is_refused_with_the_one_that_is_allowed(method: str, path: str) -> None:
    edge = Edge()
    answer = edge.ask(path, method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    if not path.startswith("/callbacks/payment") and method != "HEAD":
        assert problem_of(answer, 405, "gateway.http-method-not-allowed")["details"] == {"allow": ["POST"]}
    assert edge.bus.asked == []


@pytest.mark.parametrize("path", [
    "/", "/docs", "/docs/errors", "/docs/events", "/openapi.json", "/asyncapi.json", "/live", "/ready",
    "/assets/pages.css", "/assets/try.js",
    "/schemas/matter-1.json",
])
def test_pages_are_read_only(path: str) -> None:
    edge = Edge()
    got, head = edge.ask(path, "GET", key=None), edge.ask(path, "HEAD", key=None)
    assert (got.status_code, head.status_code) == (200, 200)
    assert head.headers["content-type"] == got.headers["content-type"]
    answer = edge.ask(path, "POST", key=None)
    problem_of(answer, 405, "gateway.http-method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_grant_names_what_an_app_may_call() -> None:
    edge = Edge()
    assert edge.read(key=KEY_B).status_code == 200
    assert edge.ask("/v1/other/look", key=KEY_B, json={}).status_code == 200
    assert edge.write(key=KEY_A).status_code == 200
    problem = problem_of(edge.write(key=KEY_B), 403, "gateway.method-not-granted")
    assert problem["detail"] == "应用“app-b”未获授权调用“till.write_order”"


def test_operations_are_listed_once_each() -> None:
    operations = list(Operations(CONTRACTS))
    assert sorted((one.service, one.method) for one in operations) == sorted(OPEN)
    assert len({one.path for one in operations}) == len(operations)


def test_an_app_without_contracts_still_answers() -> None:
    edge = Edge()
    edge.app = app_of(FakeBus(), contracts=[])
    assert edge.ask("/docs", "GET").status_code == 200
    problem_of(edge.ask("/v1/till/read", json={}), 404, "gateway.path-unknown")
