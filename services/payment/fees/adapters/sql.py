"""Fee items in the database."""
from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.payment.fees.domain.errors import FeeItemChanged
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.domain.ports import FeeItemFilter
from services.payment.fees.models import FeeItemRow
from shared_components.db import UtcDateTime, hold_key, table_of
from shared_components.db.bulk import rows_of
from shared_components.db.load_many import Columns, Lists, Reading, load_lists
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.security.authority import Facts

T = table_of(FeeItemRow)
NAMES = tuple(column.name for column in T.columns if column.name != "tenant_id")


class SqlFeeItems:
    def __init__(self, session: Session) -> None:
        self._session = session

    def in_force(self, wanted: Collection[tuple[str, str]], at: datetime) -> Mapping[tuple[str, str], FeeItem]:
        # Periods of one code do not overlap, so there is one row a code however many versions there were.
        found = [FeeItem(*row) for row in self._rows_in_force(tuple(sorted(wanted)), at)]
        return {(item.tenant, item.item_code): item for item in found}

    def _rows_in_force(self, wanted: tuple[tuple[str, str], ...], at: datetime) -> Iterable[Sequence[Any]]:
        if not wanted:
            return ()
        if self._session.get_bind().dialect.name == "postgresql":
            return rows_of(self._session, _IN_FORCE_TEXT, (wanted, at, at))
        return self._session.execute(_IN_FORCE, {"wanted": wanted, "at": at})

    def newest_version(self, tenant: str, item_code: str) -> int:
        hold_key(self._session, "fee-item", tenant, item_code)
        query = select(func.max(T.c.version)).where(T.c.tenant_id == tenant, T.c.item_code == item_code)
        return self._session.scalar(query) or 0

    def add(self, item: FeeItem) -> None:
        """A version that was planned for later than the new one begins keeps its row, with an empty period."""
        earlier_end = case((T.c.valid_from > item.valid_from, T.c.valid_from), else_=item.valid_from)
        self._session.execute(
            update(T)
            .where(
                T.c.tenant_id == item.tenant, T.c.item_code == item.item_code, T.c.version < item.version,
                _open_at(item.valid_from),
            )
            .values(valid_until=earlier_end)
        )
        values = {name: getattr(item, name) for name in NAMES}
        try:
            self._session.execute(insert(T).values(tenant_id=item.tenant, **values))
        except IntegrityError as error:
            raise FeeItemChanged(
                Bilingual(
                    f"fee item {item.item_code!r} got version {item.version} from somebody else "
                    "meanwhile; put it again",
                    f"收费项目“{item.item_code}”的版本 {item.version} 已被他人写入；请重新提交")
            ) from error

    def pages(self, asked: Sequence[tuple[CallContext, FeeItemFilter]]) -> list[list[FeeItem]]:
        return load_lists(self._session, IN_ORDER, [
            (context, {
                "at": wanted.at, "item_code": wanted.item_code,
                "after_code": wanted.after and wanted.after[0], "after_version": wanted.after and wanted.after[1],
            }, wanted.limit)
            for context, wanted in asked], READING)


def _in_order(asked: Columns) -> Select[Any]:
    # A planned version that another one replaced has an empty period; it is history, never in force.
    query = select(T).where(
        T.c.tenant_id == asked["tenant"], _open_at(asked["at"]),
        or_(T.c.valid_until.is_(None), T.c.valid_until > T.c.valid_from),
    )
    if "item_code" in asked:
        query = query.where(T.c.item_code == asked["item_code"])
    if "after_code" in asked:
        query = query.where(tuple_(T.c.item_code, T.c.version) > tuple_(asked["after_code"], asked["after_version"]))
    return query.order_by(T.c.item_code, T.c.version)


def _open_at(at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(T.c.valid_until.is_(None), T.c.valid_until > at)


_FIELDS = ("tenant_id", *(field.name for field in dataclasses.fields(FeeItem) if field.name != "tenant"))
# Made once: every order asks it, and building a statement costs as much as running it.
_IN_FORCE_TEXT = (
    f"SELECT {', '.join(_FIELDS)} FROM fee_items WHERE (tenant_id, item_code) IN %s AND valid_from <= %s "  # noqa: S608
    "AND (valid_until IS NULL OR valid_until > %s)")
_IN_FORCE = select(*(T.c[name] for name in _FIELDS)).where(
    tuple_(T.c.tenant_id, T.c.item_code).in_(bindparam("wanted", expanding=True)), T.c.valid_from <= bindparam("at"),
    or_(T.c.valid_until.is_(None), T.c.valid_until > bindparam("at")),
)


def _item(row: Any) -> FeeItem:
    return FeeItem(tenant=row.tenant_id, **{name: getattr(row, name) for name in NAMES})


IN_ORDER = Lists(_in_order, at=UtcDateTime(), after_version=Integer())
READING = Reading(lambda row: Facts(row.tenant_id), _item)
