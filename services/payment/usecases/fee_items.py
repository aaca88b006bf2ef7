"""Fee items: put a new version, list those in force or planned."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.payment.domain.errors import PageCursorInvalid
from services.payment.domain.fee_item import FeeItem, check_period
from services.payment.domain.fee_rules import check_limits
from services.payment.domain.ports import PaymentUnit
from services.payment.usecases import views
from services.payment.usecases.paging import page
from shared_components.kernel.names import clean_name

if TYPE_CHECKING:
    from shared_components.bus.call import Call

RULES = ("late_fee_ppm", "min_quantity", "max_quantity", "min_amount_minor", "max_amount_minor")
VERSION_DIGITS = 9
"""As many as a database's integer always holds."""


def put_fee_item(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """Add a version that replaces, from its valid_from on, whatever was in force or planned."""
    data, tenant, now = call.data, call.context.tenant, unit.clock.now()
    valid_from = data.get("valid_from") or now
    check_period(valid_from, data.get("valid_until"), now=now)
    item = FeeItem(
        tenant=tenant,
        item_code=data["item_code"],
        version=unit.fee_items.newest_version(tenant, data["item_code"]) + 1,
        name=clean_name(data["name"]),
        collecting_unit=data["collecting_unit"],
        unit=clean_name(data["unit"], field="unit"),
        price_minor=data["price_minor"],
        currency=data["currency"],
        division=data["division"],
        valid_from=valid_from,
        valid_until=data.get("valid_until"),
        **{name: data[name] for name in RULES},
    )
    check_limits(item)
    unit.fee_items.add(item)
    return views.fee_item(item)


def list_fee_items(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    limit = call.data["limit"]
    found = unit.fee_items.page(
        call.context.tenant, at=unit.clock.now(), item_code=call.data.get("item_code"),
        after=_read_cursor(call.data.get("cursor")), limit=limit + 1,
    )
    return page(found, limit, view=views.fee_item, cursor=lambda item: f"{item.item_code}:{item.version}")


def _read_cursor(cursor: str | None) -> tuple[str, int] | None:
    if not cursor:
        return None
    code, _, version = cursor.rpartition(":")
    if not code or len(version) > VERSION_DIGITS or not (version.isascii() and version.isdigit()):
        raise PageCursorInvalid("cursor is not one that list_fee_items gave; only its next_cursor is allowed")
    return code, int(version)
