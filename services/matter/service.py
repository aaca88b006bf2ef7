"""Matter on the bus: government applications by declaration, which compose the other components."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter import schemas
from services.matter.adapters.definition_reader import read_file
from services.matter.adapters.shipped import shipped_definitions, shipped_templates
from services.matter.domain import errors
from services.matter.domain.case import Case
from services.matter.domain.ports import MatterTransaction
from services.matter.providers import MatterProvider, provider_of
from services.matter.usecases import bootstrap, callbacks, cases, channels, definitions, engine, payments, queries
from shared_components.bus import Transactions, every, on_event, rpc_method
from shared_components.contracts import EventContract
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.return_addresses import ReturnUrlNotAllowed
from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing

APPS = ("gateway", "app", "operator")
OWN_CASE = (errors.CaseNotFound, errors.ApplicantMismatch)
FORM = (errors.FormInvalid, errors.DefinitionOutdated)


class MatterService:
    """Carries a citizen's case through the other components, step by step."""

    name = "matter"
    summary_zh = "按事项定义逐步办理群众和企业的申请，串联其他组件。"
    contract_version = "2.0"
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
        zh="发布事项或其新版本；定义有误或引用的内容不存在时，逐条给出行号。")
    def publish_definition(self, transactions: Transactions, call: Call) -> Mapping[str, Any]:
        """Publish a matter, or a new version of one; every mistake, and all that is unknown, is told with its line."""
        tenant, provider = call.context.tenant, provider_of(transactions)
        return definitions.publish_checked(
            transactions, provider.components_for(tenant, None), provider.verify_callback.sources(tenant),
            tenant=tenant, read=read_file(call.data["definition_yaml"]), allow_missing=call.data["allow_missing"],
        )

    @rpc_method(request=schemas.ListMatters, reply=schemas.Matters, callers=APPS, public=True,
        zh="查询各事项的最新版本。")
    def list_matters(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """The newest version of every matter."""
        return definitions.list_matters(tx, tenant=call.context.tenant, asked=call.data)

    @rpc_method(request=schemas.GetGuide, reply=schemas.Guide, callers=APPS, public=True,
                errors=[errors.MatterNotFound],
        zh="查询办事指南：谁可申请、需要什么、申请表及办理步骤。")
    def get_guide(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Give a matter's guide (办事指南): who may apply, what is needed, the form, the steps."""
        code = call.data["matter_code"]
        return definitions.guide_view(definitions.get_guide(tx, tenant=call.context.tenant, matter_code=code))

    @rpc_method(request=schemas.StartCase, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[errors.MatterNotFound, *FORM, errors.ApplicantMismatch, errors.CaseAlreadyOpen],
        zh="发起办件（草稿），此后始终按当时的事项版本办理。")
    def start_case(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Begin a draft, which runs the definition's newest version for as long as it lives."""
        data, context = call.data, call.context
        return _summary(tx, call, cases.start_case(
            tx, context=context, matter_code=data["matter_code"],
            applicant=data["applicant_subject"], form=data["form"], locale=_locale(call),
        ))

    @rpc_method(request=schemas.SaveForm, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*OWN_CASE, errors.CaseNotEditable, *FORM],
        zh="替换草稿的申请表。")
    def save_form(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Replace the form of a draft."""
        return _summary(tx, call, cases.save_form(tx, **_own(call), form=call.data["form"]))

    @rpc_method(request=schemas.SubmitCase, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*OWN_CASE, errors.CaseNotEditable, *FORM, errors.CaseAlreadyOpen, ReturnUrlNotAllowed],
        zh="提交草稿：校验并锁定申请表，随即开始办理。")
    def submit_case(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Submit a draft: its form is checked and frozen, and its first steps begin at once."""
        return _summary(tx, call, cases.submit_case(
            tx, **_own(call), return_url=call.data["return_url"]))

    @rpc_method(request=schemas.ChooseChannel, reply=schemas.ChosenChannel, callers=APPS, mutating=True, public=True,
                own_transactions=True,
                errors=[*OWN_CASE, errors.StepNotFound, errors.StepNotPayable, errors.ChannelNotAllowed,
                        errors.PaymentNotStarted, ReturnUrlNotAllowed],
        zh="选择缴费步骤的支付渠道，返回支付页面地址。")
    def choose_channel(self, transactions: Transactions, call: Call) -> Mapping[str, Any]:
        """Choose through which channel a step is paid, and get the address of the page."""
        return channels.choose_channel(
            transactions, provider_of(transactions).components_for, context=call.context, asked=call.data)

    @rpc_method(request=schemas.CaseId, reply=schemas.Case, callers=APPS, public=True, errors=OWN_CASE,
        zh="查询办件：步骤、已撤销的动作、已发通知及办理进度。")
    def get_case(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """A case with its steps, what was undone, what was told, and the applicant's timeline."""
        case = queries.get_case(tx, **_own(call))
        return queries.case_view(case, locale=_locale(call), now=tx.clock.now())

    @rpc_method(request=schemas.ListCases, reply=schemas.Cases, callers=APPS, public=True,
        zh="查询办件，最新的在前；可只看需要人工处理的。")
    def list_cases(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Cases, newest first, a page at a time; stuck: only those that people must look at."""
        return queries.list_cases(tx, context=call.context, asked=call.data, locale=_locale(call))

    @rpc_method(request=schemas.CaseId, reply=schemas.CaseSummary, callers=APPS, mutating=True, public=True,
                errors=[*OWN_CASE, errors.CaseNotWithdrawable],
        zh="在制证前撤回申请，已缴费用退回。")
    def withdraw_case(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Withdraw an application before its licence is issued; what was paid is returned."""
        return _summary(tx, call, cases.withdraw_case(tx, **_own(call)))

    @rpc_method(request=schemas.ReceiveCallback, reply=schemas.CallbackTaken, callers=["gateway"], mutating=True,
                errors=[SignatureMissing, SignatureInvalid, SignatureExpired, errors.CallbackInvalid,
                        errors.CallbackRefused, errors.CallbackReused, errors.CaseNotFound, errors.StepNotFound,
                        errors.StepNotWaiting, errors.DefinitionOutdated], own_transactions=True,
        zh="接收外部系统（如医院）对等待步骤的签名答复。")
    def receive_callback(self, transactions: Transactions, call: Call) -> Mapping[str, Any]:
        """Take the signed answer of somebody outside, such as a hospital, to a waiting step of any tenant's case."""
        data = call.data
        # The tenant of the call is the gateway's own: whoever signs has no credential that could name one.
        case = callbacks.take_callback(
            transactions, case_id=data["case_id"], step=data["step"], claimed=data["result"], key_id=data["key_id"],
            timestamp=data["timestamp"], signature=data["signature"], body=data["body"],
        )
        return {"case_id": case.id, "step": data["step"], "state": case.step(data["step"]).state}

    @rpc_method(request=schemas.RetryStep, reply=schemas.CaseSummary, callers=["operator"], mutating=True,
                errors=[errors.CaseNotFound, errors.StepNotFound, errors.StepNotRetryable],
        zh="重试受阻的步骤，沿用原操作编号。")
    def retry_step(self, tx: MatterTransaction, call: Call) -> Mapping[str, Any]:
        """Ask again for a step that is stuck, with the operation id it had."""
        data = call.data
        return _summary(tx, call, cases.retry_step(
            tx, tenant=call.context.tenant, case_id=data["case_id"], step=data["step"], reason=data["reason"]
        ))

    @rpc_method(request=schemas.Bootstrap, reply=schemas.Bootstrapped, callers=["operator"], mutating=True,
                own_transactions=True,
        zh="发布随附的事项定义并写入其通知模板，重复执行不产生变化。")
    def bootstrap(self, transactions: Transactions, call: Call) -> Mapping[str, Any]:
        """Publish the shipped definitions and put the templates of their notices; doing it again changes nothing."""
        return _bootstrap(transactions, call.context.tenant)

    @on_event("matter", "step-due", own_transactions=True)
    def run_step(self, transactions: Transactions, event: Event) -> None:
        """Do a step as soon as it is due."""
        engine.run_task(
            transactions, provider_of(transactions).components_for, tenant=event.tenant, case_id=event.data["case_id"],
            task_id=event.data["step_id"],
        )

    @on_event("payment", "order-paid")
    def on_order_paid(self, tx: MatterTransaction, event: Event) -> None:
        """The step that waits for this money is done."""
        payments.order_paid(tx, tenant=event.tenant, order=event.data)

    @on_event("payment", "order-closed")
    def on_order_closed(self, tx: MatterTransaction, event: Event) -> None:
        """Nobody will pay: the step looks at its order."""
        payments.wake(tx, tenant=event.tenant, reference=event.data.get("reference"))

    @on_event("payment", "refund-succeeded")
    def on_refund_succeeded(self, tx: MatterTransaction, event: Event) -> None:
        """The compensation that waits for it looks at its refund."""
        payments.wake(tx, tenant=event.tenant, reference=event.data.get("reference"))

    @on_event("payment", "refund-failed")
    def on_refund_failed(self, tx: MatterTransaction, event: Event) -> None:
        """The compensation that waits for it looks at its refund."""
        payments.wake(tx, tenant=event.tenant, reference=event.data.get("reference"))

    @every(seconds=2)
    def sweep(self, transactions: Transactions) -> None:
        """Retries, polls, and what a crash left behind."""
        engine.sweep(transactions, provider_of(transactions).components_for)

    @every(seconds=5)
    def bootstrap_at_start(self, transactions: Transactions) -> None:
        """Until it has succeeded once in this process, for the tenants of services.matter.bootstrap_tenants."""
        done = provider_of(transactions).bootstrapped
        for tenant in set(transactions.settings["bootstrap_tenants"]) - done:
            _bootstrap(transactions, tenant)
            done.add(tenant)


def _bootstrap(transactions: Transactions, tenant: str) -> dict[str, Any]:
    components = provider_of(transactions).components_for(tenant, None)
    return bootstrap.bootstrap(
        transactions, components, tenant=tenant, definitions=shipped_definitions(), templates=shipped_templates()
    )


def _own(call: Call) -> dict[str, Any]:
    return {"context": call.context, "case_id": call.data["case_id"]}


def _locale(call: Call) -> str:
    """One of the two languages that texts exist in."""
    return "zh-CN" if call.context.locale.startswith("zh") else "en"


def _summary(tx: MatterTransaction, call: Call, case: Case) -> dict[str, Any]:
    """What a change answers. The platform keeps such replies as they are, so nothing personal may stand in them."""
    return queries.case_summary(case, locale=_locale(call), now=tx.clock.now())
