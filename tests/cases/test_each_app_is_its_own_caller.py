"""An app over HTTP is its own caller: the gateway passes its calls on, and nobody else can say for whom they call."""
from __future__ import annotations

from pathlib import Path
from time import time
from typing import Any

import httpx
import pytest

from shared_components.bus.errors import AppNotAllowed
from shared_components.bus.server.inbound import Reader
from shared_components.configuration.loading import ConfigurationError, load_configuration
from shared_components.kernel.apps import APP_NAME
from shared_components.kernel.calls import CallContext
from shared_components.runtime.platform import check_services
from tests.unit.gateway.world import KEY_A, KEY_B, URL, Edge

SETTINGS = {"caller_authentication": "broker", "default_tenant": "default",
            "app_tenants": {"app-a": "a"}, "default_timeout_s": 10.0}


def context_of(user: str | None, stated: dict[str, Any], **settings: Any) -> CallContext:
    reader = Reader("payment", {}, {**SETTINGS, **settings})
    return reader._context(user, stated, "op_1", None, time())


def test_a_call_that_the_gateway_passes_on_is_the_apps_call() -> None:
    context = context_of("gateway", {"for_app": "app-a", "tenant": "a"})
    assert (context.caller, context.via, context.sender, context.tenant) == ("app-a", "gateway", "gateway", "a")


def test_the_gateways_own_calls_are_its_own() -> None:
    context = context_of("gateway", {"tenant": "a"})
    assert (context.caller, context.via, context.sender) == ("gateway", None, "gateway")


@pytest.mark.parametrize("user", ["app-b", "matter", "operator", "nameko"])
def test_nobody_but_the_gateway_calls_for_an_app(user: str) -> None:
    with pytest.raises(AppNotAllowed, match=f"for_app is stated by '{user}'; only 'gateway' passes calls on"):
        context_of(user, {"for_app": "app-a", "caller": "gateway"})


def test_in_one_process_the_same_holds() -> None:
    assert context_of(None, {"for_app": "app-a", "caller": "gateway"}, caller_authentication="header").via == "gateway"
    with pytest.raises(AppNotAllowed):
        context_of(None, {"for_app": "app-a", "caller": "app-b"}, caller_authentication="header")
    with pytest.raises(AppNotAllowed):
        context_of(None, {"for_app": "app-a"}, caller_authentication="header")


def test_an_app_that_comes_directly_has_the_same_name_and_no_go_between() -> None:
    context = context_of("app-a", {"via": "gateway", "caller": "app-b", "department": "x", "acting": "y"})
    assert (context.caller, context.via, context.department, context.acting) == ("app-a", None, "a", None)


@pytest.mark.parametrize("name", ["operator", "gateway", "matter", "app-", "App-a", "app-a\n", "app-" + 37 * "a", 7])
def test_what_is_no_apps_name_is_no_app(name: Any) -> None:
    from shared_components.bus.amqp import wire

    assert wire.problem_of_context({"for_app": name}) == f"call.context.for_app is a string like {APP_NAME}"


def test_the_gateway_states_the_app_whose_key_was_shown_whatever_the_request_says() -> None:
    edge = Edge()
    edge.write(key=KEY_A, headers={"for_app": "app-b", "X-For-App": "app-b", "nameko.for_app": "app-b"})
    assert edge.bus.asked[0].context["for_app"] == "app-a"




def test_an_app_has_one_tenant_over_http_and_over_amqp(tmp_path: Path) -> None:
    path = tmp_path / "zhongtai.yaml"
    path.write_text(f"""
bus: {{app_tenants: {{app-a: tax}}}}
services: {{gateway: {{apps: [{{name: app-a, tenant: police, key_sha256: {'a' * 64}}}]}}}}
""")
    with pytest.raises(ConfigurationError, match=r"app_tenants\.app-a' is 'tax', and .*apps has 'police'"):
        check_services(load_configuration(path, environ={}), ["gateway"])


def test_one_app_cannot_take_all_the_places_of_the_gateway() -> None:
    edge = Edge(max_in_flight_per_app=1)
    inner: list[int] = []

    async def ask_again(asked: Any) -> dict[str, str]:
        for key in (KEY_A, KEY_B):
            headers = {"Authorization": f"Bearer {key}"}
            request = httpx.Request("POST", f"{URL}/v1/till/read", headers=headers, json={"order_id": "x"})
            edge.bus.answers["till.read"] = {}
            inner.append((await edge._send(request)).status_code)
        return {}

    edge.bus.answers["till.write_order"] = ask_again
    assert edge.write().status_code == 200
    assert inner == [429, 200], "the app's own second request, and another app's first one"
    assert edge.write().status_code == 200, "its place is free again"
