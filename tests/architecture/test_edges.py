"""Calls between services form no cycle and follow the edges that are written down."""
from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from shared_components.kernel.callers import ANY_SERVICE
from tests.architecture.edges import LAYERS, OUTSIDE, SERVICES, may_call
from tests.architecture.source import ROOT, contracts, dotted, python_files, services


def client_calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """`client.<service>.<method>(…)`: how a service calls another, also as `self._client…`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for before, service, method in zip(names := dotted(node.func), names[1:], names[2:], strict=False):
                if service in SERVICES and before.lstrip("_").endswith(("client", "with_context")):
                    yield service, method


def test_every_service_has_its_place_among_the_layers() -> None:
    assert set(services()) <= SERVICES


def test_the_edges_form_no_cycle() -> None:
    assert sum(len(layer) for layer in LAYERS) == len(SERVICES)
    assert not [(one, other) for one in SERVICES for other in SERVICES if may_call(one, other) and may_call(other, one)]


@pytest.mark.parametrize("service", services())
def test_a_service_calls_only_along_the_edges_and_what_the_contract_allows(service: str) -> None:
    known = contracts()
    for path, tree in python_files(ROOT / "services" / service):
        for callee, method in client_calls(tree):
            where = f"{path.relative_to(ROOT)} calls {callee}.{method}"
            assert may_call(service, callee), f"{where}; {service} may not call {callee}"
            methods = known.get(callee, {}).get("methods", {})
            assert not methods or method in methods, f"{where}, which {callee} does not have"
            assert not methods or service in methods[method]["callers"], f"{where}, whose callers do not name {service}"


@pytest.mark.parametrize("service", sorted(contracts()))
def test_a_contract_allows_only_callers_that_may_call_the_service(service: str) -> None:
    for name, method in contracts()[service]["methods"].items():
        for caller in method["callers"]:
            # A feed is read by every service: what it serves is a copy, and it calls nobody itself.
            read = caller == ANY_SERVICE and name == "read_feed"
            assert read or caller in OUTSIDE or may_call(caller, service), f"{service}.{name} allows {caller}"
        assert method["callers"], f"{service}.{name} allows nobody"
        assert not method["public"] or "gateway" in method["callers"], f"{service}.{name} is public; allow the gateway"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("transactions.client.matter.start_case(x=1)", [("matter", "start_case")]),
        ("self._client.with_context(call.context).payment.create_order(x=1)", [("payment", "create_order")]),
        ("bus_client.payment.create_order()['order_id']", [("payment", "create_order")]),
        ("self.repository.payment.add(x)", []),
    ],
)
def test_calls_of_a_client_are_recognised(source: str, found: list[tuple[str, str]]) -> None:
    assert list(client_calls(ast.parse(source))) == found
