"""Entrypoints of steps: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

from services.matter.cases.domain.errors import CaseNotFound, StepNotFound
from services.matter.common.callers import APPS
from services.matter.definitions.domain.errors import DefinitionOutdated
from services.matter.kinds.callback import receive
from services.matter.kinds.callback.errors import CallbackInvalid, CallbackRefused, CallbackReused, StepNotWaiting
from services.matter.kinds.callback.views import CallbackTakenView
from services.matter.kinds.components import ComponentsFor
from services.matter.kinds.pay import choose_channel as choosing
from services.matter.kinds.pay.errors import ChannelNotAllowed, PaymentNotStarted, StepNotPayable
from services.matter.kinds.pay.views import ChosenChannelView
from services.matter.steps import schemas
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.return_addresses import ReturnUrlNotAllowed
from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing

OWN_CASE: RuleArguments = {
    "basis": ["own", "platform"], "resource": "case", "about": ["applicant"], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
ANSWERED: RuleArguments = {
    "basis": ["outside", "platform"], "resource": "case", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class StepEntrypoints:
    """Methods about single steps."""

    @rpc_method(request=schemas.ChooseChannel, reply=schemas.ChosenChannel, callers=APPS, mutating=True, public=True,
                own_transactions=True,
                errors=[CaseNotFound, StepNotFound, StepNotPayable, ChannelNotAllowed,
                        PaymentNotStarted, ReturnUrlNotAllowed],
        **OWN_CASE, zh="选择缴费步骤的支付渠道，返回支付页面地址。")
    def choose_channel(
        self, transactions: Transactions, call: Call[choosing.ChooseChannel],
    ) -> ChosenChannelView:
        """Choose through which channel a step is paid, and get the address of the page."""
        components_for: ComponentsFor = transactions.provider.components_for
        return choosing.choose_channel(transactions, components_for, call.data, call.context)

    @rpc_method(request=schemas.ReceiveCallback, reply=schemas.CallbackTaken, callers=["gateway"], mutating=True,
                errors=[SignatureMissing, SignatureInvalid, SignatureExpired, CallbackInvalid,
                        CallbackRefused, CallbackReused, CaseNotFound, StepNotFound,
                        StepNotWaiting, DefinitionOutdated], own_transactions=True, bulk=True,
        **ANSWERED, load_class=VITAL, zh="接收外部系统（如医院）对等待步骤的签名答复。")
    def receive_callback(
        self, transactions: Transactions, calls: Sequence[Call[receive.ReceiveCallback]],
    ) -> Sequence[CallbackTakenView | AppError]:
        """Take the signed answer of somebody outside, such as a hospital, to a waiting step of any tenant's case."""
        # The tenant of the call is the gateway's own: whoever signs has no credential that could name one.
        return receive.take_callbacks(transactions, calls)
