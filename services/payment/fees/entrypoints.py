"""Entrypoints of fee items."""
from __future__ import annotations

from services.payment.common.domain.callers import APPS_AND_MATTER, FINANCE
from services.payment.fees import schemas
from services.payment.fees.domain.errors import FeeItemChanged, FeeItemPeriodInvalid, FeeLimitsInvalid
from services.payment.fees.usecases import fee_items
from services.payment.fees.usecases.fee_items import FeeItemTx, ListFeeItems, PutFeeItem
from services.payment.fees.usecases.views import FeeItemView
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.names import InvalidName
from shared_components.kernel.paging import PageView

CATALOGUE: RuleArguments = {
    "basis": ["own", "public", "platform"], "resource": "fee-item", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": True,
}
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "fee-item", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class FeeEntrypoints:
    """Keeps the fee items."""

    @rpc_method(request=schemas.PutFeeItem, reply=schemas.FeeItem, callers=FINANCE, mutating=True,
                errors=[FeeItemPeriodInvalid, FeeItemChanged, FeeLimitsInvalid, InvalidName],
        **ADMINISTERED, zh="新增收费项目的一个版本，自生效时间起替代现行及已排定的版本。")
    def put_fee_item(self, tx: FeeItemTx, call: Call[PutFeeItem]) -> FeeItemView:
        """Add a version of a fee item; it replaces what was in force or planned from its valid_from on."""
        return fee_items.put_fee_item(tx, call.data, call.context)

    @rpc_method(request=schemas.ListFeeItems, reply=schemas.FeeItems, callers=APPS_AND_MATTER, bulk=True, public=True,
        **CATALOGUE, zh="查询现行及已排定的收费项目，按编码和版本排序。")
    def list_fee_items(
        self, tx: FeeItemTx, calls: list[Call[ListFeeItems]]
    ) -> list[PageView[FeeItemView] | AppError]:
        """Fee items in force now or planned, by code and version."""
        return fee_items.list_fee_items(tx, calls)
