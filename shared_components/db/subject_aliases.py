"""Merged subjects in a service that names subjects: aliases of ids, and rows that follow a subject into its survivor.

Source: docs/adr/084-rows-follow-a-merged-subject.md
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from shared_components.db.bulk import insert_new
from shared_components.db.locks import hold_key
from shared_components.db.types import NAMES

MOST_STEPS = 16
"""Of a chain of merges whose events came in another order."""
BATCH = 500

_metadata = MetaData(naming_convention=NAMES)
aliases = Table(
    "subject_aliases", _metadata,
    Column("merged_id", String(64), primary_key=True),
    Column("survivor_id", String(64), nullable=False),
    Index("ix_subject_aliases_survivor_id", "survivor_id"),
)


@dataclass(frozen=True, slots=True)
class NamedSubject:
    """A column of a table that names a subject. key: the primary key of the table, of one column.

    also: from the id that a row will have to further values that change with it.
    """

    table: Table
    key: str
    column: str
    also: Callable[[ColumnElement[str]], Mapping[str, ColumnElement[Any]]] | None = None


def include_alias_table(metadata: MetaData) -> None:
    """Add the table to a service's models, so that a comparison with its migrations knows it."""
    aliases.to_metadata(metadata)


def create_alias_table(op: Any) -> None:
    """Create the table of aliases, as of its first version. All transactions read it; one for all tenants writes it."""
    op.create_table(
        "subject_aliases",
        Column("merged_id", String(64), nullable=False),
        Column("survivor_id", String(64), nullable=False),
        PrimaryKeyConstraint("merged_id", name="pk_subject_aliases"),
    )
    op.create_index("ix_subject_aliases_survivor_id", "subject_aliases", ["survivor_id"])
    if op.get_bind().dialect.name != "postgresql":
        return
    over_all = "(SELECT current_setting('zhongtai.tenants', true)) = '*'"
    op.execute("ALTER TABLE subject_aliases ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE subject_aliases FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY read ON subject_aliases FOR SELECT USING (true)")
    op.execute(f"CREATE POLICY write ON subject_aliases USING ({over_all}) WITH CHECK ({over_all})")


def survivor_of(subject_id: ColumnElement[str]) -> ColumnElement[str]:
    """In a statement: the subject that rows name in place of this one; itself where it was never merged."""
    survivor = select(aliases.c.survivor_id).where(aliases.c.merged_id == subject_id)
    table = getattr(subject_id, "table", None)
    if table is not None:
        survivor = survivor.correlate(table)
    return func.coalesce(survivor.scalar_subquery(), subject_id)


def survivors(session: Session, subject_ids: Collection[str]) -> dict[str, str]:
    """The survivors of those that were merged, by the merged one's id."""
    found = session.execute(select(aliases).where(aliases.c.merged_id.in_(sorted(subject_ids))))
    return {row.merged_id: row.survivor_id for row in found}


def learn_merge(session: Session, merged_id: str, survivor_id: str) -> str:
    """Keep that a subject was merged, in any order of merges and as often as it is told; gives its survivor."""
    hold_key(session, "subject-aliases")
    survivor = _last(session, survivor_id)
    if survivor == merged_id:
        raise ValueError("a subject cannot survive its own merge")
    insert_new(session, aliases, [{"merged_id": merged_id, "survivor_id": survivor}])
    session.execute(update(aliases).where(aliases.c.survivor_id == merged_id).values(survivor_id=survivor))
    return _last(session, merged_id)


def _last(session: Session, subject_id: str) -> str:
    for _ in range(MOST_STEPS):
        found = session.execute(select(aliases.c.survivor_id).where(aliases.c.merged_id == subject_id)).scalar()
        if found is None:
            return subject_id
        subject_id = found
    raise ValueError(f"a chain of merges has more than {MOST_STEPS} steps")


def rewrite_some(session: Session, named: NamedSubject) -> int:
    """Let up to BATCH rows that name a merged subject name its survivor; gives how many they were."""
    table, column = named.table, named.table.c[named.column]
    key = table.c[named.key]
    rows = session.execute(
        select(key, aliases.c.survivor_id).join_from(aliases, table, column == aliases.c.merged_id)
        # In one order, as all who lock several of them.
        .order_by(key).limit(BATCH).with_for_update(of=table)).all()
    new = bindparam("new_subject", type_=String())
    also = {} if named.also is None else named.also(new)
    for row_key, survivor in rows:
        session.execute(update(table).where(key == row_key).values({named.column: new, **also}),
                        {"new_subject": survivor})
    return len(rows)

