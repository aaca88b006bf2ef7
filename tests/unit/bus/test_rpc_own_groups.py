"""Calls of a method with its own transactions, as a group: each succeeds or fails by itself, and is kept once."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shared_components.bus.errors import OperationReused
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.bus.server.transactions import Transactions
from shared_components.db import WriteRace, operations
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError, Internal
from tests.unit.bus.test_rpc_batch import AccountClosed, Bank, Provider, bank, contract, deposits, provider, request

__all__ = ["bank", "provider"]


def deposit_own(bank: Bank, transactions: Transactions, calls: Sequence[Call]) -> list[Any]:
    bank.groups.append(len(calls))
    results = []
    for call in calls:
        with transactions.begin(call.context.tenant) as tx:
            results.append(bank._one(tx, call))
    return results


def outcomes(bank: Bank, *requests: Request) -> list[Any]:
    run_calls(bank, contract(own_transactions=True), deposit_own, requests)
    return [one.outcome for one in requests]


def test_a_group_is_one_call_of_the_handler(bank: Bank, provider: Provider) -> None:
    replies = outcomes(bank, request("1", "a"), request("2", "closed"), request("3", "c"))
    assert bank.groups == [3]
    assert (replies[0]["account"], type(replies[1]), replies[2]["account"]) == ("a", AccountClosed, "c")
    assert deposits(provider) == [("a", 1), ("c", 1)]


def test_an_operation_that_was_done_is_answered_and_not_done(bank: Bank, provider: Provider) -> None:
    (first,) = outcomes(bank, request("1", "a"))
    again, other = outcomes(bank, request("1", "a"), request("2", "b"))
    assert again == first and other["account"] == "b"
    assert bank.groups == [1, 1]
    assert deposits(provider) == [("a", 1), ("b", 1)]


def test_an_operation_twice_in_a_group_is_done_once(bank: Bank, provider: Provider) -> None:
    first, second, other = outcomes(bank, request("1", "a"), request("1", "a"), request("1", "b"))
    assert first == second
    assert isinstance(other, OperationReused)
    assert deposits(provider) == [("a", 1)]


def test_a_bug_is_that_of_its_own_call(bank: Bank, provider: Provider) -> None:
    first, bug, last = outcomes(bank, request("1", "bug"), request("2", "b"), request("3", "c"))
    assert isinstance(first, Internal)
    assert not isinstance(bug, AppError) and not isinstance(last, AppError)
    assert bank.groups == [3, 1, 1, 1]
    assert deposits(provider) == [("b", 1), ("c", 1)]


def test_a_twin_that_kept_its_reply_first_spoils_no_neighbour(
    bank: Bank, provider: Provider, monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes(bank, request("1", "a"))
    find, looked = operations.find, []

    def too_early(session: Any, keys: Any) -> Any:
        looked.append(keys)
        return {} if len(looked) == 1 else find(session, keys)

    record = operations.record

    def taken(session: Any, rows: Any) -> None:
        if any(row["op_id"] == "1" for row in rows):
            raise WriteRace("the operation was kept meanwhile")
        record(session, rows)

    monkeypatch.setattr(operations, "find", too_early)
    monkeypatch.setattr(operations, "record", taken)
    first, other = outcomes(bank, request("1", "a"), request("2", "b"))
    assert (first["account"], other["account"]) == ("a", "b")
