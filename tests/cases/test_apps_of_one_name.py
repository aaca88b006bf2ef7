"""A name is one app: an app of the directory never becomes a configured app of another department.

An officers' console may register any free name, and an approver of its department opens it in production.
"""
from __future__ import annotations

from typing import Any

import pytest

from services.gateway.domain.apps import key_hash
from services.identity.service import IdentityService
from shared_components.bus.amqp.caller_identity import CallerIdentity
from shared_components.bus.errors import AppNotAllowed
from shared_components.contracts import service_contract
from tests.unit.gateway.world import KEY_A, OTHER, TILL, Edge, problem_of

SETTINGS = {"caller_authentication": "broker", "default_tenant": "default", "app_tenants": {"app-tax": "tax"}}
KEY = "ztp_key-of-a-namesake-0123456789"


def test_an_app_that_the_gateway_passes_on_has_its_configured_tenant_or_is_refused() -> None:
    identity = CallerIdentity(SETTINGS)
    assert identity.of("gateway", {"for_app": "app-tax", "tenant": "tax"}) == ("app-tax", "tax", "gateway", "tax")
    assert identity.of("gateway", {"for_app": "app-tax"}) == ("app-tax", "tax", "gateway", "tax")
    with pytest.raises(AppNotAllowed, match=r"'app-tax' has tenant 'tnt_police' at the gateway and another one"):
        identity.of("gateway", {"for_app": "app-tax", "tenant": "tnt_police"})


@pytest.mark.parametrize(("tenant", "status"), [("tnt_police", 401), ("tenant-a", 200)])
def test_the_gateway_knows_no_app_of_the_directory_with_the_name_of_another_configured_one(
    tenant: str, status: int,
) -> None:
    door: dict[str, Any] = {
        "environment": "production", "caller": "app-a", "tenant": tenant, "scopes": ["*"], "in_flight": None,
        "calls_per_s": None, "keys_sha256": [key_hash(KEY)]}
    page = {"items": [{"app": "app-a", "kind": "department", "department_id": "dep_1", "doors": [door]}], "next": None}
    edge = Edge({"identity.find_apps": page}, contracts=(TILL, OTHER, service_contract(IdentityService)))
    answer = edge.ask("/v1/till/read", key=KEY, json={"order_id": "till_1"})
    assert answer.status_code == status
    if status == 401:
        problem_of(answer, 401, "gateway.key-unknown")
    assert edge.ask("/v1/till/read", key=KEY_A, json={"order_id": "till_1"}).status_code == 200
