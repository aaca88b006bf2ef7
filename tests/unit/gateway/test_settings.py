"""The section services.gateway: what may stand in it, and what is said of the rest."""
from __future__ import annotations

from typing import Any

import pytest

from services.gateway.schemas import GatewaySettings
from shared_components.configuration.loading import ConfigurationError, load_service_settings
from tests.unit.gateway.world import APPS

APP = APPS[0]
OLD, NEW, THIRD = "a" * 64, "b" * 64, "c" * 64
ROTATING: dict[str, Any] = {"name": "app-r", "tenant": "r", "keys_sha256": [OLD, NEW]}


def load(**given: Any) -> dict[str, Any]:
    return load_service_settings("gateway", GatewaySettings, given)


def test_nothing_is_required() -> None:
    settings = load()
    assert (settings["apps"], settings["longest_timeout_s"], settings["max_in_flight"]) == ([], 60.0, 2000)


def test_apps_are_read() -> None:
    assert load(apps=APPS)["apps"][1]["methods"] == ["till.read", "other.*"]
    assert load(apps=APPS)["apps"][0]["methods"] == ["*"]


def test_an_app_may_have_two_keys_while_one_takes_the_others_place() -> None:
    assert load(apps=[ROTATING])["apps"][0]["keys_sha256"] == [OLD, NEW]


def test_one_key_by_its_own_name_is_a_list_of_one() -> None:
    (app,) = load(apps=[APP])["apps"]
    assert (app["keys_sha256"], "key_sha256" in app) == ([APP["key_sha256"]], False)
    assert load(apps=[app])["apps"] == [app], "what was read once can be read again"


@pytest.mark.parametrize(("apps", "said"), [
    ([{**ROTATING, "keys_sha256": []}], "keys_sha256' is a list; allowed: 1 or 2 different SHA-256, 64 hex digits"),
    ([{**ROTATING, "keys_sha256": [OLD, NEW, THIRD]}], "allowed: 1 or 2 different SHA-256, 64 hex digits"),
    ([{**ROTATING, "keys_sha256": [OLD, OLD]}], "allowed: 1 or 2 different SHA-256, 64 hex digits"),
    ([{**ROTATING, "keys_sha256": [OLD, "B" * 64]}], "apps.0.keys_sha256.1' is ***; allowed: 1 or 2"),
    ([{**ROTATING, "keys_sha256": OLD}], "keys_sha256' is a text; allowed: 1 or 2 different"),
    ([{**ROTATING, "key_sha256": THIRD}], "apps.0.key_sha256' is ***; either key_sha256 or keys_sha256 is allowed"),
    ([{"name": "app-r", "tenant": "r"}], "apps.0.key_sha256' is missing"),
    ([ROTATING, {**ROTATING, "name": "app-s", "keys_sha256": [THIRD, NEW]}],
     "apps' is a list; apps 'app-r' and 'app-s' have a key in common; every app needs its own"),
    ([ROTATING, {**ROTATING, "keys_sha256": [THIRD]}],
     "apps' is a list; two apps have the name 'app-r'; every app needs its own"),
])
def test_keys_that_cannot_be_are_refused_with_what_is_allowed(apps: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(apps=apps)
    assert said in refused.value.message
    assert OLD not in refused.value.message and "B" * 64 not in refused.value.message


@pytest.mark.parametrize(("wrong", "where"), [
    ({"apps": [{**APP, "name": "till"}]}, "name"), ({"apps": [{**APP, "name": "app-" + "x" * 40}]}, "name"),
    ({"apps": [{**APP, "tenant": "a b"}]}, "tenant"), ({"apps": [{**APP, "key_sha256": "0" * 63}]}, "key_sha256"),
    ({"apps": [{**APP, "key_sha256": "G" * 64}]}, "key_sha256"), ({"apps": [{**APP, "methods": []}]}, "methods"),
    ({"apps": [{**APP, "methods": ["payment"]}]}, "methods"), ({"apps": [{**APP, "key": "x"}]}, "key"),
    ({"apps": [APP, {**APP, "name": "app-c"}]}, "a key in common"),
    ({"apps": [APP, {**APPS[1], "name": "app-a"}]}, "name"),
    ({"longest_timeout_s": 0}, "longest_timeout_s"), ({"body_timeout_s": 601}, "body_timeout_s"),
    ({"max_in_flight": 0}, "max_in_flight"), ({"max_in_flight": 1.5}, "max_in_flight"),
    ({"cors_origins": ["*"]}, "cors_origins"), ({"cors_origins": ["https://a.example/path"]}, "cors_origins"),
    ({"cors_origin": []}, "cors_origin"),
])
def test_a_wrong_value_is_named_with_its_key(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(**wrong)
    assert f"services.gateway.{next(iter(wrong))}" in refused.value.message
    assert where in refused.value.message
