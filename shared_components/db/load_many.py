"""Reads for a group of calls: one statement for all of them, and each row is opened for its own call only.

`load_many` finds rows by a key, `load_lists` finds a list for each call. A handler with `bulk=True` gives them
(context, what is asked) pairs and gets one outcome for each, in the same order.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Select, Table, Text, bindparam, func, select, true, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.security.authority import Facts

Opened = TypeVar("Opened")
Row = Any
Columns = Mapping[str, ColumnElement[Any]]


def permit(context: CallContext, facts: Facts) -> bool:
    """Tell whether a call may see a row: of its tenant, of the subject that it acts for, of a maker that it reaches.

    Rows that name no subject are no person's: who may see the list that they stand in may see them.
    """
    subject = context.subject
    return (
        facts.tenant == context.tenant
        and (subject is None or not facts.subjects or subject in facts.subjects.values())
        and (facts.made_by is None or context.reaches(facts.made_by))
    )


@dataclass(frozen=True, slots=True)
class Reading(Generic[Opened]):
    """How a row of one kind is read. facts: without decrypting anything; open: to what the use case works with."""

    facts: Callable[[Row], Facts]
    open: Callable[[Row], Opened]


class ByKey:
    """Finds rows of a table by tenant and one text column; the statement is built once.

    where: what else holds for the rows.
    """

    def __init__(
        self, table: Table, key: str, *, tenant: str = "tenant_id", where: ColumnElement[bool] | None = None,
    ) -> None:
        self.key, self.tenant = key, tenant
        self._columns = (table.c[tenant], table.c[key])
        self._all = select(table) if where is None else select(table).where(where)
        wanted = _table_of({"tenant": Text(), "key": Text()}, "wanted")
        self._in_arrays = self._all.join_from(
            table, wanted, (table.c[tenant] == wanted.c.tenant) & (table.c[key] == wanted.c.key))

    def find(self, session: Session, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Row]:
        """The rows of (tenant, key) pairs, in one statement."""
        pairs = sorted(set(wanted))
        if not pairs:
            return {}
        if session.get_bind().dialect.name == "postgresql":
            tenants, keys = map(list, zip(*pairs, strict=True))
            found = session.execute(self._in_arrays, {"tenant": tenants, "key": keys})
        else:
            found = session.execute(self._all.where(tuple_(*self._columns).in_(pairs)))
        tenant, key = self.tenant, self.key
        return {(row._mapping[tenant], row._mapping[key]): row for row in found}


def load_many(
    session: Session, by: ByKey, asked: Sequence[tuple[CallContext, str]], reading: Reading[Opened],
    missing: Callable[[], AppError],
) -> list[Opened | AppError]:
    """Read what each call asks for by its key: the row opened, or an error for that call alone.

    missing: makes the error for a row that is not there, and for one that the call may not see.
    """
    rows = by.find(session, ((context.tenant, key) for context, key in asked))
    opened: dict[tuple[str, str], Opened | AppError] = {}
    outcomes: list[Opened | AppError] = []
    for context, key in asked:
        place = (context.tenant, key)
        row = rows.get(place)
        if row is None or not permit(context, reading.facts(row)):
            outcomes.append(missing())
            continue
        if place not in opened:
            opened[place] = attempt(reading.open, row)  # one that cannot be decrypted is the error of these calls
        outcomes.append(opened[place])
    return outcomes


class Lists:
    """Finds a list of rows for each call; calls with the same filters and limit share a statement.

    query: from the columns of what is asked to the rows in their order, without a limit. `tenant` is always there,
        and each filter that a call gives; a filter that it does not give is absent.
    filters: types of the filters that are no text.
    """

    def __init__(self, query: Callable[[Columns], Select[Any]], **filters: TypeEngine[Any]) -> None:
        self._query, self._types = query, filters
        self._statements: dict[tuple[bool, tuple[str, ...]], Select[Any]] = {}

    def find(self, session: Session, asked: Sequence[Mapping[str, Any]], limits: Sequence[int]) -> list[list[Row]]:
        """The first rows for each. asked: filters by name, None is not given."""
        alike: dict[tuple[tuple[str, ...], int], list[int]] = {}
        for index, (filters, limit) in enumerate(zip(asked, limits, strict=True)):
            names = tuple(name for name in sorted(filters) if filters[name] is not None)
            alike.setdefault((names, limit), []).append(index)
        found: list[list[Row]] = [[] for _ in asked]
        postgresql = session.get_bind().dialect.name == "postgresql"
        for (names, limit), indexes in alike.items():
            statement = self._statement(postgresql, names)
            if postgresql:
                arrays = {name: [asked[index][name] for index in indexes] for name in names}
                for row in session.execute(statement, {**arrays, "limit": limit}):
                    found[indexes[row._mapping["asked_number"] - 1]].append(row)
            else:
                for index in indexes:
                    values = {name: asked[index][name] for name in names}
                    found[index] = list(session.execute(statement, {**values, "limit": limit}))
        return found

    def _statement(self, postgresql: bool, names: tuple[str, ...]) -> Select[Any]:
        key = (postgresql, names)
        if key not in self._statements:
            types = {name: self._types.get(name, Text()) for name in names}
            self._statements[key] = self._together(types) if postgresql else self._alone(types)
        return self._statements[key]

    def _together(self, types: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
        """One row source for all calls, and beside each its list: a nested loop keeps the order of both."""
        asked = _table_of(types, "asked", number="asked_number")
        listed = self._query({name: asked.c[name] for name in types}).limit(bindparam("limit")).lateral("listed")
        return select(asked.c.asked_number, *listed.c).select_from(asked.join(listed, true()))

    def _alone(self, types: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
        values = {name: bindparam(name, type_=type_) for name, type_ in types.items()}
        return self._query(values).limit(bindparam("limit"))


def load_lists(
    session: Session, lists: Lists, asked: Sequence[tuple[CallContext, Mapping[str, Any], int]],
    reading: Reading[Opened],
) -> list[list[Opened]]:
    """The list of each call: of rows that it may see. asked: context, filters, limit.

    A list reaches only what its query reaches: rows that the call may not see leave a shorter page, never another's.
    """
    found = lists.find(
        session, [{**filters, "tenant": context.tenant} for context, filters, _ in asked],
        [limit for _, _, limit in asked])
    return [
        [reading.open(row) for row in rows if permit(context, reading.facts(row))]
        for (context, _, _), rows in zip(asked, found, strict=True)
    ]


def _table_of(types: Mapping[str, TypeEngine[Any]], name: str, *, number: str | None = None) -> Any:
    """Arrays as a table: `unnest(…) AS name (…)`; number: the column that counts its rows from 1."""
    arrays = [bindparam(column, type_=ARRAY(type_)) for column, type_ in types.items()]
    table = func.unnest(*arrays).table_valued(*types, with_ordinality=number, name=name)
    return table.render_derived()
