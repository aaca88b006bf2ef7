"""Refusals of `zhongtai run` before it starts anything."""
from __future__ import annotations

import base64
import socket
from pathlib import Path
from typing import Any

import pytest

from services.gateway.domain.apps import DEMO_KEY, key_hash
from shared_components.cli import run
from shared_components.cli.run import worker_counts
from shared_components.runtime import server_versions
from tests.unit.cli.conftest import Zhongtai

BROKER = "amqp://127.0.0.1:1/"


@pytest.mark.parametrize(("workers", "said"), [
    ("foo:3", "--workers names 'foo'; the services to run are: elicence, gateway, identity,"),
    ("payment:x", "--workers is 'payment:x'; N or SERVICE:N is allowed, with N from 1 to 256"),
    ("payment:0", "--workers is 'payment:0'; N or SERVICE:N is allowed"),
    ("payment:-1", "--workers is 'payment:-1'; N or SERVICE:N is allowed"),
    ("payment:257", "--workers is 'payment:257'; N or SERVICE:N is allowed"),
    ("payment", "--workers is 'payment'; N or SERVICE:N is allowed"),
    ("payment:", "--workers is 'payment:'; N or SERVICE:N is allowed"),
    ("gateway:2", "--workers is 'gateway:2'; one gateway is allowed, since it listens on one port"),
])
def test_wrong_workers(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, workers: str, said: str) -> None:
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", BROKER)
    ran = zhongtai("run", "--workers", workers)
    assert (ran.code, ran.out, ran.err.count("\n"), said in ran.err) == (2, "", 1, True), ran.err


def test_a_number_is_for_every_service_but_the_gateway() -> None:
    assert worker_counts(("2", "payment:3"), ["gateway", "identity", "payment"]) == {
        "gateway": 1, "identity": 2, "payment": 3}


def test_a_port_in_use_is_told_with_how_to_choose_another(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("ZHONGTAI_HTTP_PORT", str(port))
        ran = zhongtai("run", "--check")
    assert (ran.code, ran.err) == (2, (
        f"zhongtai: http.port is {port}, and 127.0.0.1:{port} cannot be listened on: Address already in use (by this "
        "platform, if it is up already); a free port is allowed, as in `make run PORT=8080`, $ZHONGTAI_HTTP_PORT, or "
        "http.port of the configuration [configuration-invalid]\n"))
    assert not any(tmp_path.iterdir())
    ran = zhongtai("run", "--check")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert not any(tmp_path.iterdir())


def test_a_broker_that_is_not_there_is_told_with_where_its_address_came_from(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    unused = f"broker.url is '{BROKER}', from $ZHONGTAI_BROKER_URL: the broker cannot be used: Connection refused"
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", BROKER)
    assert unused in zhongtai("run", "payment").err
    monkeypatch.delenv("ZHONGTAI_BROKER_URL")
    (tmp_path / "own.yaml").write_text(f"broker: {{url: '{BROKER}'}}")
    assert f"broker.url is '{BROKER}': the broker" in zhongtai("-c", str(tmp_path / "own.yaml"), "run", "payment").err


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_database_that_is_not_there_is_told_with_where_its_address_came_from(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, command: str,
) -> None:
    monkeypatch.setenv("ZHONGTAI_DATABASE_URL", "postgresql://u:CANARY@127.0.0.1:1/x")
    ran = zhongtai(command, "payment")
    assert (ran.code, ran.out, ran.err) == (1, "", (
        "zhongtai: database.url is 'postgresql://u:***@127.0.0.1:1/x', from $ZHONGTAI_DATABASE_URL: database of "
        "payment cannot be reached; try again later [db.unavailable]\n"))


def test_a_port_that_is_none_is_told_by_its_key(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHONGTAI_HTTP_PORT", "80x")
    ran = zhongtai("run", "--check")
    assert ran.code == 2
    assert "configuration key 'http.port' is '80x'; allowed: a whole number from 1 to 65535" in ran.err


SAFE = ("broker: {url: 'amqp://payment:a-secret@127.0.0.1:1/'}\nbus: {caller_authentication: broker}\n"
        "database: {url: 'postgresql://'}\n")  # fmt: skip
KEY = "1:" + base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(("environment", "loopback", "code"), [
    ("production", "true", 2), ("production", "false", 0), ("development", "true", 0),
])
def test_webhooks_to_this_machine_are_for_development_only(
    zhongtai: Zhongtai, tmp_path: Path, environment: str, loopback: str, code: int,
) -> None:
    ran = checked(zhongtai, tmp_path, f"environment: {environment}\n{SAFE}security: {{master_key: '{KEY}'}}\n"
                  f"services: {{payment: {{webhooks: {{allow_loopback: {loopback}}}}}}}", "payment")
    assert ran.code == code, ran.err
    assert not code or ran.err == (
        "zhongtai: configuration key 'services.payment.webhooks.allow_loopback' is True; allowed in development only, "
        "and environment is 'production' [configuration-invalid]\n")


@pytest.mark.parametrize(("environment", "key", "code"), [
    ("production", DEMO_KEY, 2), ("production", "a key of its own", 0), ("development", DEMO_KEY, 0),
])
def test_the_demo_apps_key_is_for_development_only(
    zhongtai: Zhongtai, tmp_path: Path, environment: str, key: str, code: int,
) -> None:
    app = f"{{name: app-x, tenant: t, keys_sha256: ['{key_hash('another')}', '{key_hash(key)}']}}"
    safe = SAFE.replace("payment", "gateway")
    ran = checked(
        zhongtai, tmp_path, f"environment: {environment}\n{safe}services: {{gateway: {{apps: [{app}]}}}}", "gateway")
    assert ran.code == code, ran.err
    assert not code or ran.err == (
        "zhongtai: configuration key 'services.gateway.apps' is a list; 'app-x' has the documented key of the demo "
        "app; that is allowed in development only, and environment is 'production' [configuration-invalid]\n")


@pytest.mark.parametrize(("text", "service", "said"), [
    ("security: {master_key: garbage}", "payment", "security.master_key has a line that is no key; allowed: one"),
    ("security: {master_key: garbage}", "matter", "security.master_key has a line that is no key; allowed: one"),
    (f"security: {{master_key: '{KEY}', blind_index_key_version: 2}}", "identity",
     "security.blind_index_key_version is 2; allowed: a version in the key ring: (1,)"),
    (f"security: {{master_key: '{KEY}', master_key_file: x}}", "payment", "security.master_key is set, and"),
    ("environment: production", "payment", "security.master_key_file is not set and environment is 'production'"),
    ("environment: production\nsecurity: {master_key_file: nowhere}", "payment", "names 'nowhere', which is missing"),
    ("services: {payment: {webhooks: {ca_file: nowhere.pem}}}", "payment",
     "'services.payment.webhooks.ca_file' is 'nowhere.pem'; cannot be read (No such file or directory); the path of a"),
    ("services: {payment: {webhooks: {ca_file: zhongtai.yaml}}}", "payment",
     "'services.payment.webhooks.ca_file' is 'zhongtai.yaml'; holds no certificate; the path of a PEM file"),
    ("services: {payment: {webhooks: {ca_file: '.'}}}", "payment", "'services.payment.webhooks.ca_file' is '.'; "),
    ("services: {payment: {webhooks: {hosts: ['a.b:99999']}}}", "payment",
     "'services.payment.webhooks.hosts.0' is 'a.b:99999'; allowed: hosts such as"),
    ("services: {payment: {webhooks: {hosts: ['a.b:0']}}}", "payment", "port to 65535"),
    ("services: {gateway: {apps: [x]}}", "gateway", "'services.gateway.apps.0' is a text; allowed: a list of mappings"),
    ("services: {gateway: {nonsense: 1}}", "gateway", "'services.gateway.nonsense' is not known"),
    ("services: {payment: {workers: 1}}", "payment", "allowed: alipay, books, bus, return_addresses"),
    ("a: &a [*a]", "payment", "has an alias (*name) inside of what it stands for"),
    ("services: &a {payment: *a}", "payment", "has an alias (*name) inside of what it stands for"),
    ("a: " + "[" * 5000, "payment", "is nested too deeply"),
])
def test_a_wrong_setting_is_found_by_a_check(
    zhongtai: Zhongtai, tmp_path: Path, text: str, service: str, said: str,
) -> None:
    ran = checked(zhongtai, tmp_path, text, service)
    assert (ran.code, ran.out, ran.err.count("\n"), said in ran.err) == (2, "", 1, True), ran.err
    assert "garbage" not in ran.err


@pytest.mark.parametrize("text", [
    "security: {master_key_file: keys/later.key}", "http: &a {host: localhost}\nhealth: *a",
    f"security: {{master_key: '{KEY}'}}",
])
def test_a_check_makes_nothing(zhongtai: Zhongtai, tmp_path: Path, text: str) -> None:
    ran = checked(zhongtai, tmp_path, text, "payment", "matter")
    assert (ran.code, ran.err) == (0, "")
    assert [each.name for each in tmp_path.iterdir()] == ["zhongtai.yaml"]


def checked(zhongtai: Zhongtai, tmp_path: Path, text: str, *services: str) -> Any:
    file = tmp_path / "zhongtai.yaml"
    file.write_text(text, encoding="utf-8")
    return zhongtai("-c", str(file), "run", "--check", *services)


@pytest.mark.parametrize(("version", "told"), [
    ("PostgreSQL 15.14 (Debian 15.14-1) on x86_64", "database     PostgreSQL 15.14 (16 or newer is recommended)\n"),
    ("PostgreSQL 16.4 (Debian 16.4-1) on x86_64", "database     PostgreSQL 16.4\n"),
    (None, ""),
])
def test_a_start_and_a_migration_name_the_database(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, version: str | None, told: str,
) -> None:
    monkeypatch.setattr(server_versions, "database_version", lambda url, service: version)
    ran = zhongtai("migrate", "--check", "--json", "payment")
    assert (ran.err, [row["service"] for row in ran.data]) == (told, ["payment"])
    monkeypatch.setattr(run, "migrate_services", _stop_here)
    ran = zhongtai("run")
    assert ran.err == f"{told}\nzhongtai: interrupted [cli.interrupted]\n"


def _stop_here(*_: object) -> None:
    raise KeyboardInterrupt
