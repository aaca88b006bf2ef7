"""Definitions are parsed once a process, and never taken from a publication that was rolled back."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.matter.definitions.domain.model import Definition
from services.matter.publishing.usecases.publish_matter import publish_definition
from tests.cases.definitions import a_definition
from tests.unit.matter.bench import TENANT, Bench
from tests.unit.matter.sql import SqlTransactions


def test_a_definition_is_parsed_once_for_all_its_cases(
    sql_transactions: SqlTransactions, monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench, parsed, parse = Bench(sql_transactions), list[int](), Definition.of

    def counted(data: Mapping[str, Any], version: int) -> Definition:
        parsed.append(version)
        return parse(data, version)

    monkeypatch.setattr(Definition, "of", counted)
    bench.submit()
    bench.run_in_groups()
    read = len(parsed)
    for _ in range(3):
        bench.submit(bench.another_applicant())
    bench.run_in_groups()
    assert len(parsed) == read <= 2


def test_a_version_that_was_rolled_back_is_forgotten(sql_transactions: SqlTransactions) -> None:
    with pytest.raises(ZeroDivisionError), sql_transactions.begin(TENANT) as tx:
        publish_definition(tx, tenant=TENANT, data=a_definition(rating=True))
        assert tx.definitions.latest(TENANT, "small-matter") is not None
        raise ZeroDivisionError
    with sql_transactions.begin(TENANT) as tx:
        publish_definition(tx, tenant=TENANT, data=a_definition(rating=False))
    with sql_transactions.begin(TENANT) as tx:
        assert not tx.definitions.version(TENANT, "small-matter", 1).invites_rating


def test_a_case_keeps_its_version_when_a_newer_one_is_published(sql_transactions: SqlTransactions) -> None:
    bench = Bench(sql_transactions)
    case_id = bench.submit()
    with sql_transactions.begin(TENANT) as tx:
        old = tx.definitions.version(TENANT, "driving-licence-renewal", 1).data
        newer = {**old, "steps": old["steps"][:1], "notifications": []}
        publish_definition(tx, tenant=TENANT, data=newer)
    bench.run_in_groups()
    assert bench.state(case_id, "medical") == "waiting"
    bench.hospital(case_id)
    bench.pay(case_id)
    case = bench.case(case_id)
    assert (case.version, case.state, len(case.by_role("step"))) == (1, "completed", 5)
