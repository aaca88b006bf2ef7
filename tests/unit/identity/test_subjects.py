"""Registering, reading and freezing; every test runs on memory and on SQLite."""
from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.identity.subjects import schemas, usecases
from services.identity.subjects.domain.errors import (
    AlreadyRegistered,
    DocumentNumberInvalid,
    IdTypeUnknown,
    NameInvalid,
    SubjectNotActive,
    SubjectNotFound,
)
from services.identity.subjects.domain.number_checks import CHECKS
from services.identity.subjects.usecases.views import SubjectView
from shared_components.kernel.calls import Call
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.numbers import NumberError, complete_resident_id
from shared_components.kernel.states import IllegalTransition
from tests.unit.identity.worlds import SqlTransactions, World, subject_for_case_of, subject_of

PERSON: dict[str, Any] = {"name": "林静", "id_number": "33010619850615002X", "mobile": "13800138000",
                          "email": "lin@example.org"}
COMPANY = {"name": "杭州示范餐饮有限公司", "credit_code": "91330106MA2DEM0091"}


def register(world: World, tenant: str = "t1", **data: Any) -> SubjectView:
    with world.transactions.begin(tenant) as tx:
        return usecases.register_person(tx, *world.call(schemas.RegisterPerson, tenant=tenant, **{**PERSON, **data}))


def test_a_person_registers_at_level_one_and_is_shown_masked(world: World) -> None:
    reply = register(world)
    assert reply.subject_id.startswith("sub_") and reply.kind == "person"
    assert (reply.level, reply.state, reply.state_label) == (1, "active", "正常")
    assert (reply.name, reply.id_number) == ("林*", "330106********002X")
    assert reply.mobile == "138****8000" and reply.email == "l***@example.org"
    (event,) = world.transactions.events
    assert (event["type"], event["aggregate"]) == ("subject-registered", reply.subject_id)
    assert "林静" not in str(event) and "33010619850615002X" not in str(event)


@pytest.mark.parametrize(("locale", "label"), [("zh-CN", "正常"), ("en", "Active")])
def test_a_states_name_is_in_the_language_of_the_call(world: World, locale: str, label: str) -> None:
    subject_id = register(world).subject_id
    with world.transactions.begin("t1") as tx:
        command, context = world.call(schemas.BySubject, subject_id=subject_id)
        assert subject_of(tx, Call(command, context._replace(locale=locale))).state_label == label


def test_get_gives_what_registering_gave(world: World) -> None:
    reply = register(world)
    with world.transactions.begin("t1") as tx:
        assert subject_of(tx, world.call(schemas.BySubject, subject_id=reply.subject_id)) == reply


def test_a_case_is_given_the_fields_unmasked(world: World) -> None:
    reply = register(world)
    with world.transactions.begin("t1") as tx:
        shown = subject_for_case_of(tx, world.call(schemas.ForCase, subject_id=reply.subject_id, purpose="D case_1"))
    assert {**PERSON, "id_type": "111", "level": 1, "locale": "zh-CN"}.items() <= asdict(shown).items()


def test_the_same_document_is_refused_without_telling_of_the_first(world: World) -> None:
    first = register(world)
    with pytest.raises(AlreadyRegistered) as caught:
        register(world, name="别人", id_number=" 33010619850615002x ", mobile=None)
    assert first.subject_id not in str(caught.value.to_wire()) and caught.value.details == {}
    assert len(world.transactions.events) == 1


def test_two_registrations_at_once_leave_one(world: World) -> None:
    register(world)
    with pytest.raises(AlreadyRegistered), world.transactions.begin("t1") as tx:
        tx.subjects.find = lambda *_: None  # type: ignore[method-assign]
        usecases.register_person(tx, *world.call(schemas.RegisterPerson, **PERSON))


def test_another_tenant_has_its_own_subjects(world: World) -> None:
    first, second = register(world), register(world, tenant="t2")
    assert first.subject_id != second.subject_id
    with world.transactions.begin("t2") as tx, pytest.raises(SubjectNotFound):
        subject_of(tx, world.call(schemas.BySubject, tenant="t2", subject_id=first.subject_id))


def test_an_organisation_registers_and_its_public_facts_are_shown(world: World) -> None:
    with world.transactions.begin("t1") as tx:
        reply = usecases.register_organisation(tx, *world.call(schemas.RegisterOrganisation, **COMPANY))
    assert (reply.kind, reply.id_type, reply.id_number) == ("organisation", "001", COMPANY["credit_code"])
    assert reply.name == COMPANY["name"]


@pytest.mark.parametrize("number", [
    "33010619850615002", "330106198506150020", "33010620990101001X", "990106198506150021", "x" * 18,
    "３3010619850615002X",
])
def test_a_number_that_cannot_be_right_is_refused_without_repeating_it(world: World, number: str) -> None:
    with pytest.raises(NumberError) as caught:
        register(world, id_number=number)
    assert number not in str(caught.value.to_wire())


@pytest.mark.parametrize("number", ["320106196501010019", "330106195501010016", "810000199001010019"])
def test_real_people_that_others_refuse_are_accepted(world: World, number: str) -> None:
    assert register(world, id_number=number).level == 1


def test_a_child_born_today_in_china_is_accepted(world: World) -> None:
    world.clock.advance(datetime(2026, 4, 30, 17, 0, tzinfo=UTC) - world.clock.now())  # 1 May in China
    assert register(world, id_number="330106202605010013").level == 1


def test_other_documents_are_accepted_when_configured(world: World) -> None:
    assert register(world, id_type="414", id_number="e12345678").id_number == "E1*****78"
    with pytest.raises(DocumentNumberInvalid):
        register(world, id_type="414", id_number="12")
    with pytest.raises(IdTypeUnknown, match=r"\['111', '414', '552', '553', 'NET'\]"):
        register(world, id_type="999", id_number="12")


PERMANENT_RESIDENT = complete_resident_id("93310840199003070")


def test_a_permanent_residence_card_is_accepted_by_its_check_rule(world: World) -> None:
    assert register(world, id_type="553", id_number=PERMANENT_RESIDENT).id_type == "553"
    wrong = PERMANENT_RESIDENT[:-1] + ("0" if PERMANENT_RESIDENT[-1] != "0" else "1")
    with pytest.raises(DocumentNumberInvalid) as caught:
        register(world, id_type="553", id_number=wrong)
    assert wrong not in str(caught.value.to_wire())
    assert register(world, id_type="552", id_number="USA110090030712").id_type == "552"
    with pytest.raises(DocumentNumberInvalid):
        register(world, id_type="552", id_number="USA110090030711")


@pytest.mark.parametrize("number", ["7408122", "1204159", "L898902C36"])
def test_the_rule_of_machine_readable_documents_takes_the_examples_of_icao_9303(number: str) -> None:
    assert CHECKS["mrz-731"](number) and not CHECKS["mrz-731"](number[:-1] + "0")


def test_a_subject_without_a_document_registers_by_an_id_of_an_outside_provider(world: World) -> None:
    upper, lower = "NET0AbCdEfGhIjKlMn==", "net0AbCdEfGhIjKlMn=="
    first = register(world, id_type="NET", id_number=upper)
    assert first.subject_id != register(world, id_type="NET", id_number=lower).subject_id
    with world.transactions.begin("t1") as tx:
        found = usecases.find_subject(tx, *world.call(schemas.FindSubject, id_type="NET", id_number=upper))
    assert found.subject_id == first.subject_id and upper not in str(asdict(found))


@pytest.mark.parametrize("name", ["林\x00静", "<b>林静</b>", "   ", "\ud800"])
def test_names_that_are_none_are_refused(world: World, name: str) -> None:
    with pytest.raises(NameInvalid):
        register(world, name=name)


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "Mary-Jane O'Neil", "欧阳 慧敏", "𠮷田"])
def test_names_of_many_kinds_are_accepted(world: World, name: str) -> None:
    subject_id = register(world, name=name).subject_id
    with world.transactions.begin("t1") as tx:
        call = world.call(schemas.ForCase, subject_id=subject_id, purpose="x")
        assert subject_for_case_of(tx, call).name == name


def test_a_subject_is_found_by_its_document(world: World) -> None:
    reply = register(world)
    with world.transactions.begin("t1") as tx:
        assert usecases.find_subject(tx, *world.call(schemas.FindSubject, id_number=PERSON["id_number"])) == reply
        with pytest.raises(SubjectNotFound):
            usecases.find_subject(tx, *world.call(schemas.FindSubject, id_number="330106199003070014"))


def move(world: World, subject_id: str, target: str) -> SubjectView:
    with world.transactions.begin("t1") as tx:
        call = world.call(schemas.ChangeState, caller="operator", subject_id=subject_id, reason="reported stolen")
        return usecases.change_state(tx, *call, target=target)


def test_a_frozen_subject_is_seen_but_its_data_goes_nowhere(world: World) -> None:
    subject_id = register(world).subject_id
    assert move(world, subject_id, "frozen").state == "frozen"
    with world.transactions.begin("t1") as tx:
        assert subject_of(tx, world.call(schemas.BySubject, subject_id=subject_id)).state == "frozen"
        with pytest.raises(SubjectNotActive):
            subject_for_case_of(tx, world.call(schemas.ForCase, subject_id=subject_id, purpose="x"))
    assert move(world, subject_id, "active").state_label == "正常"
    assert [event["sequence"] for event in world.transactions.events] == [1, 2, 3]


def test_closed_is_final_and_history_is_kept(world: World) -> None:
    subject_id = register(world).subject_id
    move(world, subject_id, "closed")
    for target in ("active", "frozen", "closed"):
        with pytest.raises(IllegalTransition):
            move(world, subject_id, target)
    assert world.transactions.changes == ["subject-registered", "subject-state-changed"]
    with pytest.raises(AlreadyRegistered):
        register(world)


def test_the_database_file_holds_no_personal_data(tmp_path: Path) -> None:
    clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    transactions = SqlTransactions(tmp_path, clock)
    register(World(transactions, clock))
    transactions.database.dispose()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    assert b"sub_" in raw
    for canary in PERSON.values():
        assert canary.encode() not in raw


def test_a_subject_does_not_show_itself_in_a_repr(world: World) -> None:
    subject_id = register(world).subject_id
    with world.transactions.begin("t1") as tx:
        shown = repr(tx.subjects.get("t1", subject_id))
    assert subject_id in shown and not any(value in shown for value in PERSON.values())


def test_time_passes_without_changing_a_plain_registration(world: World) -> None:
    subject_id = register(world).subject_id
    world.clock.advance(timedelta(days=10_000))
    with world.transactions.begin("t1") as tx:
        assert subject_of(tx, world.call(schemas.BySubject, subject_id=subject_id)).level == 1
