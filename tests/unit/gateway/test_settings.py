"""The section services.gateway: what may stand in it, and what is said of the rest."""
from __future__ import annotations

from typing import Any

import pytest

from services.gateway.schemas import GatewaySettings
from shared_components.cli.configuration import ConfigurationError, load_service_settings
from tests.unit.gateway.world import APPS

APP = APPS[0]


def load(**given: Any) -> dict[str, Any]:
    return load_service_settings("gateway", GatewaySettings, given)


def test_nothing_is_required() -> None:
    settings = load()
    assert (settings["apps"], settings["longest_timeout_s"], settings["max_in_flight"]) == ([], 60.0, 2000)


def test_apps_are_read() -> None:
    assert load(apps=APPS)["apps"][1]["methods"] == ["till.read", "other.*"]
    assert load(apps=APPS)["apps"][0]["methods"] == ["*"]


@pytest.mark.parametrize(("wrong", "where"), [
    ({"apps": [{**APP, "name": "till"}]}, "name"), ({"apps": [{**APP, "name": "app-" + "x" * 40}]}, "name"),
    ({"apps": [{**APP, "tenant": "a b"}]}, "tenant"), ({"apps": [{**APP, "key_sha256": "0" * 63}]}, "key_sha256"),
    ({"apps": [{**APP, "key_sha256": "G" * 64}]}, "key_sha256"), ({"apps": [{**APP, "methods": []}]}, "methods"),
    ({"apps": [{**APP, "methods": ["payment"]}]}, "methods"), ({"apps": [{**APP, "key": "x"}]}, "key"),
    ({"apps": [APP, {**APP, "name": "app-c"}]}, "key_sha256"), ({"apps": [APP, {**APPS[1], "name": "app-a"}]}, "name"),
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
