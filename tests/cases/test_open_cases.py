"""An applicant has one open case for a matter and object, unless the definition allows more.

The input that failed: two running cases for one licence. Both were paid, and the second was refused and refunded at its
end.
"""
from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.matter.cases.domain.errors import CaseAlreadyOpen
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.save_form import SaveForm, save_form
from services.matter.cases.usecases.start_case import StartCase, start_case
from services.matter.cases.usecases.submit_case import SubmitCase, submit_case
from services.matter.cases.usecases.views import CaseSummaryView
from services.matter.cases.usecases.withdraw_case import withdraw_case
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.usecases.publish_matter import publish_definition
from shared_components.db import Database, KeyTaken, WriteRace, migrate
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from tests.cases.definitions import a_definition, as_yaml, callback_step
from tests.cases.matter_transactions import NOW, AnyTransactions, transactions
from tests.cases.migrations import run_sql
from tests.unit.matter.bench import MATTER, Bench, whole_case
from tests.unit.matter.sql import SqlTransactions

__all__ = ["transactions"]
TENANT = "default"
PLATE = {"type": "object", "required": ["plate"], "properties": {"plate": {"type": "string"}}}


def published(transactions: AnyTransactions, tenant: str = TENANT, **changes: Any) -> None:
    with transactions.begin(tenant) as tx:
        data = a_definition(steps=[callback_step("medical")], **changes)
        publish_definition(tx, tenant=tenant, data=read_definition(as_yaml(data)))


def start(transactions: AnyTransactions, *, tenant: str = TENANT, applicant: str = "sub_1", **form: Any) -> str:
    with transactions.begin(tenant) as tx:
        command = StartCase("small-matter", applicant, form)
        return start_case(tx, command, CallContext("app-demo", tenant)).case_id


def submit(transactions: AnyTransactions, case_id: str, tenant: str = TENANT) -> CaseSummaryView:
    with transactions.begin(tenant) as tx:
        return submit_case(tx, SubmitCase(case_id), CallContext("app-demo", tenant))


def withdraw(transactions: AnyTransactions, case_id: str) -> None:
    with transactions.begin(TENANT) as tx:
        withdraw_case(tx, OneCase(case_id), CallContext("app-demo", TENANT))


def test_a_second_case_is_refused_while_the_first_is_open_and_the_citizen_reads_why(
    transactions: AnyTransactions,
) -> None:
    published(transactions)
    first = start(transactions)
    second = start(transactions)  # a draft; nothing is open yet
    submit(transactions, first)
    for attempt in (lambda: submit(transactions, second), lambda: start(transactions)):
        with pytest.raises(CaseAlreadyOpen) as refused:
            attempt()
        assert refused.value.details == {"case_id": first, "case_ids": [first], "most": 1}
        assert first in refused.value.message
        assert "正在办理" in refused.value.texts["zh"]
    withdraw(transactions, first)
    assert submit(transactions, second).state == "running"


def test_others_and_other_tenants_are_not_in_the_way(transactions: AnyTransactions) -> None:
    published(transactions)
    published(transactions, "other")
    submit(transactions, start(transactions))
    submit(transactions, start(transactions, applicant="sub_2"))
    submit(transactions, start(transactions, tenant="other"), "other")


def test_a_definition_may_allow_several(transactions: AnyTransactions) -> None:
    published(transactions, open_cases={"most": 3})
    ids = [submit(transactions, start(transactions)).case_id for _ in range(3)]
    with pytest.raises(CaseAlreadyOpen) as refused:
        start(transactions)
    assert refused.value.details["case_ids"] == sorted(ids, reverse=True)
    withdraw(transactions, ids[1])
    again = submit(transactions, start(transactions)).case_id
    with transactions.begin(TENANT) as tx:
        assert whole_case(tx, TENANT, again).open_slot == 2


def test_a_definition_may_allow_one_for_each_object(transactions: AnyTransactions) -> None:
    published(transactions, form=PLATE, open_cases={"object_field": "plate"})
    submit(transactions, start(transactions, plate="浙A12345"))
    other = submit(transactions, start(transactions, plate="浙A54321"))
    for same in ("浙A54321", " 浙a 54321"):
        with pytest.raises(CaseAlreadyOpen) as refused:
            start(transactions, plate=same)
        assert refused.value.details["case_id"] == other.case_id
    draft = start(transactions)
    with transactions.begin(TENANT) as tx:
        save_form(
            tx, SaveForm(draft, {"plate": "浙A12345"}), CallContext("app-demo", TENANT))
    with pytest.raises(CaseAlreadyOpen):
        submit(transactions, draft)


def test_the_object_must_be_a_field_that_the_form_requires() -> None:
    text = as_yaml(a_definition(open_cases={"object_field": "plate"}, form={**PLATE, "required": []}))
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(text)
    assert refused.value.details["problems"][0]["path"] == "open_cases.object_field"


def test_nobody_pays_twice_for_the_renewal_of_one_licence() -> None:
    bench = Bench()
    bench.submit()
    bench.run()
    with pytest.raises(CaseAlreadyOpen):
        bench.submit()
    assert len(bench.world.orders) == 1


def test_a_case_that_is_being_undone_is_still_open_and_a_refused_one_is_not() -> None:
    bench = Bench()
    case_id = bench.submit()
    bench.run()
    bench.pay(case_id)
    bench.withdraw_only(case_id)
    assert bench.case(case_id).state == "compensating"
    with pytest.raises(CaseAlreadyOpen):
        bench.start()
    bench.run()
    bench.sweep(seconds=11)
    assert bench.case(case_id).state == "withdrawn"
    assert bench.submit() != case_id
    assert bench.case(case_id).matter_code == MATTER


@pytest.mark.integration
def test_of_many_submitted_at_once_one_is_accepted(postgres_url: str, tmp_path: Path) -> None:
    """In transactions that see nothing of each other; the bus asks again for a call that broke on a race."""
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter", pool_size=10)
    many = SqlTransactions(database, FixedClock(NOW), tmp_path)
    published(many)
    drafts = [start(many) for _ in range(8)]
    ready, outcomes = threading.Barrier(8), []

    def attempt(case_id: str) -> str:
        try:
            return submit(many, case_id).state
        except (IntegrityError, KeyTaken, WriteRace):
            return attempt(case_id)
        except CaseAlreadyOpen as error:
            return error.code

    def run(case_id: str) -> None:
        ready.wait()
        outcomes.append(attempt(case_id))

    threads = [threading.Thread(target=run, args=(case_id,)) for case_id in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    database.dispose()
    assert Counter(outcomes) == {"running": 1, "matter.case-already-open": 7}


@pytest.mark.integration
def test_cases_that_were_open_before_count_from_the_migration_on(postgres_url: str) -> None:
    migrate(postgres_url, "matter", to="0002")
    run_sql(postgres_url, "matter", """
        INSERT INTO cases (case_id, tenant_id, matter_code, version, applicant_subject, locale, state, stuck, form,
                           sealed, created_at, revision)
        SELECT case_id, 'default', 'm', 1, 'sub_1', 'zh', state, false, '', '', now(), 1 FROM (VALUES
            ('case_0', 'running'), ('case_1', 'completed'), ('case_2', 'compensating'), ('case_3', 'draft'),
            ('case_4', 'running')) AS made (case_id, state)
    """)
    migrate(postgres_url, "matter")
    rows = run_sql(postgres_url, "matter", "SELECT case_id, open_slot FROM cases ORDER BY case_id")
    assert rows == [("case_0", 1), ("case_1", None), ("case_2", 2), ("case_3", None), ("case_4", 3)]
