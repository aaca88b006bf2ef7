from __future__ import annotations

import json
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shared_components.cli import app
from shared_components.cli.call import request_of, wanted_of
from shared_components.cli.errors import WrongUse
from shared_components.cli.green import patch_for
from shared_components.kernel.errors import Internal, NotFound
from shared_components.runtime.discovery import service_names
from tests.unit.cli.conftest import Zhongtai


@pytest.mark.parametrize(("arguments", "said"), [
    (["stauts"], "no command 'stauts'; did you mean 'status'?"),
    (["frobnicate"], "commands are: demo, run"),
    (["graph"], "Missing argument 'SERVICE'; see 'zhongtai graph --help'"),
    (["graph", "paymnt"], "service 'paymnt' is not known; did you mean 'payment'?"),
    (["graph", "payment", "ordre"], "has no state machine 'ordre'; it has:"),
    (["migrate", "--chek"], "No such option"),
    (["call", "payment"], "SERVICE.METHOD is allowed, as in payment.get_order"),
    (["call", "payment.get_order", "order"], "KEY=VALUE is allowed, as in order_id=pay_7"),
    (["call", "payment.get_order", "--json", "[]"], "--json is a list; a JSON object is allowed"),
    (["call", "payment.get_order", "--timeout", "0"], "0.05<=x<=600"),
    (["call", "payment.get_order", "order_id=pay_7", "--caller", "matter"], "'operator' is allowed at the operator's"),
    (["dlq", "redrive", "payment"], "needs either the ids of dead letters or --all"),
    (["-c", "nowhere.yaml", "status"], "configuration file 'nowhere.yaml', which --config names, cannot"),
])
def test_wrong_use_is_one_line_and_exit_code_2(zhongtai: Zhongtai, arguments: list[str], said: str) -> None:
    ran = zhongtai(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", [
    ("payment", "graph"), ("payment", "ledger", "balance"), ("graph", "payment"), ("contracts", "check"), ("status",),
    ("keys", "new", "k"), ("new-service", "archive"), ("dlq", "list"), ("run",), ("demo",),
])
@pytest.mark.parametrize("by_variable", [False, True])
def test_a_configuration_file_that_is_named_and_not_there_is_refused_by_every_command(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], by_variable: bool,
) -> None:
    named = () if by_variable else ("-c", "nowhere.yaml")
    if by_variable:
        monkeypatch.setenv("ZHONGTAI_CONFIG", "nowhere.yaml")
    ran = zhongtai(*named, *command)
    assert (ran.code, ran.out) == (2, "")
    by = "$ZHONGTAI_CONFIG" if by_variable else "--config"
    assert ran.err == (
        f"zhongtai: configuration file 'nowhere.yaml', which {by} names, cannot be read: No such file or directory; "
        "the path of a YAML file is allowed [configuration-invalid]\n")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("command", [
    ("sandbox",), ("sandbox", "token"), ("status",), ("payment", "graph"), ("contracts", "check"), ("directory",)])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_needs_no_configuration_file(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], option: str,
) -> None:
    monkeypatch.setenv("ZHONGTAI_CONFIG", "nowhere.yaml")
    ran = zhongtai(*command, option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: zhongtai {' '.join(command)} ")


def test_help_as_a_value_does_not_make_a_missing_configuration_file_right(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZHONGTAI_CONFIG", "nowhere.yaml")
    ran = zhongtai("keys", "new", "--", "--help")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "which $ZHONGTAI_CONFIG names, cannot be read" in ran.err


def test_a_wrong_configuration_is_exit_code_2_and_names_the_key(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZHONGTAI_DATABASE_URL", "mysql://u:CANARY@h/d")
    ran = zhongtai("migrate")
    assert ran.code == 2
    assert "configuration key 'database.url' is 'mysql://u:***@h/d'" in ran.err


def test_a_limit_that_only_the_database_layer_knows_is_a_wrong_configuration_too(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZHONGTAI_DATABASE_URL", "sqlite://")
    ran = zhongtai("migrate")
    assert ran.code == 2
    assert "database.url" in ran.err


def test_a_failure_is_exit_code_1(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.zhongtai, "main", _raising(NotFound("case cas_1 is not known")))
    ran = zhongtai("status")
    assert (ran.code, ran.err) == (1, "zhongtai: case cas_1 is not known [not-found]\n")


def test_an_internal_error_of_a_service_names_its_trace(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.zhongtai, "main", _raising(Internal(details={"trace_id": "4bf92f35"})))
    assert zhongtai("status").err == "zhongtai: Internal error. (trace 4bf92f35) [internal]\n"


def test_a_bug_is_one_line_and_its_traceback_is_in_the_log_file(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app.zhongtai, "main", _raising(KeyError("CANARY")))
    ran = zhongtai("status")
    assert ran.code == 1
    assert ran.err.startswith("zhongtai: unexpected error KeyError (err_")
    assert "CANARY" not in ran.err
    assert ran.err.count("\n") == 1
    (entry,) = map(json.loads, Path("var/zhongtai-errors.log").read_text().splitlines())
    assert entry["id"] in ran.err
    assert "CANARY" in entry["traceback"]


def test_ctrl_c_is_no_traceback(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.zhongtai, "main", _raising(KeyboardInterrupt()))
    ran = zhongtai("status")
    assert (ran.code, ran.err) == (130, "zhongtai: interrupted [cli.interrupted]\n")


def test_programs_get_errors_as_json(zhongtai: Zhongtai) -> None:
    error = json.loads(zhongtai("migrate", "nothing", "--json").err)["error"]
    assert error["code"] == "cli.unknown-service"


def _raising(error: BaseException) -> object:
    def main(*_: object, **__: object) -> None:
        raise error

    return main


def test_migrations_are_run_once_and_shown(zhongtai: Zhongtai) -> None:
    waiting = zhongtai("migrate", "payment", "--check", "--json")
    assert waiting.code == 1
    assert waiting.data[0]["state"] == "waiting"
    ran = zhongtai("migrate", "payment", "--json")
    assert (ran.code, ran.data[0]["state"], ran.data[0]["revisions"][0]) == (0, "migrated", "0001")
    assert zhongtai("migrate", "payment").out.splitlines()[1].startswith("payment\tup to date")
    assert zhongtai("migrate", "payment", "--check").code == 0


def test_the_outbox_of_a_migrated_service_is_empty(zhongtai: Zhongtai) -> None:
    assert zhongtai("outbox", "list", "payment", "--json").data[0]["database"] == "not migrated"
    zhongtai("migrate", "payment")
    ran = zhongtai("outbox", "list", "payment", "--json")
    assert (ran.code, ran.data) == (0, [{"service": "payment", "waiting": 0, "oldest_s": 0.0, "database": "ok"}])


def test_status_says_what_is_not_well(zhongtai: Zhongtai) -> None:
    ran = zhongtai("status", "payment", "--json")
    assert (ran.code, ran.data[0]["state"]) == (1, "not migrated")
    zhongtai("migrate", "payment")
    ran = zhongtai("status", "payment", "--json")
    # Whether it runs in another process, nobody can see on inproc://.
    assert (ran.code, ran.data[0]["state"], ran.data[0]["outbox"]) == (0, "database ok, consumers unseen", 0)


def test_status_does_not_hang_on_a_broker_that_is_down(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", "amqp://127.0.0.1:1/")
    ran = zhongtai("status", "payment", "--json")
    assert (ran.code, ran.data[0]["state"]) == (1, "bus.broker-unavailable, not migrated")
    listed = zhongtai("dlq", "list")
    assert (listed.code, "[bus.broker-unavailable]" in listed.err) == (1, True)


def test_a_graph_is_mermaid(zhongtai: Zhongtai) -> None:
    out = zhongtai("graph", "payment", "order").out
    assert out.startswith("%% payment: order\nstateDiagram-v2\n    [*] --> created\n")
    assert set(zhongtai("graph", "payment", "--json").data) >= {"order", "refund"}


def test_a_master_key_is_made_and_renewed_and_never_shown(
    zhongtai: Zhongtai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    key_file = tmp_path / "keys" / "master.key"
    made = zhongtai("keys", "new", str(key_file))
    assert (made.code, "version 1" in made.out) == (0, True)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    first = key_file.read_text()
    assert "version 2" in zhongtai("keys", "new", str(key_file)).out
    assert key_file.read_text().startswith(first)
    assert first.split(":")[1].strip() not in made.out
    (tmp_path / "z.yaml").write_text(f"security: {{master_key_file: '{key_file}'}}")
    ran = zhongtai("-c", "z.yaml", "keys", "check", "--json")
    assert ran.data == [{"version": 1, "use": "reads"}, {"version": 2, "use": "writes and reads"}]


def test_a_broken_key_file_is_a_wrong_configuration(zhongtai: Zhongtai, tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("1:CANARY\n")
    ran = zhongtai("keys", "new", "master.key")
    assert (ran.code, "CANARY" in ran.err) == (2, False)


def test_contracts_are_compared(zhongtai: Zhongtai, tmp_path: Path) -> None:
    old = {"service": "x", "version": "1.0", "events": {}, "errors": {}, "consumes": [],
           "methods": {"get": {"callers": ["app"], "errors": [], "public": True, "mutating": False,
                               "request": {}, "reply": {}}}}
    (tmp_path / "old.json").write_text(json.dumps(old))
    (tmp_path / "new.json").write_text(json.dumps({**old, "methods": {}}))
    assert zhongtai("contracts", "diff", "old.json", "old.json").out == "no difference\n"
    ran = zhongtai("contracts", "diff", "old.json", "new.json", "--json")
    assert (ran.code, ran.data[0]["where"], ran.data[0]["breaking"]) == (1, "method get", True)
    assert zhongtai("contracts", "diff", "old.json", "new.json").err == "refused under version 1.0: 1 of 1\n"
    ran = zhongtai("contracts", "diff", "new.json", "old.json")
    assert (ran.code, ran.err) == (0, "nothing of it breaks a caller of new.json\n")
    (tmp_path / "major.json").write_text(json.dumps({**old, "methods": {}, "version": "2.0"}))
    ran = zhongtai("contracts", "diff", "old.json", "major.json")
    assert (ran.code, ran.err) == (0, "version 2.0 may break a caller of old.json, and does: 1 of 1\n")


def test_contracts_that_cannot_be_compared_are_a_wrong_use(zhongtai: Zhongtai, tmp_path: Path) -> None:
    one = {"service": "x", "version": "1.0", "events": {}, "errors": {}, "consumes": [], "methods": {}}
    (tmp_path / "one.json").write_text(json.dumps(one))
    (tmp_path / "other.json").write_text(json.dumps({**one, "service": "y"}))
    (tmp_path / "broken.json").write_text("{")
    for file, said in (
        ("gone.json", "contract 'gone.json' cannot be read"), ("broken.json", "contract 'broken.json' is not JSON"),
        ("other.json", "one.json is the contract of 'x', other.json that of 'y'"),
    ):
        ran = zhongtai("contracts", "diff", "one.json", file)
        assert (ran.code, said in ran.err, "[cli.wrong-use]" in ran.err) == (2, True, True), ran.err


def test_help_loads_no_command_and_lists_all(zhongtai: Zhongtai) -> None:
    ran = zhongtai("--help")
    assert ran.code == 0
    assert all(name in ran.out for name in app.COMMANDS)


@pytest.mark.parametrize("name", [name for name in app.COMMANDS if name != "demo"])
def test_every_command_has_help(zhongtai: Zhongtai, name: str) -> None:
    ran = zhongtai(name, "--help")
    assert (ran.code, ran.err) == (0, "")


def test_a_value_is_json_where_it_is_json() -> None:
    pairs = ("a=5", "b=text", 'c="5"', 'd={"e": [1]}', "f=", "g=NaN", "h=x=y", "i=true")
    assert request_of(pairs, '{"a": 1, "z": null}') == {
        "a": 5, "z": None, "b": "text", "c": "5", "d": {"e": [1]}, "f": "", "g": "NaN", "h": "x=y", "i": True,
    }
    with pytest.raises(WrongUse):
        request_of((), "{")


@pytest.mark.parametrize(("pair", "value"), [
    ("division=330106", "330106"), ("division=007", "007"), ('division="330106"', "330106"), ("division=1e5", "1e5"),
    ("division=true", "true"), ("division=null", "null"), ("division={}", "{}"), ("price_minor=330106", 330106),
    ("valid_until=null", None), ("valid_until=2025", "2025"), ("max_amount_minor=null", None), ("unknown=5", 5),
])
def test_a_value_is_text_where_the_contract_wants_text(
    zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch, pair: str, value: object,
) -> None:
    asked: list[object] = []
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", "amqp://127.0.0.1:1/")

    class Client:
        def __enter__(self) -> Client:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is open."""

        def call(self, *called: object, **_: object) -> None:
            asked.extend(called)

    monkeypatch.setattr("shared_components.bus.client.blocking.BusClient.from_configuration", lambda *_, **__: Client())
    assert zhongtai("call", "payment.put_fee_item", pair).code == 0
    assert asked == ["payment", "put_fee_item", {pair.partition("=")[0]: value}]


@pytest.mark.parametrize("target", ["payment.nothing", "elsewhere.put_fee_item"])
def test_what_no_contract_describes_is_read_as_json(target: str) -> None:
    assert wanted_of(*target.split(".")) == {}


def test_only_commands_that_run_services_are_patched(monkeypatch: pytest.MonkeyPatch) -> None:
    patched: list[bool] = []
    monkeypatch.setattr(
        "shared_components.bus.green.patching.patch", lambda asyncio_hub=False: patched.append(asyncio_hub))
    for arguments in (["status"], ["-c", "run", "status"], ["call", "run"], []):
        patch_for(arguments)
    assert patched == []
    for arguments in (["run"], ["-c", "f", "run", "payment"], ["run", "-w", "2", "gateway"]):
        patch_for(arguments)
    assert patched == [True, False, True]


def test_the_services_of_this_checkout_are_found() -> None:
    assert {"payment", "elicence"} <= set(service_names())


def test_status_asks_the_gateway_itself(zhongtai: Zhongtai, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    Path("zhongtai.yaml").write_text(f"http: {{port: {port}}}\n")
    monkeypatch.setenv("ZHONGTAI_CONFIG", "zhongtai.yaml")
    ran = zhongtai("status", "gateway", "--json")
    assert (ran.code, ran.data[0]["state"]) == (1, "no answer over HTTP")
    with answering_ready(port, 503):
        assert zhongtai("status", "gateway").code == 1
    with answering_ready(port, 200):
        assert zhongtai("status", "gateway", "--json").data[0]["state"] == "ok"


@contextmanager
def answering_ready(port: int, status: int) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/ready" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
