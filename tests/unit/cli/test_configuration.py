from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from services.payment.schemas import PaymentSettings as PaymentsOwn
from shared_components.configuration.loading import (
    ConfigurationError,
    for_service,
    load_configuration,
    load_service_settings,
)


def load(tmp_path: Path, text: str, **environ: str) -> dict[str, Any]:
    file = tmp_path / "zhongtai.yaml"
    file.write_text(text, encoding="utf-8")
    return load_configuration(file, environ=environ, known_services=["payment", "matter"])


def test_the_defaults_are_complete_and_embedded() -> None:
    loaded = load_configuration(environ={})
    assert loaded["broker"]["url"] == "inproc://"
    assert loaded["database"]["url"] == "sqlite:///var/zhongtai.db"
    assert loaded["bus"]["event_retry_delays_s"] == [1, 5, 30, 120, 600]
    assert loaded["bus"]["max_message_bytes"] == 262_144


def test_the_file_is_found_by_environment_variable_and_the_urls_win_over_it(tmp_path: Path) -> None:
    file = tmp_path / "z.yaml"
    file.write_text("broker: {url: 'amqp://file/'}\nhttp: {port: 9000}")
    loaded = load_configuration(environ={"ZHONGTAI_CONFIG": str(file), "ZHONGTAI_BROKER_URL": "amqps://env/"})
    assert (loaded["broker"]["url"], loaded["http"]["port"]) == ("amqps://env/", 9000)


def test_places_are_filled_from_the_environment_and_converted(tmp_path: Path) -> None:
    text = "http: {port: '${PORT:8001}', host: '${HOST:}'}\nsecurity: {master_key: 'a$$b${X:c:d}'}"
    loaded = load(tmp_path, text, HOST="", PORT="8002")
    assert loaded["http"] == {"port": 8002, "host": "127.0.0.1", "public_url": "http://127.0.0.1:8002"}
    assert loaded["security"]["master_key"] == "a$bc:d"


def test_an_entry_of_a_list_that_comes_out_empty_is_left_out(tmp_path: Path) -> None:
    text = "services: {payment: {hosts: ['${A}', '${B:}', '', 'x${B:}']}}"
    assert load(tmp_path, text, A="a")["services"]["payment"]["hosts"] == ["a", "", "x"]


def test_a_value_from_the_environment_adds_no_key(tmp_path: Path) -> None:
    loaded = load(tmp_path, "bus: {default_tenant: '${T}'}", T="x\nenvironment: production")
    assert loaded["environment"] == "development"


def test_a_section_with_every_line_commented_out_is_its_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, "broker:\n#  url: x")["broker"]["url"] == "inproc://"


@pytest.mark.parametrize(("text", "key", "said"), [
    ("http: {port: 99999}", "http.port", "is 99999; allowed: a whole number from 1 to 65535"),
    ("http: {port: '80x'}", "http.port", "is '80x'; allowed: a whole number from 1 to 65535"),
    ("http: {prot: 1}", "http.prot", "is not known; did you mean 'port'?; allowed: host, port, public_url"),
    ("htpp: {port: 1}", "htpp", "did you mean 'http'?"),
    ("http: 5", "http", "is a number; allowed: a mapping"),
    ("1: 2", "1", "is not known"),
    ("bus: {workers: 2.5}", "bus.workers", "is 2.5; allowed: a whole number from 1 to 1000"),
    ("bus: {workers: true}", "bus.workers", "is True; allowed: a whole number"),
    ("bus: {event_retry_delays_s: [1, x]}", "bus.event_retry_delays_s.1", "is 'x'; allowed: up to 20 numbers"),
    ("bus: {caller_authentication: none}", "bus.caller_authentication", "is 'none'; allowed: one of header, broker"),
    ("log: {format: xml}", "log.format", "allowed: one of auto, console, json"),
    ("broker: {url: 'redis://h'}", "broker.url", "is 'redis://h'; allowed: a URL"),
    ("broker: {url: 'amqp://h:99999999/'}", "broker.url", "port to 65535"),
    ("database: {url: 'mysql://h/d'}", "database.url", "sqlite://, postgresql://"),
    ("http: {port: '${PORT}'}", "http.port", "needs the environment variable PORT, which is not set"),
    ("services: {paymnt: {}}", "services.paymnt", "did you mean 'payment'?"),
    ("services: {payment: 3}", "services.payment", "allowed: a mapping"),
    ("services: {payment: {bus: {workers: 0}}}", "services.payment.bus.workers", "is 0; allowed: a whole number"),
    ("services: {payment: {bus: {wokers: 1}}}", "services.payment.bus.wokers", "did you mean 'workers'?"),
])
def test_a_wrong_value_names_key_value_and_what_is_allowed(tmp_path: Path, text: str, key: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    assert caught.value.details["key"] == key
    assert f"configuration key '{key}'" in caught.value.message
    assert said in caught.value.message


@pytest.mark.parametrize(("text", "said"), [
    ("- 1", "holds a list; a mapping is allowed"),
    ("a: [\n password: hunter2: {", "is not YAML at line 2"),
    ("http: !!python/object:os.system {}", "is not YAML"),
])
def test_a_file_that_is_no_configuration_is_refused_without_quoting_it(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        load(tmp_path, text)
    assert "hunter2" not in caught.value.message


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml' cannot be read: No such file"):
        load_configuration(tmp_path / "nowhere.yaml", environ={})


@pytest.mark.parametrize("text", [
    "security: {master_key: ''}",
    "database: {url: 'mysql://u:CANARY@h/d'}",
    "broker: {url: 'redis://u:CAN@ARY:CANARY@h'}",
    "database: {url: 'postgresql://u:CANARY@h:99999999/d'}",
    "broker: {password: CANARY}",
    "security: CANARY",
    "broker: CANARY",
    "services: CANARY",
    "services: {payment: CANARY}",
    "services: {payment: {bus: CANARY}}",
    "bus: {app_tenants: CANARY}",
    "bus: {event_retry_delays_s: CANARY}",
])
def test_a_secret_is_never_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    assert "CANARY" not in repr(caught.value.to_wire())


@pytest.mark.parametrize("name", ["sandbox", "wechat", "alipay", "webhooks", "books"])
def test_a_secret_in_the_place_of_a_services_section_is_not_shown(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"'services.payment.{name}' is a text; allowed: a mapping") as caught:
        load_service_settings("payment", PaymentsOwn, {name: "CANARY"})
    assert "CANARY" not in repr(caught.value.to_wire())


class PaymentSettings(Schema):
    channel = fields.String(load_default="sandbox")
    api_secret = fields.String()
    retries = fields.Integer(load_default=3)


def test_a_service_validates_its_own_section(tmp_path: Path) -> None:
    loaded = load(tmp_path, "services: {payment: {retries: '5', bus: {workers: 7}}}")
    own = loaded["services"]["payment"]
    assert load_service_settings("payment", PaymentSettings, own) == {"channel": "sandbox", "retries": 5}
    assert load_service_settings("matter", PaymentSettings, {}) == {"channel": "sandbox", "retries": 3}
    assert load_service_settings("matter", None, {"a": 1, "bus": {}}) == {"a": 1}
    assert for_service(loaded, "payment")["bus"]["workers"] == 7
    assert for_service(loaded, "matter") == loaded


@pytest.mark.parametrize(("text", "said"), [
    ("{retires: 1}", "'services.payment.retires' is not known; did you mean 'retries'?"),
    ("{retries: x}", "'services.payment.retries' is 'x'; not a valid integer"),
    ("{api_secret: [1]}", "'services.payment.api_secret' is a list; not a valid string"),
    ("{api_secret: 77}", r"'services.payment.api_secret' is \*\*\*"),
])
def test_a_wrong_service_setting_is_named_with_its_full_key(tmp_path: Path, text: str, said: str) -> None:
    loaded = load(tmp_path, f"services: {{payment: {text}}}")
    with pytest.raises(ConfigurationError, match=said):
        load_service_settings("payment", PaymentSettings, loaded["services"]["payment"])


class Inner(Schema):
    port = fields.Integer(required=True, metadata={"allowed": "1 to 65535"})


class Outer(Schema):
    inner = fields.Nested(Inner, metadata={"allowed": "a mapping"})
    many = fields.List(fields.Nested(Inner), metadata={"allowed": "a list of mappings"})


@pytest.mark.parametrize(("given", "sentence"), [
    ({"inner": {"port": "x"}}, "'services.some.inner.port' is 'x'; allowed: 1 to 65535"),
    ({"inner": {}}, "'services.some.inner.port' is missing; allowed: 1 to 65535"),
    ({"inner": {"port": 1, "prot": 2}}, "'services.some.inner.prot' is not known; did you mean 'port'?; allowed: port"),
    ({"many": [{"port": 1}, {"port": "x"}]}, "'services.some.many.1.port' is 'x'; allowed: 1 to 65535"),
    ({"inner": 3}, "'services.some.inner' is a number; allowed: a mapping"),
])
def test_a_nested_key_is_told_with_what_itself_allows(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        load_service_settings("some", Outer, given)
    assert wrong.value.message == f"configuration key {sentence}"
