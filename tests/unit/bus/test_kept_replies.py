"""Kept replies belong to the person for whom the call was made, and to nobody else."""
from __future__ import annotations

import hashlib
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from shared_components.bus.errors import OperationReused, ReplyNotKept
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.kernel.acting import Acting
from shared_components.kernel.errors import NotFound
from shared_components.security.keyed_hash import KeyedHash
from tests.unit.bus.test_rpc_batch import Bank, Provider, contract, deposits, outcomes, request
from tests.unit.bus.test_rpc_batch import bank as bank
from tests.unit.bus.test_rpc_batch import provider as provider

ZHANG, LI = Acting("sub_zhang", "ses_1"), Acting("sub_li", "ses_2")


def citizen(acting: Acting | None, amount_minor: int = 1) -> Any:
    return request("1", "a", amount_minor, caller="app-portal", acting=acting)


@pytest.mark.parametrize("bulk", [True, False])
def test_two_citizens_of_one_portal_have_an_effect_and_a_reply_each(bank: Bank, provider: Provider, bulk: bool) -> None:
    first = outcomes(bank, citizen(ZHANG), bulk=bulk)
    second = outcomes(bank, citizen(LI), bulk=bulk)
    assert first == second == [{"account": "a", "amount_minor": 1}]
    assert deposits(provider) == [("a", 1), ("a", 1)]


def test_two_citizens_in_one_group_are_served_as_two(bank: Bank, provider: Provider) -> None:
    outcomes(bank, citizen(ZHANG), citizen(LI), citizen(ZHANG), citizen(None))
    assert deposits(provider) == [("a", 1)] * 3


def test_a_citizen_s_reply_is_never_another_s(bank: Bank) -> None:
    """The reply names who asked, as one that holds a person's data would."""
    def whose(self: Bank, tx: Any, call: Any) -> Any:
        return {"account": call.context.acting.subject, "amount_minor": 1}

    def ask(acting: Acting) -> Any:
        return run_calls(bank, contract(bulk=False), whose, [citizen(acting)])[0].outcome["account"]

    assert [ask(ZHANG), ask(LI), ask(ZHANG), ask(LI)] == ["sub_zhang", "sub_li", "sub_zhang", "sub_li"]


def test_acting_for_another_is_another_operation(bank: Bank, provider: Provider) -> None:
    outcomes(bank, citizen(ZHANG))
    outcomes(bank, citizen(ZHANG._replace(principal="sub_mother")))
    assert len(deposits(provider)) == 2


def test_a_new_session_of_the_same_person_gets_the_kept_reply(bank: Bank, provider: Provider) -> None:
    outcomes(bank, citizen(ZHANG))
    outcomes(bank, citizen(ZHANG._replace(session="ses_9")))
    assert len(deposits(provider)) == 1


def test_the_stored_hash_says_nothing_to_who_has_no_key(bank: Bank, provider: Provider) -> None:
    (one,) = run_calls(bank, contract(), Bank.deposit_bulk, [citizen(ZHANG)])
    with provider.database.reading() as session:
        stored = session.execute(text("SELECT request_hash FROM operations")).scalar_one()
    assert stored != unkeyed(one)
    assert len(stored) == 48
    assert isinstance(outcomes(bank, citizen(ZHANG, amount_minor=2))[0], OperationReused)


def test_an_operation_that_an_older_version_has_kept_is_found(bank: Bank, provider: Provider) -> None:
    one = citizen(None)
    reply = provider.secrets.fields.encrypt('{"account":"a","amount_minor":1}', aad="app-portal/1")
    with provider.database.transaction() as session:
        session.execute(text(
            "INSERT INTO operations (caller, op_id, method, request_hash, reply, created_at) "
            "VALUES ('app-portal', '1', 'deposit', :hash, :reply, '2026-01-01 00:00:00.000000')"),
            {"hash": unkeyed(one), "reply": reply})
    assert outcomes(bank, one) == [{"account": "a", "amount_minor": 1}]
    assert isinstance(outcomes(bank, citizen(None, amount_minor=2))[0], OperationReused)
    assert deposits(provider) == []


def test_a_key_change_leaves_kept_replies_usable(bank: Bank, provider: Provider) -> None:
    outcomes(bank, citizen(ZHANG))
    old = provider.secrets._ring
    ring = type(old)({1: old._keys[1], 2: b"2" * 32})
    provider.secrets = type(provider.secrets)(ring)
    assert isinstance(provider.secrets.keyed_hash("x"), KeyedHash)
    outcomes(bank, citizen(ZHANG))
    assert len(deposits(provider)) == 1


@pytest.mark.parametrize("bulk", [True, False])
def test_a_secret_reply_is_given_once(bank: Bank, provider: Provider, bulk: bool) -> None:
    assert outcomes(bank, citizen(ZHANG), bulk=bulk, secret_reply=True) == [{"account": "a", "amount_minor": 1}]
    (again,) = outcomes(bank, citizen(ZHANG), bulk=bulk, secret_reply=True)
    assert isinstance(again, ReplyNotKept)
    assert "operation id '1'" in again.message
    with provider.database.reading() as session:
        assert bytes(session.execute(text("SELECT reply FROM operations")).scalar_one()) == b""
    assert deposits(provider) == [("a", 1)]


def test_a_secret_reply_is_given_to_the_first_of_two_in_a_group(bank: Bank) -> None:
    first, second = outcomes(bank, citizen(ZHANG), citizen(ZHANG), secret_reply=True)
    assert first == {"account": "a", "amount_minor": 1}
    assert isinstance(second, ReplyNotKept)


def test_whether_a_kept_reply_may_still_be_given_is_decided_again(
    bank: Bank, provider: Provider, monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes(bank, citizen(ZHANG))
    asked: list[str | None] = []

    def refuse(scope: Any, contract: Any, call: Any) -> None:
        asked.append(call.context.subject)
        raise NotFound("account 'a' was not found")

    monkeypatch.setattr(bank.transactions, "decide_again", refuse)
    assert isinstance(outcomes(bank, citizen(ZHANG))[0], NotFound)
    assert set(asked) == {"sub_zhang"}
    assert deposits(provider) == [("a", 1)]


def unkeyed(one: Any) -> str:
    body = orjson.dumps(one.kwargs, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(b"\0".join((b"deposit", b"default", body))).hexdigest()
