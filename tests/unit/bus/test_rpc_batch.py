"""A group of calls: each succeeds or fails by itself, once."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields
from sqlalchemy import text

from shared_components.bus.errors import CallerNotAllowed, DeadlinePassed, InvalidArguments, OperationReused
from shared_components.bus.server import call_admission, rpc_batch
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.bus.server.process_copies import ProcessCopies
from shared_components.bus.server.refusal_records import RefusalMinutes
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.bus.server.step_hook import NO_HOOK
from shared_components.bus.server.transactions import Transactions
from shared_components.contracts import EventContract, Message, MethodContract, ServiceContract
from shared_components.contracts.deprecation import Deprecation
from shared_components.db import Database, operations
from shared_components.db.tables import platform
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import SystemClock
from shared_components.kernel.errors import AppError, Conflict, Internal
from shared_components.observability.metrics import METRICS
from shared_components.security import Secrets


class Deposit(Message):
    account = fields.String(required=True)
    amount_minor = fields.Integer(required=True, strict=True)


class Deposited(Message):
    account = fields.String()
    amount_minor = fields.Integer()


class AccountClosed(Conflict):
    code = "test.account-closed"


class Provider:
    """TransactionProvider without a container: the transaction is the scope itself."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = SystemClock()
        self.settings: dict[str, Any] = {}
        self.secrets = Secrets.for_development(folder)
        self.contract = ServiceContract("test", "1.0", {}, (EventContract("deposited", Deposited),))
        self.published: list[Any] = []
        self.relay = SimpleNamespace(committed=self.published.extend)
        self.step_hook = NO_HOOK
        self.copies: ProcessCopies | None = None
        self.refusals = RefusalMinutes()

    def make(self, scope: TransactionScope) -> TransactionScope:
        return scope


class Bank:
    """A service with one bulk and one single method over a table of deposits."""

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions
        self.groups: list[int] = []

    def deposit_bulk(self, tx: TransactionScope, calls: Sequence[Call]) -> list[Any]:
        self.groups.append(len(calls))
        return [self._one(tx, call) for call in calls]

    def deposit(self, tx: TransactionScope, call: Call) -> Any:
        result = self._one(tx, call)
        if isinstance(result, AppError):
            raise result
        return result

    def _one(self, tx: TransactionScope, call: Call) -> Any:
        data = call.data
        if data["account"] == "closed":
            return AccountClosed("account is closed")
        if data["account"] == "bug":
            raise RuntimeError("a bug with secret 330106199003070014")
        tx.session.execute(text("INSERT INTO deposits VALUES (:account, :amount_minor)"), dict(data))
        tx.events.record("deposited", aggregate=data["account"], tenant=call.context.tenant, data=data)
        return data


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    database = Database(f"sqlite:///{tmp_path}/bank.db", "test")
    with database.engine.begin() as connection:
        platform.create_all(connection)
        connection.execute(text("CREATE TABLE deposits (account TEXT, amount_minor INTEGER)"))
    yield Provider(database, tmp_path)
    database.dispose()


@pytest.fixture
def bank(provider: Provider) -> Bank:
    return Bank(Transactions(provider))  # type: ignore[arg-type]


def contract(**changes: Any) -> MethodContract:
    given: dict[str, Any] = {
        "name": "deposit", "request": Deposit, "reply": Deposited, "callers": ("matter", "app"), "mutating": True,
        "bulk": True,
    }
    return MethodContract(**(given | changes))


def request(op_id: str, account: str = "a", amount_minor: Any = 1, caller: str = "matter", **context: Any) -> Request:
    return Request(
        {"account": account, "amount_minor": amount_minor},
        CallContext(caller=caller, tenant="default", op_id=op_id, **context))


def outcomes(bank: Bank, *requests: Request, **changes: Any) -> list[Any]:
    handler = Bank.deposit_bulk if changes.get("bulk", True) else Bank.deposit
    return [one.outcome for one in run_calls(bank, contract(**changes), handler, requests)]


def deposits(provider: Provider) -> list[tuple[str, int]]:
    with provider.database.reading() as session:
        return sorted((row.account, row.amount_minor) for row in session.execute(text("SELECT * FROM deposits")))


def test_a_group_is_one_call_of_the_handler_and_one_commit(bank: Bank, provider: Provider) -> None:
    replies = outcomes(bank, request("1", "a"), request("2", "b"), request("3", "c"))
    assert [reply["account"] for reply in replies] == ["a", "b", "c"]
    assert bank.groups == [3]
    assert deposits(provider) == [("a", 1), ("b", 1), ("c", 1)]
    assert [row["aggregate"] for row in provider.published] == ["a", "b", "c"]


def test_calls_of_a_deprecated_method_are_counted_by_who_makes_them(bank: Bank) -> None:
    bank.name = "bank"  # type: ignore[attr-defined]
    due = Deprecation(date(2026, 1, 1), date(2026, 12, 31), "Use pay_in.", "请改用 pay_in。")
    outcomes(bank, request("1", caller="app-late"), request("2", caller="app-late"), deprecated=due)
    line = b'zhongtai_deprecated_calls_total{caller="app-late",method="deposit",service="bank"} 2.0'
    assert line in METRICS.render()


def test_a_refused_call_does_not_sink_its_neighbours(bank: Bank, provider: Provider) -> None:
    first, refused, last = outcomes(bank, request("1", "a"), request("2", "closed"), request("3", "c"))
    assert isinstance(refused, AccountClosed)
    assert (first["account"], last["account"]) == ("a", "c")
    assert bank.groups == [3]
    assert deposits(provider) == [("a", 1), ("c", 1)]


def test_calls_of_apps_that_the_gateway_passes_on_reach_public_methods_only(bank: Bank) -> None:
    """A method that is open to the gateway, or to any service, is open for its own work."""
    passed_on = request("1", "a", caller="app-tax", via="gateway")
    own, refused = outcomes(bank, request("2", "b", caller="gateway"), passed_on, callers=("service",))
    assert (own["account"], type(refused)) == ("b", CallerNotAllowed)
    (served,) = outcomes(bank, request("3", "c", caller="app-tax", via="gateway"), callers=("gateway",), public=True)
    assert served["account"] == "c"


def test_a_bug_in_one_call_does_not_sink_its_neighbours(bank: Bank, provider: Provider) -> None:
    first, failed, last = outcomes(bank, request("1", "a"), request("2", "bug"), request("3", "c"))
    assert type(failed) is Internal and "330106" not in str(failed.to_wire())
    assert (first["account"], last["account"]) == ("a", "c")
    assert deposits(provider) == [("a", 1), ("c", 1)]
    assert len(provider.published) == 2


def test_invalid_arguments_name_the_field_and_what_is_allowed(bank: Bank) -> None:
    good, bad = outcomes(bank, request("1", "a"), request("2", "b", "ten"))
    assert good["account"] == "a"
    assert isinstance(bad, InvalidArguments)
    assert bad.details == {"fields": {"amount_minor": ["Not a whole number."]}, "allowed": ["account", "amount_minor"]}


def test_the_same_operation_has_one_effect_and_the_same_reply(bank: Bank, provider: Provider) -> None:
    (first,) = outcomes(bank, request("1", "a"))
    (second,) = outcomes(bank, request("1", "a"))
    assert first == second
    assert deposits(provider) == [("a", 1)]
    assert len(provider.published) == 1


def test_the_same_operation_twice_in_one_group_has_one_effect(bank: Bank, provider: Provider) -> None:
    first, second, third = outcomes(bank, request("1", "a"), request("1", "a"), request("1", "a"))
    assert first == second == third
    assert deposits(provider) == [("a", 1)]


def test_an_operation_id_with_another_body_is_a_conflict(bank: Bank, provider: Provider) -> None:
    outcomes(bank, request("1", "a", 1))
    (reused,) = outcomes(bank, request("1", "a", 2))
    assert isinstance(reused, OperationReused)
    assert deposits(provider) == [("a", 1)]


def test_operation_ids_of_two_callers_do_not_meet(bank: Bank, provider: Provider) -> None:
    outcomes(bank, request("1", "a", caller="matter"), request("1", "b", caller="app-one"))
    assert deposits(provider) == [("a", 1), ("b", 1)]


def test_an_operation_that_failed_can_be_asked_again(bank: Bank, provider: Provider) -> None:
    (failed,) = outcomes(bank, request("1", "closed"))
    assert isinstance(failed, AccountClosed)
    (again,) = outcomes(bank, request("1", "closed"))
    assert isinstance(again, AccountClosed)


def test_who_is_not_on_the_list_is_refused_before_anything_runs(bank: Bank, provider: Provider) -> None:
    (refused,) = outcomes(bank, request("1", caller="notification"))
    assert isinstance(refused, CallerNotAllowed)
    assert bank.groups == []


def test_what_nobody_waits_for_any_more_is_not_run(bank: Bank, provider: Provider) -> None:
    (late,) = outcomes(bank, request("1", deadline_s=1.0))
    assert isinstance(late, DeadlinePassed)
    assert deposits(provider) == []


@pytest.mark.parametrize("bulk", [True, False])
def test_what_waited_for_a_connection_until_its_deadline_is_not_run(
    bank: Bank, provider: Provider, monkeypatch: pytest.MonkeyPatch, bulk: bool,
) -> None:
    monkeypatch.setattr(call_admission, "time", lambda: 10.0)
    monkeypatch.setattr(rpc_batch, "time", lambda: 30.0)
    late, in_time = outcomes(bank, request("1", "a", deadline_s=20.0), request("2", "b", deadline_s=40.0), bulk=bulk)
    assert isinstance(late, DeadlinePassed)
    assert in_time["account"] == "b"
    assert deposits(provider) == [("b", 1)]


def test_what_waited_too_long_is_not_read_either(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_admission, "time", lambda: 10.0)
    monkeypatch.setattr(rpc_batch, "time", lambda: 30.0)
    asked = [request("1", "a", deadline_s=20.0), request("2", "b", deadline_s=40.0)]
    run_calls(bank, contract(bulk=False, mutating=False), lambda service, tx, call: call.data, asked)
    assert [one.done for one in asked] == [True, True]
    assert isinstance(asked[0].outcome, DeadlinePassed)
    assert asked[1].outcome["account"] == "b"


@pytest.mark.parametrize("bulk", [True, False])
def test_a_done_operation_answers_also_after_the_deadline(
    bank: Bank, provider: Provider, monkeypatch: pytest.MonkeyPatch, bulk: bool,
) -> None:
    (first,) = outcomes(bank, request("1", "a"), bulk=bulk)
    monkeypatch.setattr(call_admission, "time", lambda: 10.0)
    monkeypatch.setattr(rpc_batch, "time", lambda: 30.0)
    assert outcomes(bank, request("1", "a", deadline_s=20.0), bulk=bulk) == [first]


@pytest.mark.parametrize("bulk", [True, False])
def test_losing_a_race_for_an_operation_finds_the_winners_reply(bank: Bank, provider: Provider, bulk: bool) -> None:
    """Another worker commits the operation between our look-up and our commit."""
    real_find = operations.find
    asked = []

    def find(session: Any, keys: Any) -> Any:
        asked.append(keys)
        return {} if len(asked) == 1 else real_find(session, keys)

    (winner,) = outcomes(bank, request("1", "a"), bulk=bulk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "find", find)
        (loser,) = outcomes(bank, request("1", "a"), bulk=bulk)
    assert loser == winner
    assert deposits(provider) == [("a", 1)]
    assert len(provider.published) == 1


def test_a_group_takes_a_constant_number_of_statements(bank: Bank, provider: Provider) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    event.listen(provider.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    outcomes(bank, *[request(f"op-{n}", f"account-{n}") for n in range(100)])
    ours = [statement for statement in statements if "deposits" not in statement]
    assert len([s for s in ours if "operations" in s]) == 2, ours
    assert len([s for s in ours if "outbox" in s]) == 1, ours


def test_replies_are_kept_sealed(bank: Bank, provider: Provider) -> None:
    outcomes(bank, request("1", "canary-account"))
    with provider.database.reading() as session:
        kept = session.execute(text("SELECT reply FROM operations")).scalar_one()
    assert b"canary-account" not in bytes(kept)
    (again,) = outcomes(bank, request("1", "canary-account"))
    assert again["account"] == "canary-account"
