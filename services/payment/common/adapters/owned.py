"""Facts of rows that belong to an order, a webhook or an app, and the words by which lists find them."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_

from services.payment.common.domain.callers import PAYER
from shared_components.db.load_many import Columns
from shared_components.kernel.apps import BEFORE_APPS
from shared_components.kernel.calls import CallContext
from shared_components.security.authority import Facts
from shared_components.security.authority.facts import NOBODY
from shared_components.security.authority.search import search


def order_facts(tenant: str, *, app: str, payer: str | None, amount_minor: int, thing: str = "") -> Facts:
    """Give the facts of an order, or of a refund or receipt of an order.

    app: that made the order. payer: the subject that the order names. amount_minor: what a mandate's limit is held to.
    thing: the row's id.
    """
    return Facts(tenant, NOBODY if payer is None else {PAYER: payer}, app, amount_minor=amount_minor, thing=thing)


def facts_by(key: str) -> Callable[[Any], Facts]:
    """Give what reads the facts of a row that has `app` and `payer_subject` of its order. key: the column of its id."""
    def facts(row: Any) -> Facts:
        return order_facts(
            row.tenant_id, app=row.app, payer=row.payer_subject, amount_minor=row.amount_minor,
            thing=getattr(row, key))

    return facts


def searched(context: CallContext) -> Mapping[str, str | None]:
    """Give the filters by which a list finds the rows of a call: `maker` and `holder`."""
    found = search(context)
    return {"maker": found.maker, "holder": found.holder}


def kept_by(column: ColumnElement[Any], asked: Columns) -> list[ColumnElement[bool]]:
    """Give the condition on the department; a holder's list may have rows of several, and then has none."""
    return [column == asked["tenant"]] if "tenant" in asked else []


def made_by(column: ColumnElement[Any], asked: Columns) -> list[ColumnElement[bool]]:
    """Give the condition on the maker, where a call's list has one.

    column: of the app. Apps also find what was made before apps had names.
    """
    return [or_(column == asked["maker"], column == BEFORE_APPS)] if "maker" in asked else []
