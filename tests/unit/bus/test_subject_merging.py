"""Rows of a merged subject become its survivor's: in any order of merges, as often as they are told, late rows too."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, insert, literal, select

from shared_components.bus.server.subject_merging import SubjectMerging, rewrite
from shared_components.bus.server.transactions import Transactions
from shared_components.db import ALL_TENANTS, Database, tables
from shared_components.db.subject_aliases import (
    BATCH,
    NamedSubject,
    aliases,
    learn_merge,
    survivor_of,
    survivors,
)
from shared_components.kernel.calls import Event
from tests.unit.bus.test_rpc_batch import Provider

_metadata = MetaData()
PAPERS = Table(
    "papers", _metadata, Column("paper_id", String, primary_key=True), Column("tenant_id", String),
    Column("holder", String))
NAMED = (NamedSubject(PAPERS, "paper_id", "holder"),)


class Registry(SubjectMerging):
    names_subjects = NAMED


@pytest.fixture
def transactions(tmp_path: Path) -> Iterator[Transactions]:
    database = Database(f"sqlite:///{tmp_path}/papers.db", "papers")
    with database.engine.begin() as connection:
        tables.platform.create_all(connection)
        aliases.metadata.create_all(connection)
        _metadata.create_all(connection)
    yield Transactions(Provider(database, tmp_path))  # type: ignore[arg-type]
    database.dispose()


def merged(merged_id: str, survivor_id: str) -> Any:
    return SimpleNamespace(data={"merged_id": merged_id, "subject_id": survivor_id}, tenant="police")


def tell(transactions: Transactions, *merges: tuple[str, str]) -> None:
    follow = SubjectMerging.follow_merge.__wrapped__  # type: ignore[attr-defined]
    for merge in merges:
        event: Event = merged(*merge)
        follow(Registry(), transactions, event)


def keep(transactions: Transactions, *holders: str) -> None:
    with transactions.scope(ALL_TENANTS) as scope:
        scope.session.execute(insert(PAPERS), [
            {"paper_id": f"{holder}-{number}", "tenant_id": f"tenant-{number % 2}", "holder": holder}
            for number, holder in enumerate(holders)])


def held(transactions: Transactions) -> dict[str, str]:
    with transactions.reading(ALL_TENANTS) as scope:
        return {row.paper_id: row.holder for row in scope.session.execute(select(PAPERS))}


CHAIN = (("a", "b"), ("b", "c"), ("x", "c"), ("c", "d"))


@pytest.mark.parametrize("order", permutations(CHAIN))
def test_a_chain_of_merges_leads_to_its_last_survivor_in_any_order(transactions: Transactions, order: Any) -> None:
    keep(transactions, "a", "b", "c", "d", "x", "y")
    tell(transactions, *order, *order[:2])
    assert set(held(transactions).values()) == {"d", "y"}
    with transactions.reading(ALL_TENANTS) as scope:
        assert survivors(scope.session, ["a", "b", "c", "x", "d", "y"]) == dict.fromkeys("abcx", "d")


def test_rows_that_name_a_merged_subject_later_follow_too(transactions: Transactions) -> None:
    tell(transactions, ("a", "b"))
    keep(transactions, "a")
    sweep = SubjectMerging.follow_late_rows.__wrapped__  # type: ignore[attr-defined]
    sweep(Registry(), transactions)
    assert set(held(transactions).values()) == {"b"}


def test_more_rows_than_one_transaction_takes_follow_all(transactions: Transactions) -> None:
    keep(transactions, *["a"] * (BATCH + 3), "y")
    tell(transactions, ("a", "b"))
    assert sorted(set(held(transactions).values())) == ["b", "y"]
    assert rewrite(transactions, NAMED) == 0


def test_a_list_by_a_merged_id_finds_the_survivors_rows(transactions: Transactions) -> None:
    keep(transactions, "a", "b", "y")
    tell(transactions, ("a", "b"))
    for asked, found in (("a", 2), ("b", 2), ("y", 1), ("z", 0)):
        with transactions.reading(ALL_TENANTS) as scope:
            query = select(PAPERS.c.paper_id).where(PAPERS.c.holder == survivor_of(literal(asked)))
            assert len(scope.session.execute(query).all()) == found, asked


def test_a_subject_never_survives_itself(transactions: Transactions) -> None:
    tell(transactions, ("a", "b"))
    with pytest.raises(ValueError, match="own merge"):
        tell(transactions, ("b", "a"))


@st.composite
def merges(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Merges as identity makes them: each subject is merged once, into one that lives then; told in any order."""
    living = [f"s{number}" for number in range(draw(st.integers(2, 7)))]
    made = []
    for _ in range(draw(st.integers(1, len(living) - 1))):
        gone = living.pop(draw(st.integers(0, len(living) - 1)))
        made.append((gone, draw(st.sampled_from(living))))
    told = draw(st.permutations(made))
    return [*told, *draw(st.lists(st.sampled_from(made), max_size=3))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(merges())
def test_any_merges_told_in_any_order_end_as_identity_has_them(tmp_path: Path, told: list[tuple[str, str]]) -> None:
    into = dict(told)
    database = Database(f"sqlite:///{tmp_path}/{uuid4().hex}.db", "papers")
    with database.engine.begin() as connection:
        aliases.metadata.create_all(connection)
    with database.transaction(ALL_TENANTS) as session:
        for merge in told:
            learn_merge(session, *merge)
        found = survivors(session, into)

    def last(subject: str) -> str:
        while subject in into:
            subject = into[subject]
        return subject

    assert found == {subject: last(subject) for subject in into}
    database.dispose()
