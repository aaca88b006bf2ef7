"""Entrypoints of matter: each calls one use case."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.matter import schemas, usecases
from services.matter.adapters.definition_reader import read_file
from services.matter.domain import errors
from services.matter.providers import MatterProvider
from services.matter.scheduled import MatterSchedule, bootstrap_tenant, engine_of
from services.matter.transaction import SqlMatterTransaction
from services.matter.usecases import engine, views
from services.matter.usecases.components import ComponentsFor
from services.matter.usecases.kinds.kind import Kinds, Subscription
from services.matter.usecases.kinds.registry import KINDS
from shared_components.bus import Transactions, on_event, rpc_method
from shared_components.bus.server.directory_following import DirectoryFollowing
from shared_components.contracts import EventContract
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView
from shared_components.kernel.return_addresses import ReturnUrlNotAllowed
from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing

APPS = ("gateway", "app", "operator")
FORM = (errors.FormInvalid, errors.DefinitionOutdated)
CATALOGUE: RuleArguments = {
    "basis": ["own", "public", "platform"], "resource": "matter", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
OWN_CASE: RuleArguments = {
    "basis": ["own", "platform"], "resource": "case", "about": ["applicant"], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
READ_CASE: RuleArguments = {**OWN_CASE, "roles": ["handler", "approver", "auditor"]}
ANSWERED: RuleArguments = {
    "basis": ["outside", "platform"], "resource": "case", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "matter", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class MatterService(MatterSchedule, DirectoryFollowing):
    """Carries a citizen's case through the other components, step by step."""

    name = "matter"
    summary_zh = "按事项定义逐步办理群众和企业的申请，串联其他组件。"
    contract_version = "3.0"
    tickets = ("gateway",)
    calls = ("elicence", "identity", "notification", "payment")
    emits = (
        EventContract("case-submitted", schemas.CaseEvent, summary="An application was submitted.",
        summary_zh="申请已提交。"),
        EventContract("case-completed", schemas.CaseEvent, summary="办结: every step is done.",
        summary_zh="已办结，各步骤均已完成。"),
        EventContract("case-refused", schemas.CaseEvent, summary="不予办理: refused, and undone what was done.",
        summary_zh="不予办理，已完成的动作已撤销。"),
        EventContract("case-withdrawn", schemas.CaseEvent, summary="The applicant has withdrawn.",
        summary_zh="申请人已撤回。"),
        EventContract("case-failed", schemas.CaseEvent, summary="A step is stuck and needs people.",
        summary_zh="有步骤受阻，需要人工处理。"),
        EventContract("step-due", schemas.StepDue, summary="Wakes the engine; for matter itself.",
        summary_zh="唤醒办理引擎，仅供本服务使用。"),
    )
    transactions = MatterProvider()

    @rpc_method(request=schemas.PublishDefinition, reply=schemas.PublishedMatter, callers=["operator"], mutating=True,
                own_transactions=True, errors=[errors.DefinitionInvalid],
        **ADMINISTERED, zh="发布事项或其新版本；定义有误或引用的内容不存在时，逐条给出行号。")
    def publish_definition(
        self, transactions: Transactions, call: Call[usecases.PublishMatter],
    ) -> views.PublishedView:
        """Publish a matter, or a new version of one; every mistake, and all that is unknown, is told with its line."""
        components_for: ComponentsFor = transactions.provider.components_for
        tenant = call.context.tenant
        sources = transactions.provider.verify_callback.sources(tenant)
        return usecases.publish_matter(
            transactions, KINDS, components_for(tenant), sources, read_file, call.data, call.context)

    @rpc_method(request=schemas.ListMatters, reply=schemas.Matters, callers=APPS, public=True,
        **CATALOGUE, zh="查询各事项的最新版本。")
    def list_matters(self, tx: SqlMatterTransaction, call: Call[usecases.ListMatters]) -> PageView[views.MatterView]:
        """The newest version of every matter."""
        return usecases.list_matters(tx, call.data, call.context)

    @rpc_method(request=schemas.GetGuide, reply=schemas.Guide, callers=APPS, public=True,
                errors=[errors.MatterNotFound],
        **CATALOGUE, zh="查询办事指南：谁可申请、需要什么、申请表及办理步骤。")
    def get_guide(self, tx: SqlMatterTransaction, call: Call[usecases.GetGuide]) -> views.GuideView:
        """Give a matter's guide (办事指南): who may apply, what is needed, the form, the steps."""
        return usecases.get_guide(tx, call.data, call.context)

    @rpc_method(request=schemas.StartCase, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.MatterNotFound, *FORM, errors.ApplicantMissing, errors.ApplicantMismatch,
                        errors.CaseNotCovered, errors.CaseAlreadyOpen],
        **OWN_CASE, zh="发起办件（草稿），此后始终按当时的事项版本办理。")
    def start_case(self, tx: SqlMatterTransaction, call: Call[usecases.StartCase]) -> views.CaseSummaryView:
        """Begin a draft, which runs the definition's newest version for as long as it lives."""
        return usecases.start_case(tx, call.data, call.context)

    @rpc_method(request=schemas.SaveForm, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.CaseNotFound, errors.CaseNotEditable, *FORM],
        **OWN_CASE, zh="替换草稿的申请表。")
    def save_form(self, tx: SqlMatterTransaction, call: Call[usecases.SaveForm]) -> views.CaseSummaryView:
        """Replace the form of a draft."""
        return usecases.save_form(tx, call.data, call.context)

    @rpc_method(request=schemas.SubmitCase, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.CaseNotFound, errors.CaseNotEditable, *FORM, errors.CaseAlreadyOpen,
                        ReturnUrlNotAllowed],
        **OWN_CASE, zh="提交草稿：校验并锁定申请表，随即开始办理。")
    def submit_case(self, tx: SqlMatterTransaction, call: Call[usecases.SubmitCase]) -> views.CaseSummaryView:
        """Submit a draft: its form is checked and frozen, and its first steps begin at once."""
        return usecases.submit_case(tx, call.data, call.context)

    @rpc_method(request=schemas.ChooseChannel, reply=schemas.ChosenChannel, callers=APPS, mutating=True, public=True,
                own_transactions=True,
                errors=[errors.CaseNotFound, errors.StepNotFound, errors.StepNotPayable, errors.ChannelNotAllowed,
                        errors.PaymentNotStarted, ReturnUrlNotAllowed],
        **OWN_CASE, zh="选择缴费步骤的支付渠道，返回支付页面地址。")
    def choose_channel(
        self, transactions: Transactions, call: Call[usecases.ChooseChannel],
    ) -> views.ChosenChannelView:
        """Choose through which channel a step is paid, and get the address of the page."""
        components_for: ComponentsFor = transactions.provider.components_for
        return usecases.choose_channel(transactions, components_for, call.data, call.context)

    @rpc_method(request=schemas.CaseId, reply=schemas.Case, callers=APPS, public=True, bulk=True,
                errors=[errors.CaseNotFound],
        **READ_CASE, zh="查询办件：步骤、已撤销的动作、已发通知及办理进度。")
    def get_case(
        self, tx: SqlMatterTransaction, calls: Sequence[Call[usecases.OneCase]],
    ) -> Sequence[views.CaseView | AppError]:
        """A case with its steps, what was undone, what was told, and the applicant's timeline."""
        return usecases.get_cases(tx, calls)

    @rpc_method(request=schemas.ListCases, reply=schemas.Cases, callers=APPS, public=True, bulk=True,
        **READ_CASE, zh="查询办件，最新的在前；可只看需要人工处理的。")
    def list_cases(
        self, tx: SqlMatterTransaction, calls: Sequence[Call[usecases.ListCases]],
    ) -> Sequence[PageView[views.CaseSummaryView] | AppError]:
        """Cases, newest first, a page at a time; stuck: only those that people must look at."""
        return usecases.list_cases(tx, calls)

    @rpc_method(request=schemas.CaseId, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.CaseNotFound, errors.CaseNotWithdrawable],
        **OWN_CASE, zh="在制证前撤回申请，已缴费用退回。")
    def withdraw_case(self, tx: SqlMatterTransaction, call: Call[usecases.OneCase]) -> views.CaseSummaryView:
        """Withdraw an application before its licence is issued; what was paid is returned."""
        return usecases.withdraw_case(tx, call.data, call.context)

    @rpc_method(request=schemas.ReceiveCallback, reply=schemas.CallbackTaken, callers=["gateway"], mutating=True,
                errors=[SignatureMissing, SignatureInvalid, SignatureExpired, errors.CallbackInvalid,
                        errors.CallbackRefused, errors.CallbackReused, errors.CaseNotFound, errors.StepNotFound,
                        errors.StepNotWaiting, errors.DefinitionOutdated], own_transactions=True,
        **ANSWERED, zh="接收外部系统（如医院）对等待步骤的签名答复。")
    def receive_callback(
        self, transactions: Transactions, call: Call[usecases.ReceiveCallback],
    ) -> views.CallbackTakenView:
        """Take the signed answer of somebody outside, such as a hospital, to a waiting step of any tenant's case."""
        # The tenant of the call is the gateway's own: whoever signs has no credential that could name one.
        return usecases.take_callback(transactions, call.data)

    @rpc_method(request=schemas.RetryStep, reply=schemas.CaseSummary, callers=["operator"], mutating=True,
                errors=[errors.CaseNotFound, errors.StepNotFound, errors.StepNotRetryable],
        **ADMINISTERED, zh="重试受阻的步骤，沿用原操作编号。")
    def retry_step(self, tx: SqlMatterTransaction, call: Call[usecases.RetryStep]) -> views.CaseSummaryView:
        """Ask again for a step that is stuck, with the operation id it had."""
        return usecases.retry_step(tx, call.data, call.context)

    @rpc_method(request=schemas.Bootstrap, reply=schemas.Bootstrapped, callers=["operator"], mutating=True,
                own_transactions=True,
        **ADMINISTERED, zh="发布随附的事项定义并写入其通知模板，重复执行不产生变化。")
    def bootstrap(self, transactions: Transactions, call: Call) -> views.BootstrappedView:
        """Publish the shipped definitions and put the templates of their notices; doing it again changes nothing."""
        return bootstrap_tenant(transactions, call.context.tenant)

    @on_event("matter", "step-due", own_transactions=True, bulk=True)
    def run_step(self, transactions: Transactions, events: list[Event]) -> None:
        """Do a step as soon as it is due."""
        due = [
            engine.DueTask(event.data["step_id"], event.data["case_id"], event.tenant, event.traceparent)
            for event in events]
        engine.run_tasks(engine_of(transactions), due)


def _serve_events_of_kinds(service: type[MatterService], kinds: Kinds[Any]) -> None:
    """Add a handler for each event that a kind of step takes; each has a queue of its own."""
    for subscription in kinds.subscriptions:
        handle = _handler(subscription)
        setattr(service, subscription.handler, on_event(subscription.source, subscription.event_type)(handle))


def _handler(subscription: Subscription) -> Callable[[MatterService, SqlMatterTransaction, Event], None]:
    def handle(self: MatterService, tx: SqlMatterTransaction, event: Event) -> None:
        subscription.take(tx, event.tenant, event.data)

    handle.__name__ = subscription.handler
    handle.__qualname__ = f"{MatterService.__name__}.{subscription.handler}"
    handle.__doc__ = subscription.take.__doc__
    return handle


_serve_events_of_kinds(MatterService, KINDS)
