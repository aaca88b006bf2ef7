"""Apps know subjects by ids of their department's sector; handlers, kept replies and services know the real ones."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from marshmallow import fields
from sqlalchemy import text

from shared_components.bus.errors import SubjectNotFound
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.bus.server.sector_ids import error_for_sector
from shared_components.contracts import Message, SubjectId, optional_subject
from shared_components.contracts import text as described
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError, Conflict
from shared_components.security.keys import KeyRing
from shared_components.security.pairwise_ids import PairwiseIds
from tests.unit.bus.test_rpc_batch import Bank, Provider, contract, deposits
from tests.unit.bus.test_rpc_batch import bank as bank
from tests.unit.bus.test_rpc_batch import provider as provider

PAIRWISE = PairwiseIds(KeyRing({1: b"k" * 32}))
ZHANG, LI = "sub_" + "0a" * 16, "sub_" + "0b" * 16


class Open(Message):
    owner_subject = optional_subject(described("Owner.", "户主。"))
    others = fields.List(SubjectId(), load_default=list)


class Person(Message):
    subject_id = SubjectId()


class Account(Message):
    owner_subject = SubjectId(allow_none=True)
    others = fields.List(SubjectId())
    people = fields.List(fields.Nested(Person))
    by_role = fields.Dict(keys=fields.String(), values=fields.Nested(Person))
    notes = fields.Dict()


class SubjectFrozen(Conflict):
    code = "test.subject-frozen"
    texts = {"en": "Frozen.", "zh": "冻结。"}


def open_accounts(service: Bank, tx: TransactionScope, calls: Sequence[Call]) -> list[Any]:
    return [_opened(service, tx, call.data) for call in calls]


def _opened(service: Bank, tx: TransactionScope, data: Any) -> Any:
    owner, others = data["owner_subject"], data["others"]
    service.groups.append(owner)
    if owner == LI:
        return SubjectFrozen(Bilingual(f"subject {LI} is 'frozen'", f"主体 {LI} 已冻结"), details={
            "subject": LI, "fields": {"owner_subject": [Bilingual(f"not {LI}", f"不得为 {LI}")]}})
    tx.session.execute(text("INSERT INTO deposits VALUES (:owner, 1)"), {"owner": owner})
    return {
        "owner_subject": owner, "others": others, "people": [{"subject_id": one} for one in others],
        "by_role": {"owner": {"subject_id": owner}},
        "notes": {"text": f"opened for {owner}, x{owner}", "deep": [[owner]]},
    }


@pytest.fixture
def pairwise(provider: Provider) -> Provider:
    provider.secrets.pairwise_ids = PAIRWISE
    return provider


def ask(bank: Bank, *requests: Request) -> list[Any]:
    opening = contract(name="open", request=Open, reply=Account)
    return [one.outcome for one in run_calls(bank, opening, open_accounts, requests)]


def asked(op_id: str, owner: Any, caller: str = "app-tax", sector: str = "tax", others: Any = ()) -> Request:
    is_app = caller.startswith("app-")
    return Request({"owner_subject": owner, "others": list(others)}, CallContext(
        caller, sector, op_id, department=sector if is_app else None))


def in_tax(subject: str) -> str:
    return PAIRWISE.to_sector(subject, "tax")


def test_an_app_gives_and_gets_ids_of_its_sector_everywhere(bank: Bank, pairwise: Provider) -> None:
    mine, other = in_tax(ZHANG), in_tax(LI)
    (reply,) = ask(bank, asked("1", mine, others=[other]))
    assert reply == {
        "owner_subject": mine, "others": [other], "people": [{"subject_id": other}],
        "by_role": {"owner": {"subject_id": mine}},
        "notes": {"text": f"opened for {mine}, x{mine}", "deep": [[mine]]}}
    assert deposits(pairwise) == [(ZHANG, 1)]


def test_a_group_of_two_departments_and_a_service_gets_each_its_ids(bank: Bank, pairwise: Provider) -> None:
    health = PAIRWISE.to_sector(ZHANG, "health")
    replies = ask(bank, asked("1", in_tax(ZHANG)), asked("2", health, "app-health", "health"),
                  asked("3", ZHANG, "matter"))
    assert [reply["owner_subject"] for reply in replies] == [in_tax(ZHANG), health, ZHANG]


@pytest.mark.parametrize("given", [
    ZHANG, LI, "", "sub_", "psub_", "garbage", "王伟", PAIRWISE.to_sector(ZHANG, "health"),
    PAIRWISE.to_sector(ZHANG, "tax-sandbox"), in_tax(ZHANG)[:-1],
])
def test_every_id_that_is_not_of_the_sector_gets_one_answer(bank: Bank, pairwise: Provider, given: str) -> None:
    (refused,) = ask(bank, asked("1", given))
    (unknown,) = ask(bank, asked("2", PAIRWISE.to_sector("sub_" + "ff" * 16, "other")))
    assert isinstance(refused, SubjectNotFound)
    assert refused.to_wire() == unknown.to_wire()
    assert bank.groups == [], "nothing was looked up"


def test_one_wrong_id_of_a_list_refuses_the_call_and_no_other(bank: Bank, pairwise: Provider) -> None:
    refused, done = ask(bank, asked("1", in_tax(ZHANG), others=[in_tax(LI), LI]), asked("2", in_tax(ZHANG)))
    assert isinstance(refused, SubjectNotFound) and refused.details == {"field": "others"}
    assert done["owner_subject"] == in_tax(ZHANG)


@pytest.mark.parametrize("owner", [5, ["x"], {"a": 1}])
def test_what_is_no_text_is_for_the_schema_to_refuse(bank: Bank, pairwise: Provider, owner: Any) -> None:
    (refused,) = ask(bank, asked("1", owner))
    assert refused.code == "bus.invalid-arguments"


def test_an_error_names_subjects_as_the_app_knows_them(bank: Bank, pairwise: Provider) -> None:
    (refused,) = ask(bank, asked("1", in_tax(LI)))
    assert isinstance(refused, SubjectFrozen)
    assert LI not in str(refused.to_wire()) and refused.message == f"subject {in_tax(LI)} is 'frozen'"
    assert refused.message_zh == f"主体 {in_tax(LI)} 已冻结"
    assert refused.details["subject"] == in_tax(LI)
    assert refused.fields_in("zh")["owner_subject"] == [f"不得为 {in_tax(LI)}"]
    (told,) = ask(bank, asked("2", LI, "matter"))
    assert told.details["subject"] == LI, "a service is told the real id"


def test_an_error_that_two_apps_share_is_told_to_each_with_its_own_ids() -> None:
    error = SubjectFrozen(f"subject {ZHANG}")
    first, second = (error_for_sector(PAIRWISE, error, sector) for sector in ("tax", "health"))
    assert first.message == f"subject {in_tax(ZHANG)}"
    assert second.message == f"subject {PAIRWISE.to_sector(ZHANG, 'health')}"
    assert error.message == f"subject {ZHANG}"
    plain = AppError("nothing of a person")
    assert error_for_sector(PAIRWISE, plain, "tax") is plain


def test_a_repeated_call_gets_its_kept_reply_in_its_sector(bank: Bank, pairwise: Provider) -> None:
    first = ask(bank, asked("1", in_tax(ZHANG)))
    assert ask(bank, asked("1", in_tax(ZHANG))) == first
    assert len(deposits(pairwise)) == 1


def test_a_call_from_before_is_the_same_operation_after_they_are_turned_on(bank: Bank, provider: Provider) -> None:
    ask(bank, asked("1", ZHANG))
    provider.secrets.pairwise_ids = PAIRWISE
    (reply,) = ask(bank, asked("1", in_tax(ZHANG)))
    assert reply["owner_subject"] == in_tax(ZHANG) and len(deposits(provider)) == 1


def test_where_they_are_off_apps_know_the_real_ids(bank: Bank, provider: Provider) -> None:
    (reply,) = ask(bank, asked("1", ZHANG))
    assert reply["owner_subject"] == ZHANG


def test_no_subject_is_no_subject(bank: Bank, pairwise: Provider) -> None:
    (reply,) = ask(bank, asked("1", None, others=[]))
    assert reply["owner_subject"] is None and reply["people"] == []
