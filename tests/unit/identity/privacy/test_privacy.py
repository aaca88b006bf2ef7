"""Rights about personal information: what is done at once, what officers decide, and what becomes of the data."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError
from sqlalchemy import text

from services.identity.privacy import schemas
from services.identity.privacy.adapters.copies import PURPOSE
from services.identity.privacy.domain import errors
from services.identity.privacy.domain.request import Term
from services.identity.privacy.entrypoints import PrivacyEntrypoints
from services.identity.privacy.usecases import decide, read, submit
from services.identity.privacy.usecases.views import PersonalRequestView
from services.identity.subjects.domain.errors import NameInvalid
from services.identity.subjects.domain.ports import Confirmation
from services.identity.subjects.usecases.evidence import count_evidence
from shared_components.contracts.registry import CONTRACT_ATTRIBUTE
from shared_components.db import ALL_TENANTS
from shared_components.kernel.acting import OFFICER, Acting
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.states import IllegalTransition
from shared_components.kernel.working_days import WorkingCalendar
from shared_components.security.authority.admission import admit
from shared_components.security.authority.copies import NO_COPIES, KnownCopies, keep_copies
from shared_components.security.authority.errors import LevelTooLow, RoleMissing
from shared_components.security.signatures import is_signed
from tests.outcomes import one
from tests.unit.identity.conftest import AT
from tests.unit.identity.mandates.world import DEPARTMENT, LIN, PORTAL, REALM, ZHANG, Mandates
from tests.unit.identity.worlds import SqlTransactions

SCOPES = frozenset({"personal-information"})
COPIES = KnownCopies(portals=frozenset({PORTAL}), consoles=frozenset({"app-console"}))


class Privacy:
    """Persons at a portal, officers of the department that owns the population at a console."""

    def __init__(self, mandates: Mandates) -> None:
        self.mandates, self.transactions, self.clock = mandates, mandates.transactions, mandates.clock
        self.tenant = mandates.tenant
        self.people = mandates.people

    def context(self, method: str, acting: Acting | None, caller: str = PORTAL, tenant: str = "") -> CallContext:
        tenant = tenant or self.tenant
        rule = getattr(getattr(PrivacyEntrypoints, method), CONTRACT_ATTRIBUTE).rule
        keep_copies(COPIES)
        context = CallContext(caller, tenant, op_id="op-1", acting=acting, rule=rule, department=tenant)
        if acting is not None or rule.as_subject:
            admit(context, rule, COPIES)
        return context

    def citizen(self, number: str, *, level: int = 3) -> Acting:
        return Acting(self.people[number], f"ses_{number}", level=level, scopes=SCOPES)

    def officer(self, subject: str = "sub_officer", *roles: str, department: str = DEPARTMENT) -> Acting:
        return Acting(subject, "ses_o", OFFICER, 3, SCOPES, frozenset(roles or {"manager"}), department)

    def submit(self, number: str, kind: str, *, level: int = 3, **more: Any) -> PersonalRequestView:
        context = self.context("submit_personal_request", self.citizen(number, level=level))
        with self.transactions.begin(self.tenant) as tx:
            command = schemas.SubmitPersonalRequest().load({"kind": kind, **more})
            return submit.submit_personal_request(tx, command, context)

    def decide(
        self, request_id: str, *, grant: bool = True, reason: str | None = None, acting: Acting | None = None,
        caller: str = "app-console",
    ) -> PersonalRequestView:
        context = self.context("decide_personal_request", acting or self.officer(), caller, DEPARTMENT)
        with self.transactions.begin(DEPARTMENT) as tx:
            return decide.decide_personal_request(
                tx, decide.DecidePersonalRequest(request_id, grant, reason), context)

    def get(self, acting: Acting, request_id: str) -> PersonalRequestView:
        context = self.context("get_personal_request", acting)
        with self.transactions.begin(self.tenant) as tx:
            return one(read.get_personal_requests(tx, [Call(decide.ByPersonalRequest(request_id), context)]))

    def cancel(self, number: str, request_id: str) -> PersonalRequestView:
        context = self.context("cancel_personal_request", self.citizen(number))
        with self.transactions.begin(self.tenant) as tx:
            return decide.cancel_personal_request(tx, decide.ByPersonalRequest(request_id), context)

    def copy(self, number: str, request_id: str) -> dict[str, Any]:
        context = self.context("get_personal_copy", self.citizen(number))
        with self.transactions.begin(self.tenant) as tx:
            view = read.get_personal_copy(tx, decide.ByPersonalRequest(request_id), context)
        document, keys = base64.b64decode(view.document), self.transactions.secrets.signer(PURPOSE).public_keys()
        assert is_signed(document, base64.b64decode(view.signature), keys[view.key_id])
        found: dict[str, Any] = json.loads(document)
        return found

    def subject(self, number: str) -> Any:
        with self.transactions.begin(REALM) as tx:
            return tx.subjects.get(REALM, self.people[number])

    def rows(self) -> str:
        """The bytes of all tables of identity, as one text."""
        with self.transactions.database.reading(ALL_TENANTS) as session:
            tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
            return "".join(str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)  # noqa: S608


@pytest.fixture
def privacy(tmp_path: Path) -> Iterator[Privacy]:
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock)
    yield Privacy(Mandates(transactions, clock))
    keep_copies(NO_COPIES)
    transactions.database.dispose()


@pytest.mark.parametrize("kind", ["inspect", "copy"])
def test_a_copy_of_all_that_is_held_is_made_at_once_and_signed(privacy: Privacy, kind: str) -> None:
    mandate = privacy.mandates.granted(LIN, ZHANG)
    request = privacy.submit(LIN, kind)
    assert (request.state, request.decided_at) == ("done", privacy.clock.now())
    held = privacy.copy(LIN, request.request_id)
    assert held["subject"]["name"] == "林静" and held["subject"]["id_number"] == LIN
    assert [each["mandate_id"] for each in held["mandates"]] == [mandate] and held["left_out"] == []
    parts = {"evidence", "history", "sign_in_methods", "other_providers", "sessions", "consents", "requests"}
    assert parts <= set(held)
    assert "张建国" not in json.dumps(held, ensure_ascii=False), "other persons are shown as they are anywhere"


def test_a_copy_is_for_its_person_and_for_thirty_days(privacy: Privacy) -> None:
    request_id = privacy.submit(LIN, "copy").request_id
    with pytest.raises(errors.PersonalRequestNotFound):
        privacy.copy(ZHANG, request_id)
    assert "林静" not in privacy.rows() and LIN not in privacy.rows(), "at rest it is encrypted"
    privacy.clock.advance(timedelta(days=30))
    with pytest.raises(errors.CopyGone):
        privacy.copy(LIN, request_id)
    with privacy.transactions.begin("*") as tx:
        assert tx.personal_copies.purge(privacy.clock.now()) == 1


def test_an_officer_corrects_and_evidence_for_the_old_name_counts_no_longer(privacy: Privacy) -> None:
    with privacy.transactions.begin(REALM) as tx:
        count_evidence(
            tx, "proof-of-presence", CallContext("operator", REALM), Confirmation("a", "r"), privacy.people[LIN])
    request = privacy.submit(LIN, "correct", corrections={"name": "林静静", "mobile": "13900139000"})
    assert (request.state, list(request.correcting)) == ("submitted", ["mobile", "name"])
    assert privacy.subject(LIN).name == "林静", "until it is decided"
    assert privacy.decide(request.request_id).state == "done"
    subject = privacy.subject(LIN)
    assert (subject.name, subject.mobile, dict(subject.standing)) == ("林静静", "13900139000", {})
    told = str(privacy.transactions.events)
    assert "林静静" not in told and "13900139000" not in told


def test_a_contact_may_be_removed_and_evidence_stays(privacy: Privacy) -> None:
    with privacy.transactions.begin(REALM) as tx:
        count_evidence(
            tx, "proof-of-presence", CallContext("operator", REALM), Confirmation("a", "r"), privacy.people[LIN])
    privacy.decide(privacy.submit(LIN, "correct", corrections={"email": None}).request_id)
    assert privacy.subject(LIN).email is None and privacy.subject(LIN).standing


@pytest.mark.parametrize(("kind", "corrections", "error"), [
    ("correct", {}, errors.CorrectionInvalid), ("delete", {"name": "林"}, errors.CorrectionInvalid),
    ("correct", {"name": "<b>"}, NameInvalid), ("correct", {"id_number": LIN}, ValidationError),
    ("correct", {"mobile": "1"}, ValidationError), ("forget-me", {}, ValidationError),
])
def test_what_cannot_be_corrected_is_refused_in_words(
    privacy: Privacy, kind: str, corrections: Any, error: type[Exception],
) -> None:
    with pytest.raises(error):
        privacy.submit(LIN, kind, corrections=corrections)


def test_a_refusal_needs_a_reason_that_the_person_sees(privacy: Privacy) -> None:
    request_id = privacy.submit(LIN, "delete", explanation="不再使用").request_id
    with pytest.raises(errors.ReasonMissing):
        privacy.decide(request_id, grant=False)
    with pytest.raises(errors.ReasonMissing):
        privacy.decide(request_id, grant=False, reason="  ")
    privacy.decide(request_id, grant=False, reason="法定保存期限未满")
    seen = privacy.get(privacy.citizen(LIN), request_id)
    assert (seen.state, seen.reason, seen.explanation) == ("refused", "法定保存期限未满", "不再使用")
    with pytest.raises(IllegalTransition):
        privacy.decide(request_id)


def test_only_an_officer_with_the_role_of_the_keeping_department_decides_and_never_about_oneself(
    privacy: Privacy,
) -> None:
    request_id = privacy.submit(LIN, "restrict").request_id
    with pytest.raises(errors.PersonalRequestNotFound):
        privacy.decide(request_id, acting=privacy.officer(department="tax"))
    with pytest.raises(RoleMissing):
        privacy.decide(request_id, acting=privacy.officer("sub_officer", "handler"))
    with pytest.raises(errors.DecisionForOfficers):
        privacy.decide(request_id, acting=privacy.officer(privacy.people[LIN]))
    context = privacy.context("decide_personal_request", None, "app-hall", DEPARTMENT)
    with privacy.transactions.begin("*") as tx, pytest.raises(errors.DecisionForOfficers):
        decide.decide_personal_request(tx, decide.DecidePersonalRequest(request_id, True), context)
    assert privacy.decide(request_id).state == "done" and privacy.subject(LIN).state == "frozen"


def test_officers_list_what_their_department_decides(privacy: Privacy) -> None:
    request_id = privacy.submit(LIN, "delete").request_id
    for department, found in ((DEPARTMENT, [request_id]), ("tax", [])):
        context = privacy.context(
            "list_requests_to_decide", privacy.officer(department=department), "app-console", department)
        with privacy.transactions.begin("*") as tx:
            page = read.list_requests_to_decide(tx, read.ListPersonalRequests("submitted"), context)
        assert [each.request_id for each in page.items] == found


def test_a_closed_account_ends_its_mandates_and_sign_in_methods(privacy: Privacy) -> None:
    mandate = privacy.mandates.granted(LIN, ZHANG)
    privacy.decide(privacy.submit(LIN, "close-account").request_id)
    assert privacy.subject(LIN).state == "closed" and privacy.mandates.live(mandate, ZHANG) is None
    with privacy.transactions.begin(REALM) as tx:
        assert list(tx.credentials.of(privacy.people[LIN])) == []


def test_a_deleted_person_is_nowhere_in_the_tables_and_may_register_anew(privacy: Privacy) -> None:
    privacy.submit(LIN, "copy")
    before = privacy.people[LIN]
    privacy.decide(privacy.submit(LIN, "delete").request_id)
    assert (privacy.subject(LIN).name, privacy.subject(LIN).id_number, privacy.subject(LIN).mobile) == ("—", "—", None)
    with privacy.transactions.begin(REALM) as tx:
        assert tx.subjects.find(REALM, "111", LIN) is None
        assert tx.personal_copies.get("any", privacy.clock.now()) is None
    assert privacy.mandates.register(LIN) != before
    rows = privacy.rows()
    assert "林静" not in rows and LIN not in rows


def test_a_person_withdraws_an_open_request_once(privacy: Privacy) -> None:
    request_id = privacy.submit(LIN, "delete").request_id
    with pytest.raises(errors.PersonalRequestOpen):
        privacy.submit(LIN, "delete")
    with pytest.raises(errors.PersonalRequestNotFound):
        privacy.cancel(ZHANG, request_id)
    assert privacy.cancel(LIN, request_id).state == "cancelled"
    with pytest.raises(IllegalTransition):
        privacy.decide(request_id)
    assert privacy.subject(LIN).state == "active"


def test_rights_need_a_level_and_consents_are_withdrawn_at_once(privacy: Privacy) -> None:
    with pytest.raises(LevelTooLow):
        privacy.submit(LIN, "copy", level=2)
    assert privacy.submit(LIN, "withdraw-consent").state == "done"


def test_the_term_is_fifteen_working_days_without_holidays(privacy: Privacy) -> None:
    request = privacy.submit(LIN, "delete")
    assert request.due_at == datetime(2026, 3, 20, 16, tzinfo=UTC) and not request.late
    privacy.clock.advance(request.due_at - privacy.clock.now())
    assert privacy.get(privacy.citizen(LIN), request.request_id).late
    holidays = Term(15, WorkingCalendar(frozenset({date(2026, 3, 2), date(2026, 3, 3)}), frozenset({date(2026, 3, 7)})))
    assert holidays.due_at(AT) == datetime(2026, 3, 23, 16, tzinfo=UTC)


def test_every_step_is_in_the_evidence_log_without_values(privacy: Privacy) -> None:
    privacy.decide(privacy.submit(LIN, "correct", corrections={"name": "林静静"}).request_id)
    with privacy.transactions.database.reading(ALL_TENANTS) as session:
        bodies = [bytes(body).decode() for body in session.scalars(
            text("SELECT body FROM evidence_records WHERE action LIKE 'personal-request%' ORDER BY record_id"))]
    assert ["submitted" in bodies[0], "done" in bodies[1]] == [True, True]
    assert "林静静" not in "".join(bodies) and "name" in bodies[0]


def test_other_rights_stay_after_a_restriction(privacy: Privacy) -> None:
    privacy.decide(privacy.submit(LIN, "restrict").request_id)
    assert privacy.submit(LIN, "copy").state == "done"
