"""The applicant chooses the channel to pay through, from those that the definition allows."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.ports import HasEngine, HasLockedCases
from services.matter.definitions.domain.ports import HasDefinitionVersions
from services.matter.kinds.pay.errors import ChannelNotAllowed, PaymentNotStarted, StepNotPayable
from services.matter.kinds.pay.ports import PayComponents
from services.matter.kinds.pay.run import allowed_channels
from services.matter.kinds.pay.views import ChosenChannelView
from shared_components.kernel.bilingual import Bilingual, chinese, listed_zh
from shared_components.kernel.errors import Conflict
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import Begins

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class PayComponentsFor(Protocol):
    def __call__(self, tenant: str) -> PayComponents: ...


class ChooseChannelTx(HasDefinitionVersions, HasEngine, HasLockedCases, Protocol):
    """The part of a transaction that choosing a channel uses."""


@dataclass(frozen=True, slots=True)
class ChooseChannel:
    """return_url: the page that the applicant comes back to; None: the submission's."""

    case_id: str
    step: str
    channel: str
    return_url: str | None = None


def choose_channel(
    transactions: Begins[ChooseChannelTx], components_for: PayComponentsFor, command: ChooseChannel,
    context: CallContext,
) -> ChosenChannelView:
    """Open the payment of a waiting step; payment is asked between two short transactions.

    Chosen again, the same channel gives the same page; payment refuses a second channel.
    Raises CaseNotFound, StepNotFound, StepNotPayable, ChannelNotAllowed, ReturnUrlNotAllowed,
    PaymentNotStarted.
    """
    tenant, case_id, step, channel = context.tenant, command.case_id, command.step, command.channel
    with transactions.begin(tenant) as tx:
        tx.engine.return_addresses.check(context.caller, command.return_url)
        case = tx.cases.lock(context, case_id)
        task = _payable(case, step)
        definition = tx.definitions.version(tenant, case.matter_code, case.version)
        _check_channel(allowed_channels(definition.step(step)), channel)
        order_id = str(task.result["order_id"])
        return_url = command.return_url or task.settings.get("return_url")
    try:
        started = components_for(tenant).payments.start(
            f"{case_id}:{step}:{new_id('choice')}", order_id, channel, return_url)
    except Conflict as refusal:
        raise PaymentNotStarted(Bilingual(
            f"payment of step {step!r} cannot be opened: {refusal.message}",
            f"步骤“{step}”无法发起支付：{chinese(refusal.text)}"),
            details={"code": refusal.code, **refusal.details},
        ) from refusal
    with transactions.begin(tenant) as tx:
        case = tx.cases.lock(context, case_id)
        task = case.step(step)
        if task.is_open:
            task.result = {**task.result, "channel": channel, "pay_url": started["pay_url"]}
            tx.cases.save(case)
        return ChosenChannelView(case_id, step, task.state, channel, started["pay_url"])


def _payable(case: Case, step: str) -> Task:
    task = case.step(step)
    if task.kind != "pay" or task.state != states.WAITING or "order_id" not in task.result:
        raise StepNotPayable(Bilingual(
            f"step {step!r} of case {case.id} is of kind {task.kind!r} and {task.state!r}; only a step 'pay' that is "
            "'waiting' can be paid",
            f"办件 {case.id} 的步骤“{step}”类型为“{task.kind}”、状态为“{task.state}”；"
            "只有状态为“waiting”的“pay”步骤可以缴费"))
    return task


def _check_channel(allowed: list[str], channel: str) -> None:
    if channel not in allowed:
        raise ChannelNotAllowed(Bilingual(
            f"channel {channel!r} is not one of this step; {', '.join(allowed)} are allowed",
            f"该步骤不支持渠道“{channel}”；可用渠道为{listed_zh(allowed)}"),
            details={"allowed": allowed},
        )
