"""Read refunds, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.payment.orders.domain.errors import RefundUnknown
from services.payment.orders.domain.ports import HasRefunds
from services.payment.orders.domain.refund import Refund
from services.payment.orders.usecases import views
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import for_good

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


@dataclass(frozen=True, slots=True)
class GetRefund:
    refund_id: str


def get_refunds(tx: HasRefunds, calls: Sequence[Call[GetRefund]]) -> list[views.RefundView | AppError]:
    """Give each call its refund, or RefundUnknown."""
    return for_good(tx.refunds.read([(call.context, call.data.refund_id) for call in calls]), views.refund)


def refund_of(tx: HasRefunds, tenant: str, refund_id: str) -> Refund:
    refund = tx.refunds.get(tenant, refund_id)
    if refund is None:
        raise unknown(refund_id)
    return refund


def unknown(refund_id: str) -> RefundUnknown:
    return RefundUnknown(Bilingual(
        f"refund {refund_id!r} does not exist; refund_order gives the ids that do",
        f"退款“{refund_id}”不存在；编号由 refund_order 给出"))
