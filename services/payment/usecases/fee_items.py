"""Fee items: put a new version, list those in force or planned."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.payment.domain.fee_item import FeeItem, check_period
from services.payment.domain.fee_rules import check_limits
from services.payment.domain.ports import PaymentUnit
from services.payment.usecases import views
from shared_components.kernel.names import clean_name
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

RULES = ("late_fee_ppm", "min_quantity", "max_quantity", "min_amount_minor", "max_amount_minor")
FEE_ITEMS = PagedList[tuple[str, int]]("payment.list_fee_items", str, int)


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
    page = FEE_ITEMS.asked(call.data, call.context.tenant)
    found = unit.fee_items.page(
        call.context.tenant, at=unit.clock.now(), item_code=call.data.get("item_code"),
        after=page.after, limit=page.fetch,
    )
    return page.reply(found, view=views.fee_item, key=lambda item: (item.item_code, item.version))

