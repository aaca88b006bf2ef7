"""Evidence and levels; every test runs on memory and on SQLite."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.identity.sandbox import ORGANISATIONS, PERSONS, SandboxAuthority
from services.identity.subjects import schemas, usecases
from services.identity.subjects.domain.documents import DocumentRules
from services.identity.subjects.domain.errors import (
    EvidenceNotAllowed,
    EvidenceRefused,
    JurisdictionUnknown,
    SubjectNotActive,
    SubjectNotFound,
)
from services.identity.subjects.domain.levels import LevelRule, LevelTable
from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.domain.ports import Authority, Claim
from services.identity.subjects.usecases.views import SubjectView
from shared_components.kernel.numbers import NumberError, validate_credit_code, validate_resident_id
from tests.unit.identity.fakes import YesAuthority
from tests.unit.identity.test_subjects import COMPANY, move, register
from tests.unit.identity.worlds import World, subject_of

PRESENT = {"presence_token": "sandbox-present"}


def add(
    world: World, subject_id: str, kind: str, data: dict[str, str] | None = None, *,
    authority: Authority | None = None, **context: str,
) -> SubjectView:
    call = world.call(schemas.AddEvidence, subject_id=subject_id, kind=kind, data=data or {},
                      **{"op_id": f"op-{kind}", **context})
    return usecases.add_evidence(world.transactions, authority or SandboxAuthority(), *call)


def test_lin_jing_reaches_level_three(world: World) -> None:
    subject_id = register(world).subject_id
    assert add(world, subject_id, "name-number-match").level == 2
    assert add(world, subject_id, "proof-of-presence", PRESENT).level == 3
    raised = [event["data"] for event in world.transactions.events if event["type"] == "level-raised"]
    assert [(data["level_before"], data["level"], data["evidence_kind"]) for data in raised] == [
        (1, 2, "name-number-match"), (2, 3, "proof-of-presence")]
    assert world.transactions.changes == ["subject-registered", "evidence-added", "evidence-added"]
    with world.transactions.begin("t1") as tx:
        page = usecases.list_evidence(tx, *world.call(schemas.ListEvidence, subject_id=subject_id))
    assert [item.kind for item in page.items] == ["proof-of-presence", "name-number-match"]
    assert page.next is None


def test_lower_evidence_after_higher_raises_nothing(world: World) -> None:
    subject_id = register(world).subject_id
    assert add(world, subject_id, "proof-of-presence", PRESENT).level == 3
    assert add(world, subject_id, "name-number-match").level == 3
    assert [event["type"] for event in world.transactions.events] == ["subject-registered", "level-raised"]


@pytest.mark.parametrize(("name", "kind", "data", "reason"), [
    ("林晶", "name-number-match", {}, "no-match"),
    ("林晶", "proof-of-presence", PRESENT, "no-match"),
    ("林静", "proof-of-presence", {}, "token-missing"),
    ("林静", "proof-of-presence", {"presence_token": "guess"}, "token-wrong"),
    ("林静", "proof-of-presence", {"presence_token": "sandbox-absent"}, "not-present"),
    ("林静", "certificate", PRESENT, "token-missing"),
])
def test_a_refusal_names_its_reason_and_changes_nothing(
    world: World, name: str, kind: str, data: dict[str, str], reason: str
) -> None:
    subject_id = register(world, name=name).subject_id
    with pytest.raises(EvidenceRefused) as caught:
        add(world, subject_id, kind, data)
    assert caught.value.details["reason"] == reason and name not in str(caught.value.to_wire())
    with world.transactions.begin("t1") as tx:
        assert subject_of(tx, world.call(schemas.BySubject, subject_id=subject_id)).level == 1
        assert usecases.list_evidence(tx, *world.call(schemas.ListEvidence, subject_id=subject_id)).items == []


def test_a_counter_check_is_the_operators_to_bring(world: World) -> None:
    subject_id, seen = register(world).subject_id, {"counter_token": "sandbox-counter"}
    with pytest.raises(EvidenceNotAllowed):
        add(world, subject_id, "counter-check", seen)
    assert add(world, subject_id, "counter-check", seen, caller="operator").level == 4


def test_the_same_operation_counts_once_even_after_a_crash_before_its_record(world: World) -> None:
    subject_id = register(world).subject_id
    first = add(world, subject_id, "name-number-match")
    assert add(world, subject_id, "name-number-match") == first
    assert world.transactions.changes.count("evidence-added") == 1
    add(world, subject_id, "name-number-match", op_id="op-2")
    assert world.transactions.changes.count("evidence-added") == 2


def test_frozen_and_unknown_subjects_get_no_evidence(world: World) -> None:
    subject_id = register(world).subject_id
    with pytest.raises(SubjectNotFound):
        add(world, "sub_none", "name-number-match")
    with pytest.raises(SubjectNotFound):
        add(world, subject_id, "name-number-match", tenant="t2")
    move(world, subject_id, "frozen")
    with pytest.raises(SubjectNotActive):
        add(world, subject_id, "name-number-match")


def test_a_subject_frozen_while_the_authority_is_asked_gets_no_evidence(world: World) -> None:
    subject_id = register(world).subject_id

    class Slow(YesAuthority):
        def confirm(self, claim: Any, *, key: str) -> Any:
            move(world, subject_id, "frozen")
            return super().confirm(claim, key=key)

    with pytest.raises(SubjectNotActive):
        add(world, subject_id, "name-number-match", authority=Slow())
    assert "evidence-added" not in world.transactions.changes


def test_an_organisation_is_matched_too(world: World) -> None:
    with world.transactions.begin("t1") as tx:
        reply = usecases.register_organisation(tx, *world.call(schemas.RegisterOrganisation, **COMPANY))
    assert add(world, reply.subject_id, "name-number-match").level == 2


def test_evidence_that_ends_lowers_the_level_by_itself(world: World) -> None:
    rules = [LevelRule(1, "一", ""), LevelRule(2, "二", "", ("name-number-match",)),
             LevelRule(3, "三", "", ("proof-of-presence",), valid_days=365)]
    table = LevelTable("330000", rules)
    world.transactions.policy = IdentityPolicy(DocumentRules(), table, {"330000": table})
    subject_id = register(world).subject_id
    add(world, subject_id, "name-number-match")
    assert add(world, subject_id, "proof-of-presence", PRESENT).level == 3
    world.clock.advance(timedelta(days=364))
    call = world.call(schemas.BySubject, subject_id=subject_id)
    with world.transactions.begin("t1") as tx:
        assert subject_of(tx, call).level == 3
    world.clock.advance(timedelta(days=1))
    with world.transactions.begin("t1") as tx:
        assert subject_of(tx, call).level == 2
    assert add(world, subject_id, "proof-of-presence", PRESENT, op_id="op-2").level == 3


def test_the_history_is_paged(world: World) -> None:
    subject_id = register(world).subject_id
    for number in range(5):
        add(world, subject_id, "name-number-match", op_id=f"op-{number}")
    seen: list[str] = []
    after = None
    for expected in (2, 2, 1):
        with world.transactions.begin("t1") as tx:
            call = world.call(schemas.ListEvidence, subject_id=subject_id, limit=2, after=after)
            page = usecases.list_evidence(tx, *call)
        assert len(page.items) == expected
        seen += [item.evidence_id for item in page.items]
        after = page.next
    assert seen == sorted(set(seen), reverse=True) and after is None


def test_levels_are_listed_by_jurisdiction(world: World) -> None:
    with world.transactions.begin("t1") as tx:
        reply = usecases.list_levels(tx, *world.call(schemas.ListLevels))
        assert (reply.jurisdiction, [item.level for item in reply.items]) == ("CN", [1, 2, 3, 4])
        with pytest.raises(JurisdictionUnknown, match=r"\['CN'\]"):
            usecases.list_levels(tx, *world.call(schemas.ListLevels, jurisdiction="XX"))


@pytest.mark.parametrize("rules", [
    [], [LevelRule(2, "二", "")], [LevelRule(1, "一", "", ("certificate",))],
    [LevelRule(1, "一", ""), LevelRule(3, "三", "", ("certificate",))],
    [LevelRule(1, "一", ""), LevelRule(2, "二", "")],
    [LevelRule(1, "一", ""), LevelRule(2, "二", "", ("oath",))],
    [LevelRule(1, "一", ""), LevelRule(2, "二", "", ("certificate",)), LevelRule(3, "三", "", ("certificate",))],
])
def test_a_table_of_levels_that_makes_no_sense_is_refused(rules: list[LevelRule]) -> None:
    with pytest.raises(ValueError, match="levels of XX"):
        LevelTable("XX", rules)


def test_the_population_is_valid_stable_and_has_the_edge_cases(world: World) -> None:
    today = world.clock.now().date()
    assert all(validate_resident_id(number, today=today) for number in PERSONS)
    irregular = {code for code in ORGANISATIONS if not _strict(code)}
    assert irregular == {"91350211M0000XUF46"}
    assert PERSONS["33010619850615002X"] == "林静" and len(PERSONS) > 200
    assert {"320106196501010019", "330106195501010016", "810000199001010019", "11010519491231002X"} <= set(PERSONS)
    assert (PERSONS["330106195001011012"], PERSONS["330102195005181021"]) == ("王伟", "赵丽杰")


def test_the_same_question_gets_the_same_receipt() -> None:
    claim = Claim("name-number-match", "111", "33010619850615002X", "林静", {})
    one, again, other = (SandboxAuthority().confirm(claim, key=key).receipt for key in ("a", "a", "b"))
    assert one == again != other


def _strict(code: str) -> bool:
    try:
        return bool(validate_credit_code(code))
    except NumberError:
        return False
