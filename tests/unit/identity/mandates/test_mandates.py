"""Appointing, accepting, revoking and expiring, with everything that nobody may do."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.identity.mandates.domain import errors
from services.identity.mandates.domain.ports import Representation
from services.identity.mandates.usecases.expire import expire_mandates
from services.identity.sessions.adapters.endings import SqlSessionEndings
from services.identity.subjects import usecases as subjects
from services.identity.subjects.domain import states as subject_states
from services.identity.subjects.domain.errors import SubjectNotActive
from services.identity.subjects.domain.ports import Confirmation
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.states import IllegalTransition
from shared_components.security.authority.errors import LevelTooLow, MandateMissing, ScopeMissing, SubjectNeeded
from tests.unit.identity.mandates.world import COMPANY, COMPANY_CODE, LI, LIN, REALM, WANG, ZHANG, Mandates

OPERATOR = CallContext("operator", REALM, op_id="op-1")


def set_state(mandates: Mandates, number: str, state: str) -> None:
    with mandates.transactions.begin(REALM) as tx:
        subjects.change_state(tx, subjects.ChangeState(mandates.people[number], "test"), OPERATOR, target=state)


def merge(mandates: Mandates, survivor: str, merged: str) -> None:
    with mandates.transactions.begin(REALM) as tx:
        subjects.merge_subjects(
            tx, subjects.MergeSubjects(mandates.people[survivor], mandates.people[merged], "test"), OPERATOR)


def expire(mandates: Mandates) -> int:
    class Everywhere:
        clock = mandates.clock

        def begin(self, tenant: str = "*") -> Any:
            return mandates.transactions.begin(tenant)

    return expire_mandates(Everywhere())


class YesRegister:
    """A register in which everybody represents everything: the legal representative has changed."""

    def confirm_representative(self, asked: Representation, *, key: str) -> Confirmation:
        return Confirmation("yes", key[-128:])


def test_a_person_appoints_another_who_accepts_and_then_acts_within_the_scopes(mandates: Mandates) -> None:
    proposed = mandates.appoint(mandates.session(LIN), ZHANG, scopes=["order", "licence:driving-licence"])
    assert (proposed.state, proposed.agent_id, proposed.agent_name) == ("proposed", None, "张**")
    assert mandates.held(ZHANG) == [], "nobody acts before the agent has accepted"
    accepted = mandates.accept(ZHANG, proposed.mandate_id)
    assert (accepted.state, accepted.agent_id) == ("active", mandates.people[ZHANG])
    acting = mandates.session(ZHANG, proposed.mandate_id)
    assert (acting.principal, acting.subject) == (mandates.people[LIN], mandates.people[ZHANG])
    assert acting.mandate is not None and acting.mandate.scopes == {"order", "licence:driving-licence"}
    assert proposed.mandate_id in mandates.copies().live_mandates


def test_both_sides_see_the_mandate_and_its_history_and_others_do_not(mandates: Mandates) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    lin, zhang, li = (mandates.session(number) for number in (LIN, ZHANG, LI))
    assert mandates.listed(lin, "given") == mandates.listed(zhang, "received") == [mandate_id]
    assert mandates.listed(lin, "received") == mandates.listed(zhang, "given") == mandates.listed(li, "received") == []
    assert mandates.history(zhang, mandate_id) == ["mandate-accepted", "mandate-appointed"]
    with pytest.raises(errors.MandateNotFound):
        mandates.get(li, mandate_id)
    with pytest.raises(errors.MandateNotFound):
        mandates.revoke(li, mandate_id)


def test_a_proposal_is_seen_by_whoever_has_the_named_document_and_by_nobody_else(mandates: Mandates) -> None:
    mandate_id = mandates.appoint(mandates.session(LIN), ZHANG).mandate_id
    assert mandates.listed(mandates.session(ZHANG), "received") == [mandate_id]
    assert mandates.listed(mandates.session(LI), "received") == []
    with pytest.raises(errors.MandateNotFound):
        mandates.accept(LI, mandate_id)
    with pytest.raises(errors.MandateNotFound):
        mandates.accept(LIN, mandate_id)


def test_appointing_tells_nothing_of_who_is_registered(mandates: Mandates) -> None:
    known = mandates.appoint(mandates.session(LIN), ZHANG)
    stranger = mandates.appoint(mandates.session(LIN), "33010619900307893X", agent_name="张建国")
    wrong_name = mandates.appoint(mandates.session(LIN), ZHANG, agent_name="张三丰")
    assert {(each.state, each.agent_id, each.agent_name) for each in (known, stranger, wrong_name)} == {
        ("proposed", None, "张**")}
    assert mandates.listed(mandates.session(ZHANG), "received") == [known.mandate_id], "name and number must both fit"


def test_who_registers_later_finds_the_proposal(mandates: Mandates) -> None:
    number = "330106195501010016"
    mandate_id = mandates.appoint(mandates.session(LIN), number, agent_name="陈德福").mandate_id
    mandates.people[number] = mandates.register(number)
    assert mandates.accept(number, mandate_id).state == "active"


def test_a_department_app_needs_the_citizens_consent_and_a_session_needs_scope_and_level(mandates: Mandates) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    with pytest.raises(errors.MandateNotFound):
        mandates.get(mandates.session(LIN), mandate_id, caller="app-hall")
    with pytest.raises(ScopeMissing):
        mandates.get(mandates.session(LIN, scopes=frozenset({"order"})), mandate_id)
    with pytest.raises(LevelTooLow):
        mandates.appoint(mandates.session(LIN, level=2), ZHANG)
    with pytest.raises(SubjectNeeded):
        mandates.context(None, "appoint_agent")


@pytest.mark.parametrize("side", [LIN, ZHANG])
def test_either_side_revokes_and_it_is_over_at_once(mandates: Mandates, side: str) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    before = mandates.session(ZHANG, mandate_id)
    assert mandates.revoke(mandates.session(side), mandate_id).state == "revoked"
    assert mandates.live(mandate_id, ZHANG) is None and mandate_id not in mandates.copies().live_mandates
    with pytest.raises(MandateMissing):
        mandates.context(before, "list_mandates")
    with pytest.raises(IllegalTransition):
        mandates.revoke(mandates.session(side), mandate_id)
    with pytest.raises(IllegalTransition):
        mandates.accept(ZHANG, mandate_id)


def test_a_refused_proposal_stays_refused(mandates: Mandates) -> None:
    mandate_id = mandates.appoint(mandates.session(LIN), ZHANG).mandate_id
    assert mandates.refuse(ZHANG, mandate_id).state == "refused"
    with pytest.raises(IllegalTransition):
        mandates.accept(ZHANG, mandate_id)


def test_a_mandate_begins_and_ends_with_its_days_in_china(mandates: Mandates) -> None:
    first = mandates.today() + timedelta(days=1)
    mandate_id = mandates.granted(
        LIN, ZHANG, valid_from=first.isoformat(), valid_until=(first + timedelta(days=1)).isoformat())
    assert mandates.live(mandate_id, ZHANG) is None, "before its first day"
    mandates.clock.advance(timedelta(hours=8))  # 16:00 UTC is midnight in China
    found = mandates.live(mandate_id, ZHANG)
    assert found is not None and found.ends_at == mandates.clock.now() + timedelta(days=2)
    mandates.clock.advance(timedelta(days=2))
    assert mandates.live(mandate_id, ZHANG) is None, "also before the clock has expired it"
    assert expire(mandates) == 1 and expire(mandates) == 0
    assert mandates.get(mandates.session(LIN), mandate_id).state == "expired"
    assert mandate_id not in mandates.copies().live_mandates


def test_a_proposal_that_nobody_accepts_expires(mandates: Mandates) -> None:
    mandate_id = mandates.appoint(mandates.session(LIN), ZHANG).mandate_id
    mandates.clock.advance(timedelta(days=30))
    with pytest.raises(errors.MandatePeriodInvalid):
        mandates.accept(ZHANG, mandate_id)
    assert expire(mandates) == 1
    assert mandates.get(mandates.session(LIN), mandate_id).state == "expired"


@pytest.mark.parametrize(("more", "error"), [
    ({"scopes": ["mandate"]}, errors.MandateTooWide),
    ({"scopes": ["personal-information"]}, errors.MandateTooWide),
    ({"scopes": ["session:all"]}, errors.MandateTooWide),
    ({"kind": "manager"}, errors.AppointmentNotAllowed),
    ({"valid_until": "2020-01-01"}, errors.MandatePeriodInvalid),
    ({"valid_from": "2026-05-01", "valid_until": "2026-04-30"}, errors.MandatePeriodInvalid),
])
def test_what_no_person_may_give_is_refused(mandates: Mandates, more: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        mandates.appoint(mandates.session(LIN), ZHANG, **more)
    with pytest.raises(errors.AgentInvalid):
        mandates.appoint(mandates.session(LIN), LIN)


def test_the_representative_is_proved_by_the_register_and_the_organisation_is_known_then(mandates: Mandates) -> None:
    mandate = mandates.prove(LIN)
    assert (mandate.kind, mandate.state, mandate.principal_name) == ("representative", "active", COMPANY)
    acting = mandates.session(LIN, mandate.mandate_id)
    assert acting.mandate is not None and acting.mandate.scopes == {"mandate", "order", "licence", "case"}
    for number, name in ((ZHANG, COMPANY), (LIN, "别的公司")):
        with pytest.raises(errors.RepresentationRefused):
            mandates.prove(number, name=name)


def test_proving_again_renews_and_another_representative_replaces(mandates: Mandates) -> None:
    first = mandates.prove(LIN)
    mandates.clock.advance(timedelta(days=100))
    again = mandates.prove(LIN)
    assert again.mandate_id == first.mandate_id and str(again.valid_until) > str(first.valid_until)
    second = mandates.prove(ZHANG, register=YesRegister())
    assert mandates.live(first.mandate_id, LIN) is None and mandates.live(second.mandate_id, ZHANG) is not None


def test_a_representative_appoints_managers_a_manager_handlers_and_nobody_gives_more_than_they_have(
    mandates: Mandates,
) -> None:
    company = mandates.session(LIN, mandates.prove(LIN).mandate_id)
    manager_id = mandates.appoint(
        company, ZHANG, kind="manager", scopes=["order", "licence:food-licence"], matters=["D1", "D2"],
        limit_minor=10_000, valid_until="2026-12-31").mandate_id
    mandates.accept(ZHANG, manager_id)
    manager = mandates.session(ZHANG, manager_id)
    fitting: dict[str, Any] = {
        "scopes": ["order"], "matters": ["D1"], "limit_minor": 10_000, "valid_until": "2026-12-31"}
    too_wide: tuple[dict[str, Any], ...] = (
        {"scopes": ["case"]}, {"scopes": ["licence"]}, {"scopes": ["*"]}, {"matters": []}, {"matters": ["D1", "D3"]},
        {"limit_minor": None}, {"limit_minor": 10_001}, {"valid_until": None}, {"valid_until": "2027-01-01"})
    for wider in too_wide:
        with pytest.raises(errors.MandateTooWide):
            mandates.appoint(manager, LI, **{**fitting, **wider})
    with pytest.raises(errors.AppointmentNotAllowed):
        mandates.appoint(manager, LI, **fitting, kind="manager")
    handler_id = mandates.appoint(manager, LI, **fitting).mandate_id
    mandates.accept(LI, handler_id)
    handler = mandates.session(LI, handler_id)
    assert handler.mandate is not None and handler.mandate.scopes == {"order"}
    assert handler.principal == manager.principal
    with pytest.raises(MandateMissing):
        mandates.appoint(handler, WANG)
    assert mandates.revoke(manager, handler_id).state == "revoked"


def test_a_manager_dismisses_neither_the_representative_nor_a_manager(mandates: Mandates) -> None:
    representative = mandates.prove(LIN).mandate_id
    company = mandates.session(LIN, representative)
    managers = [mandates.appoint(company, agent, kind="manager").mandate_id for agent in (ZHANG, LI)]
    mandates.accept(ZHANG, managers[0])
    for mandate_id in (representative, *managers):
        with pytest.raises(errors.AppointmentNotAllowed):
            mandates.revoke(mandates.session(ZHANG, managers[0]), mandate_id)
    limited = mandates.appoint(company, WANG, kind="manager", matters=["D1"]).mandate_id
    mandates.accept(WANG, limited)
    with pytest.raises(errors.MandateNotFound):
        mandates.get(mandates.session(WANG, limited), representative)
    assert mandates.revoke(company, managers[0]).state == "revoked"


def test_a_session_whose_mandate_ended_appoints_nobody_even_while_the_copy_is_behind(mandates: Mandates) -> None:
    company = mandates.session(LIN, mandates.prove(LIN).mandate_id)
    assert company.mandate is not None
    mandate_id = company.mandate.mandate_id
    behind = mandates.copies()
    mandates.revoke(mandates.session(LIN), mandate_id)
    mandates.copies = lambda: behind  # type: ignore[method-assign]
    with pytest.raises(errors.AppointmentNotAllowed):
        mandates.appoint(company, ZHANG)


@pytest.mark.parametrize("side", [LIN, ZHANG])
def test_freezing_suspends_and_closing_ends(mandates: Mandates, side: str) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    set_state(mandates, side, subject_states.FROZEN)
    assert mandates.live(mandate_id, ZHANG) is None and mandate_id not in mandates.copies().live_mandates
    set_state(mandates, side, subject_states.ACTIVE)
    assert mandates.live(mandate_id, ZHANG) is not None and mandate_id in mandates.copies().live_mandates
    set_state(mandates, side, subject_states.CLOSED)
    assert mandates.live(mandate_id, ZHANG) is None
    other = ZHANG if side == LIN else LIN
    assert mandates.history(mandates.session(other), mandate_id)[0] == "ended-with-subject"


def test_a_mandate_resumes_only_when_neither_side_is_frozen(mandates: Mandates) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    for number in (LIN, ZHANG):
        set_state(mandates, number, subject_states.FROZEN)
    set_state(mandates, LIN, subject_states.ACTIVE)
    assert mandates.live(mandate_id, ZHANG) is None
    set_state(mandates, ZHANG, subject_states.ACTIVE)
    assert mandates.live(mandate_id, ZHANG) is not None


def test_a_frozen_principal_gets_no_agent(mandates: Mandates) -> None:
    mandate_id = mandates.appoint(mandates.session(LIN), ZHANG).mandate_id
    set_state(mandates, LIN, subject_states.FROZEN)
    with pytest.raises(SubjectNotActive):
        mandates.accept(ZHANG, mandate_id)
    with pytest.raises(SubjectNotActive):
        mandates.appoint(mandates.session(LIN), ZHANG)


def test_mandates_follow_a_merge_under_new_ids(mandates: Mandates) -> None:
    received, given = mandates.granted(LIN, ZHANG), mandates.granted(ZHANG, WANG)
    between = mandates.granted(LI, ZHANG)
    merge(mandates, LI, ZHANG)
    assert mandates.live(received, ZHANG) is None and mandates.live(given, WANG) is None
    (moved,) = mandates.held(LI)
    assert moved.mandate_id != received and moved.principal_id == mandates.people[LIN]
    assert [each.principal_id for each in mandates.held(WANG)] == [mandates.people[LI]]
    assert between not in mandates.copies().live_mandates, "nobody is their own agent"


def test_sessions_hear_of_each_mandate_that_is_in_force_no_longer(
    mandates: Mandates, monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(SqlSessionEndings, "mandate_ended", lambda _, mandate_id: heard.append(mandate_id))
    revoked, frozen, merged = mandates.granted(LIN, ZHANG), mandates.granted(LIN, LI), mandates.granted(LIN, WANG)
    period = {"valid_until": mandates.today().isoformat()}
    expired = mandates.granted(ZHANG, LI, **period)
    refused = mandates.appoint(mandates.session(LIN), ZHANG).mandate_id
    mandates.refuse(ZHANG, refused)
    assert heard == [], "nobody has acted under what was never accepted"
    mandates.revoke(mandates.session(LIN), revoked)
    set_state(mandates, LI, subject_states.FROZEN)
    set_state(mandates, LI, subject_states.ACTIVE)
    merge(mandates, ZHANG, WANG)
    mandates.clock.advance(timedelta(days=2))
    expire(mandates)
    assert set(heard) == {revoked, frozen, merged, expired}


def test_names_and_documents_are_in_no_event_and_no_history(mandates: Mandates) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    told = str(mandates.transactions.events) + str(mandates.history(mandates.session(LIN), mandate_id))
    for secret in ("林静", "张建国", "张**", LIN, ZHANG, COMPANY_CODE):
        assert secret not in told


def test_nobody_acts_by_stating_somebody_elses_mandate(mandates: Mandates) -> None:
    mandate_id = mandates.granted(LIN, ZHANG)
    with pytest.raises(LookupError):
        mandates.session(LI, mandate_id)
    forged: Acting = mandates.session(ZHANG, mandate_id)._replace(subject=mandates.people[LI])
    with pytest.raises((errors.AppointmentNotAllowed, MandateMissing)):
        mandates.appoint(forged, WANG)
