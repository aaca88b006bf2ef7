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
from shared_components.security.authority import Facts, Sealed
from shared_components.security.authority.opening import open_asked
from shared_components.security.authority.opening import open_row as open_row
from shared_components.security.authority.search import search, searched_tenant

Opened = TypeVar("Opened")
Row = Any
Columns = Mapping[str, ColumnElement[Any]]
Place = tuple[str | None, str]
"""(tenant, key); without a tenant the key finds the row anywhere."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[Opened]):
    """How a row of one kind is read. facts: without decrypting anything; open: to what the use case works with."""

    facts: Callable[[Row], Facts]
    open: Callable[[Row], Opened]

    def seal(self, row: Row) -> Sealed[Opened]:
        """The row as only a permit opens it."""
        return Sealed(self.facts(row), lambda: self.open(row))


def open_found(context: CallContext, row: Sealed[Opened] | None, missing: AppError) -> Opened:
    """The content for a call. Raises missing where there is no row, or none that the call may see."""
    opened = open_asked(context, row)
    if opened is None:
        raise missing
    return opened


class ByKey:
    """Finds rows of a table by tenant and one text column; the statement is built once.

    query: the columns to read, where other tables are joined to the table.
    anywhere: the key is unique in all tenants and finds the row without one: a permit decides who may see it.
    """

    def __init__(
        self, table: Table, key: str, *, tenant: str = "tenant_id", query: Select[Any] | None = None,
        anywhere: bool = False,
    ) -> None:
        self.anywhere = anywhere
        self.key, self.tenant = key, tenant
        self._columns = (table.c[tenant], table.c[key])
        self._all = select(table) if query is None else query
        self._in_array = self._all.where(table.c[key] == func.any(bindparam("keys", type_=ARRAY(Text()))))
        wanted = _table_of({"tenant": Text(), "key": Text()}, "wanted")
        self._in_arrays = self._all.join(
            wanted, (table.c[tenant] == wanted.c.tenant) & (table.c[key] == wanted.c.key))

    def place(self, context: CallContext, key: str) -> Place:
        """Where a call's row is: in its tenant, or wherever the key is found."""
        return (None if self.anywhere else searched_tenant(context), key)

    def find(self, session: Session, wanted: Iterable[Place]) -> dict[Place, Row]:
        """The rows at these places, in one statement."""
        places = sorted(set(wanted), key=lambda place: (place[0] or "", place[1]))
        if not places:
            return {}
        postgresql = session.get_bind().dialect.name == "postgresql"
        if self.anywhere:
            found = self._find_anywhere(session, [key for _, key in places], postgresql)
        elif postgresql:
            tenants, keys = map(list, zip(*places, strict=True))
            found = session.execute(self._in_arrays, {"tenant": tenants, "key": keys})
        else:
            found = session.execute(self._all.where(tuple_(*self._columns).in_(places)))
        tenant, key = self.tenant, self.key
        return {(None if self.anywhere else row._mapping[tenant], row._mapping[key]): row for row in found}

    def _find_anywhere(self, session: Session, keys: list[str], postgresql: bool) -> Iterable[Row]:
        if postgresql:
            return session.execute(self._in_array, {"keys": keys})
        return session.execute(self._all.where(self._columns[1].in_(keys)))


def load_many(
    session: Session, by: ByKey, asked: Sequence[tuple[CallContext, str]], reading: Reading[Opened],
    missing: Callable[[], AppError],
) -> list[Opened | AppError]:
    """Read what each call asks for by its key: the row opened by a permit, or an error for that call alone.

    missing: makes the error for a row that is not there, and for one that the call may not see.
    """
    rows = by.find(session, (by.place(context, key) for context, key in asked))
    once = _Once(reading)
    return [once.outcome(context, rows.get(by.place(context, key)), missing) for context, key in asked]


class _Once(Generic[Opened]):
    """Opens each row once, however many calls may see it; a row that cannot be opened is the error of these calls."""

    def __init__(self, reading: Reading[Opened]) -> None:
        self._reading = reading
        self._opened: dict[int, Opened | AppError] = {}

    def outcome(
        self, context: CallContext, row: Row | None, missing: Callable[[], AppError],
    ) -> Opened | AppError:
        """The row for one call, or the error that the call gets."""
        sealed = None if row is None else Sealed(self._reading.facts(row), lambda: self._open(row))
        try:
            opened = open_asked(context, sealed)
        except AppError as refusal:
            return refusal
        return missing() if opened is None else opened

    def _open(self, row: Row) -> Opened | AppError:
        if id(row) not in self._opened:
            self._opened[id(row)] = attempt(self._reading.open, row)
        return self._opened[id(row)]


class Lists:
    """Finds a list of rows for each call; calls with the same filters and limit share a statement.

    query: from the columns of what is asked to the rows in their order, without a limit. `tenant` is there unless
        the list crosses departments, and each filter that a call gives; a filter that it does not give is absent.
    holders: lists of an acting citizen cross departments; the query then finds the rows by the holder.
    filters: types of the filters that are no text.
    """

    def __init__(
        self, query: Callable[[Columns], Select[Any]], *, holders: bool = False, **filters: TypeEngine[Any],
    ) -> None:
        self._query, self._types, self._holders = query, filters, holders
        self._statements: dict[tuple[bool, tuple[str, ...]], Select[Any]] = {}

    def tenant(self, context: CallContext) -> str | None:
        """The department whose rows a call's list has; None: of several, for a holder to whom a permit opens them."""
        return search(context).tenant if self._holders else searched_tenant(context)

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
        session, [{"tenant": lists.tenant(context), **filters} for context, filters, _ in asked],
        [limit for _, _, limit in asked])
    return [
        [opened for row in rows if (opened := open_row(context, reading.seal(row))) is not None]
        for (context, _, _), rows in zip(asked, found, strict=True)
    ]


def _table_of(types: Mapping[str, TypeEngine[Any]], name: str, *, number: str | None = None) -> Any:
    """Arrays as a table: `unnest(…) AS name (…)`; number: the column that counts its rows from 1."""
    arrays = [bindparam(column, type_=ARRAY(type_)) for column, type_ in types.items()]
    table = func.unnest(*arrays).table_valued(*types, with_ordinality=number, name=name)
    return table.render_derived()
