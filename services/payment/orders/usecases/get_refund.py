"""Read a refund."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.payment.orders.domain.errors import RefundUnknown
from services.payment.orders.domain.ports import HasOrders, HasRefunds
from services.payment.orders.domain.refund import Refund
from services.payment.orders.usecases import views
from services.payment.orders.usecases.find_order import order_of
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class GetRefund:
    refund_id: str


class GetRefundTx(HasOrders, HasRefunds, Protocol):
    """Ports that `get_refund` uses."""


def get_refund(tx: GetRefundTx, command: GetRefund, context: CallContext) -> views.RefundView:
    refund_id = command.refund_id
    refund = refund_of(tx, context.tenant, refund_id)
    if not context.reaches(order_of(tx, context.tenant, refund.order_id).app):
        raise _unknown(refund_id)
    return views.refund(refund)


def refund_of(tx: HasRefunds, tenant: str, refund_id: str) -> Refund:
    refund = tx.refunds.get(tenant, refund_id)
    if refund is None:
        raise _unknown(refund_id)
    return refund


def _unknown(refund_id: str) -> RefundUnknown:
    return RefundUnknown(Bilingual(
        f"refund {refund_id!r} does not exist; refund_order gives the ids that do",
        f"退款“{refund_id}”不存在；编号由 refund_order 给出"))
