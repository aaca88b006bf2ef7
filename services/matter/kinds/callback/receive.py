"""An outside party answers a step: signed, once, and for this case and step only."""
from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.case import STEP, Case, Task
from services.matter.cases.domain.errors import StepNotFound, unknown_case
from services.matter.cases.domain.ports import CasesOfWork
from services.matter.cases.domain.recording import record
from services.matter.cases.usecases.at_once import AtOnceTx
from services.matter.cases.usecases.case_progress import ProgressTx, progress_of, save
from services.matter.definitions.domain.errors import FormInvalid
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.model import Step
from services.matter.kinds.callback.errors import CallbackInvalid, CallbackRefused, CallbackReused, StepNotWaiting
from services.matter.kinds.callback.run import conclude
from services.matter.kinds.callback.signed import CallbackRecord, Callbacks, CallbackVerifier, SignedCallback
from services.matter.kinds.callback.views import CallbackTakenView
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasEvents

MAX_ID = 64


class CalledBackCases(CasesOfWork, Protocol):
    def tenant_of(self, case_id: str) -> str:
        """The tenant that a case belongs to, asked over all tenants. Raises CaseNotFound."""
        ...


class ReceiveCallbackTx(AtOnceTx, HasEvents, ProgressTx, Protocol):
    """The part of a transaction that receiving a callback uses."""

    @property
    def cases(self) -> CalledBackCases: ...

    @property
    def callbacks(self) -> Callbacks: ...

    @property
    def verify_callback(self) -> CallbackVerifier: ...


class CallbackTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[ReceiveCallbackTx]:
        """tenant: None to look over all tenants."""
        ...


@dataclass(frozen=True, slots=True)
class ReceiveCallback:
    """result: as whoever passes the callback on has read it; it must be the signed one. body: as it came."""

    case_id: str
    step: str
    key_id: str
    timestamp: str
    signature: str = field(repr=False)
    body: str = field(repr=False)
    result: Mapping[str, Any] | None = field(default=None, repr=False)


def take_callback(transactions: CallbackTransactions, command: ReceiveCallback) -> CallbackTakenView:
    """Verify a callback, then receive it for the tenant that the case belongs to.

    Raises CaseNotFound also when the key may not answer cases of that tenant.
    """
    with transactions.begin() as tx:
        signed = tx.verify_callback(
            key_id=command.key_id, timestamp=command.timestamp, signature=command.signature, body=command.body,
            at=tx.clock.now(),
        )
        tenant = tx.cases.tenant_of(command.case_id)
    if not signed.may_answer(tenant):
        raise unknown_case(command.case_id)
    with transactions.begin(tenant) as tx:
        case = receive_callback(
            tx, tenant=tenant, case_id=command.case_id, step=command.step, signed=signed, claimed=command.result)
    return CallbackTakenView(case.id, command.step, case.step(command.step).state)


def receive_callback(
    tx: ReceiveCallbackTx, *, tenant: str, case_id: str, step: str, signed: SignedCallback,
    claimed: Mapping[str, Any] | None = None,
) -> Case:
    """Complete or refuse the waiting step. The same callback again changes nothing and gets the case as it is.

    claimed: the result as whoever passes the callback on has read it; it must be the signed one.
    """
    result = _require_bound(signed.content, case_id, step)
    if claimed is not None and dict(claimed) != dict(result):
        raise CallbackInvalid(Bilingual(
            "result beside the callback is not the one that is signed; they must be equal",
            "回调旁的结果与签名内容不一致；两者必须相同"))
    callback_id = _callback_id(signed.content)
    case = tx.cases.lock_for_work(tenant, case_id)
    if _seen_before(tx, tenant, signed, callback_id):
        return case
    progress = progress_of(tx, case)
    task = _expecting_task(case, step)
    declared = progress.definition.step(step)
    _require_source(declared, signed)
    result = _checked_result(declared, result)
    tx.callbacks.add(tenant, CallbackRecord(
        signed.key_id, callback_id, case_id, step, signed.digest, progress.now
    ))
    if task.state == states.WAITING:
        record(progress, task, conclude(declared, result), tx.engine.retry)
    else:
        # The engine has not come to it yet, or has it in hand: it finds the answer there and concludes.
        task.signal = result
    save(tx, progress)
    return case


def _require_bound(content: Mapping[str, Any], case_id: str, step: str) -> Mapping[str, Any]:
    """The signed body must itself name the case and step, else it could be sent to another."""
    if content.get("case_id") != case_id or content.get("step") != step:
        raise CallbackInvalid(Bilingual(
            "callback names another case or step than the one it was sent to; they must be equal",
            "回调所指的办件或步骤与接收地址不一致；必须相同"))
    result = content.get("result")
    if not isinstance(result, Mapping):
        raise CallbackInvalid(Bilingual(
            "callback has no 'result'; an object is allowed",
            "回调缺少 result；必须是 JSON 对象"))
    unknown = set(content) - {"callback_id", "case_id", "step", "result"}
    if unknown:
        allowed = "only callback_id, case_id, step and result are allowed"
        raise CallbackInvalid(Bilingual(
            f"callback has {len(unknown)} unknown key(s); {allowed}",
            f"回调含有 {len(unknown)} 个未知字段；只允许 callback_id、case_id、step 和 result"))
    return result


def _callback_id(content: Mapping[str, Any]) -> str:
    given = content.get("callback_id")
    if not isinstance(given, str) or not 1 <= len(given) <= MAX_ID:
        raise CallbackInvalid(Bilingual(
            f"callback has no 'callback_id' of 1–{MAX_ID} characters; it makes the callback unique",
            f"回调缺少 1 至 {MAX_ID} 个字符的 callback_id；以此区分各次回调"))
    return given


def _seen_before(tx: ReceiveCallbackTx, tenant: str, signed: SignedCallback, callback_id: str) -> bool:
    seen = tx.callbacks.find(tenant, signed.key_id, callback_id)
    if seen is not None and seen.digest != signed.digest:
        raise CallbackReused(Bilingual(
            "callback id came before with another content; each callback needs an id of its own",
            "该回调编号已用于其他内容；每次回调须使用各自的编号"))
    return seen is not None


def _expecting_task(case: Case, step: str) -> Task:
    task = case.step(step)
    if task.kind != "callback" or task.role != STEP:
        raise StepNotFound(Bilingual(
            f"step {step!r} of case {case.id} is of kind {task.kind!r}; only 'callback' takes one",
            f"办件 {case.id} 的步骤“{step}”类型为“{task.kind}”；只有“callback”步骤接受回调"))
    if task.state not in (states.READY, states.RUNNING, states.WAITING) or task.signal is not None:
        state = task.state if task.signal is None else "answered"
        raise StepNotWaiting(Bilingual(
            f"step {step!r} of case {case.id} is {state!r}; only 'waiting' takes a callback",
            f"办件 {case.id} 的步骤“{step}”状态为“{state}”；只有“waiting”接受回调"))
    return task


def _require_source(declared: Step, signed: SignedCallback) -> None:
    if signed.source != declared.settings["source"]:
        raise CallbackRefused(Bilingual(
            f"step {declared.name!r} is answered by {declared.settings['source']!r} and nobody else",
            f"步骤“{declared.name}”只接受“{declared.settings['source']}”的回调"))


def _checked_result(declared: Step, result: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return check_form(declared.settings["result"], result, complete=True)
    except FormInvalid as error:
        raise CallbackInvalid(error.message.replace("form", "result", 1), details=error.details) from None
