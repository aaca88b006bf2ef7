"""Whose case is started: the acting citizen's, or whom an app names; within scopes and mandate."""
from __future__ import annotations

import pytest

from services.matter.cases.domain.errors import ApplicantMismatch, ApplicantMissing, CaseNotCovered
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.kernel.acting import Mandate
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.security.authority import NO_COPIES, KnownCopies
from shared_components.security.authority.copies import keep_copies
from tests.acting import citizen
from tests.unit.matter.bench import NOW, whole_case
from tests.unit.matter.memory import MemoryTransactions
from tests.unit.matter.town import APPS, FORM, MATTER, RULES, AnyTransactions, definition


def test_a_citizen_starts_cases_for_nobody_else() -> None:
    transactions = MemoryTransactions(FixedClock(NOW))
    with transactions.begin("police") as tx:
        publish_definition(tx, tenant="police", data=definition())
        alone = CallContext("app-a", "police", department="police", rule=RULES["start_case"])
        acting = alone._replace(acting=citizen("sub_1"))
        with pytest.raises(ApplicantMismatch):
            start_case(tx, StartCase(MATTER, "sub_2"), acting)
        with pytest.raises(ApplicantMissing):
            start_case(tx, StartCase(MATTER), alone)
        for command in (StartCase(MATTER), StartCase(MATTER, "sub_1")):
            case_id = start_case(tx, command, acting).case_id
            assert whole_case(tx, "police", case_id).applicant_subject == "sub_1"
        case_id = start_case(tx, StartCase(MATTER, "sub_2"), alone).case_id
        assert whole_case(tx, "police", case_id).applicant_subject == "sub_2"


def test_a_mandate_for_other_matters_starts_none_of_this_one() -> None:
    transactions = MemoryTransactions(FixedClock(NOW))
    agent = citizen("sub_3", principal="sub_1", mandate=Mandate(
        "man_1", frozenset({"case"}), frozenset({"other-matter"})))
    allowed = agent._replace(mandate=Mandate("man_1", frozenset({"case"}), frozenset({MATTER})))
    context = CallContext("app-a", "police", department="police", rule=RULES["start_case"], acting=agent)
    keep_copies(KnownCopies(live_mandates=frozenset({"man_1"})))
    try:
        with transactions.begin("police") as tx:
            publish_definition(tx, tenant="police", data=definition())
            with pytest.raises(CaseNotCovered):
                start_case(tx, StartCase(MATTER), context)
            case_id = start_case(tx, StartCase(MATTER), context._replace(acting=allowed)).case_id
            assert whole_case(tx, "police", case_id).applicant_subject == "sub_1"
    finally:
        keep_copies(NO_COPIES)


def test_an_open_case_of_another_app_takes_the_place_and_does_not_show_its_id(transactions: AnyTransactions) -> None:
    first, second = (CallContext(app, "police", department="police", rule=RULES["start_case"]) for app in APPS)
    with transactions.begin("police") as tx:
        publish_definition(tx, tenant="police", data=definition())
        case_id = start_case(tx, StartCase(MATTER, "sub_1", FORM), first).case_id
        submit_case(tx, SubmitCase(case_id), first._replace(rule=RULES["submit_case"]))
    for context, shown in ((first, [case_id]), (second, [])):
        with pytest.raises(AppError) as refused, transactions.begin("police") as tx:
            start_case(tx, StartCase(MATTER, "sub_1"), context)
        assert refused.value.details["case_ids"] == shown
        assert (case_id in str(refused.value.message)) is bool(shown)
