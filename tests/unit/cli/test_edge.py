"""`zhongtai edge` refuses at once what it could not keep to."""
from __future__ import annotations

import json
import resource
import socket
from pathlib import Path
from typing import Any

import pytest

from shared_components.devstack.processes import free_port
from tests.certificates import Authority
from tests.unit.cli.conftest import Ran, Zhongtai


@pytest.fixture
def edge(zhongtai: Zhongtai, tmp_path: Path) -> Any:
    def run(broker_url: str = "amqp://broker.example/", **section: Any) -> Ran:
        path = tmp_path / "zhongtai.yaml"
        path.write_text(json.dumps({"broker": {"url": broker_url}, "edge": section}))
        return zhongtai("-c", str(path), "edge")

    return run


def refused(ran: Ran, *said: str) -> None:
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran.err
    for part in said:
        assert part in ran.err


def test_a_broker_that_is_inside_the_process_is_no_broker_for_it(edge: Any) -> None:
    refused(edge("inproc://"), "broker.url is 'inproc://'", "amqp:// or amqps:// is allowed", "[configuration-invalid]")


@pytest.mark.parametrize(("section", "said"), [
    ({"bytes_per_s": 10}, "edge.bytes_per_s"), ({"port": 70_000}, "a whole number from 0 to 65535"),
    ({"connections": 0}, "edge.connections"), ({"new_connections_per_s": "many"}, "a number from 0.1 to 10000"),
    ({"tls_key": "x"}, "edge.tls_key"), ({"max_message_bytes": 10**9}, "134217728"),
])  # fmt: skip
def test_a_wrong_value_is_told_with_what_is_allowed(section: dict[str, Any], said: str, edge: Any) -> None:
    refused(edge(**section), said, "[configuration-invalid]")


def test_a_port_in_use_is_told_with_its_key(edge: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused(edge(port=port), f"edge.port is {port}", "Address already in use")


def test_a_port_that_is_taken_while_it_starts_is_told_too(zhongtai: Zhongtai, tmp_path: Path) -> None:
    port = free_port()
    path = tmp_path / "zhongtai.yaml"
    path.write_text(json.dumps({
        "broker": {"url": "amqp://broker.example/"}, "edge": {"port": port}, "health": {"port": port}}))  # fmt: skip
    ran = zhongtai("-c", str(path), "edge")
    assert (ran.code, ran.out) == (2, "")
    assert f"edge.port is {port}" in ran.err


def test_a_broker_without_a_host_is_told_by_its_key(edge: Any) -> None:
    refused(edge("amqp:///x"), "'broker.url' is 'amqp:///x'; it names no host; amqp://host is allowed")


def test_a_host_that_can_be_none_is_refused(edge: Any) -> None:
    refused(edge(host="a\0b"), "edge.host contains U+0000", "printable text is allowed")


@pytest.mark.parametrize("given", ["tls_certificate_file", "tls_key_file"])
def test_a_certificate_without_its_key_is_refused(given: str, edge: Any, tmp_path: Path) -> None:
    paths = Authority(tmp_path).issue("localhost")
    other = ({"tls_certificate_file", "tls_key_file"} - {given}).pop()
    refused(edge(**{given: paths[given]}), f"'edge.{other}' is not set", "a certificate and its key are allowed")


def test_files_that_are_no_certificate_or_of_another_key_are_refused(edge: Any, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first, second = authority.issue("one.example"), authority.issue("two.example")
    missing, text = str(tmp_path / "missing.pem"), tmp_path / "secret.txt"
    text.write_text("hunter2")
    for certificate, key in [
        (missing, first["tls_key_file"]), (first["tls_certificate_file"], missing), (str(tmp_path), str(tmp_path)),
        (str(text), str(text)), (first["tls_certificate_file"], second["tls_key_file"]),
    ]:  # fmt: skip
        ran = edge(tls_certificate_file=certificate, tls_key_file=key)
        refused(ran, repr(certificate), repr(key), "which cannot be used", "[configuration-invalid]")
        assert "hunter2" not in ran.err


def test_more_connections_than_the_system_has_files_for_are_refused(
    edge: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))
    refused(edge(connections=1000), "edge.connections' is 1000", "2612 open files", "allows this process 1024",
            "at most 206 is allowed")  # fmt: skip
