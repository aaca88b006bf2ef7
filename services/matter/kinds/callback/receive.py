"""Outside parties answer steps: signed, once, and for this case and step only; many calls at a time."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.case import STEP, Case, Task
from services.matter.cases.domain.errors import StepNotFound, unknown_case
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.recording import record
from services.matter.cases.usecases.case_progress import CasesInGroups, ProgressTx, progress_of, save_all
from services.matter.cases.usecases.saving import SavingTx
from services.matter.definitions.domain.errors import FormInvalid
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.model import Step
from services.matter.kinds.callback.errors import CallbackInvalid, CallbackRefused, CallbackReused, StepNotWaiting
from services.matter.kinds.callback.run import conclude
from services.matter.kinds.callback.signed import (
    CallbackKey,
    CallbackRecord,
    Callbacks,
    CallbackVerifier,
    SignedCallback,
)
from services.matter.kinds.callback.views import CallbackTakenView
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt, only

MAX_ID = 64
NOBODY = CallContext("gateway", "")
"""A context without session and tenant, as whoever signs a callback has."""


class CalledBackCases(CasesInGroups, Protocol):
    def tenants_of(self, case_ids: Collection[str]) -> Mapping[str, str]:
        """The tenants that cases belong to, asked over all tenants; an unknown case is absent."""
        ...


class ReceiveCallbackTx(SavingTx, ProgressTx, Protocol):
    """The part of a transaction that receiving a callback uses."""

    @property
    def cases(self) -> CalledBackCases: ...

    @property
    def callbacks(self) -> Callbacks: ...

    @property
    def verify_callback(self) -> CallbackVerifier: ...


class CallbackTransactions(Protocol):
    def begin(self) -> AbstractContextManager[ReceiveCallbackTx]:
        """Over all tenants."""
        ...

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[ReceiveCallbackTx]:
        """Over the rows of these tenants."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A callback for a case of this tenant, its signature verified.

    claimed: the result as whoever passes the callback on has read it; it must be the signed one.
    """

    tenant: str
    case_id: str
    step: str
    signed: SignedCallback
    claimed: Mapping[str, Any] | None = None
    traceparent: str | None = None


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


def take_callbacks(
    transactions: CallbackTransactions, calls: Sequence[Call[ReceiveCallback]],
) -> list[CallbackTakenView | AppError]:
    """Verify callbacks, then receive each for the tenant that its case belongs to.

    CaseNotFound is the outcome also when the key may not answer cases of that tenant.
    """
    with transactions.begin() as tx:
        signed = [attempt(_verified, tx, call.data) for call in calls]
        good = {call.data.case_id for call, one in zip(calls, signed, strict=True) if not isinstance(one, AppError)}
        tenants = tx.cases.tenants_of(good)
    outcomes: list[Any] = [
        one if isinstance(one, AppError) else attempt(_answer, call, one, tenants.get(call.data.case_id))
        for call, one in zip(calls, signed, strict=True)]
    answers = {at: one for at, one in enumerate(outcomes) if isinstance(one, Answer)}
    if answers:
        with transactions.begin_for({answer.tenant for answer in answers.values()}) as tx:
            received = receive_callbacks(tx, list(answers.values()))
        for at, outcome in zip(answers, received, strict=True):
            outcomes[at] = outcome
    return outcomes


def take_callback(transactions: CallbackTransactions, command: ReceiveCallback) -> CallbackTakenView:
    """Take one. Raises what is its outcome in take_callbacks."""
    return only(take_callbacks(transactions, [Call(command, NOBODY)]))


def _verified(tx: ReceiveCallbackTx, command: ReceiveCallback) -> SignedCallback:
    return tx.verify_callback(
        key_id=command.key_id, timestamp=command.timestamp, signature=command.signature, body=command.body,
        at=tx.clock.now())


def _answer(call: Call[ReceiveCallback], signed: SignedCallback, tenant: str | None) -> Answer:
    command = call.data
    if tenant is None or not signed.may_answer(tenant):
        raise unknown_case(command.case_id)
    return Answer(tenant, command.case_id, command.step, signed, command.result, call.context.traceparent)


def receive_callbacks(tx: ReceiveCallbackTx, answers: Sequence[Answer]) -> list[CallbackTakenView | AppError]:
    """Complete or refuse the waiting steps. The same callback again changes nothing and gets the case as it is."""
    results = [attempt(_signed_result, answer) for answer in answers]
    bound = [answer for answer, result in zip(answers, results, strict=True) if not isinstance(result, AppError)]
    group = _Group(tx, bound)
    outcomes = [
        result if isinstance(result, AppError) else attempt(group.take, answer, result)
        for answer, result in zip(answers, results, strict=True)]
    tx.callbacks.add(group.new)
    save_all(tx, [group.progress[case_id] for case_id in group.changed], group.changed)
    return outcomes


class _Group:
    """Callbacks of one transaction, their cases locked. new: those that changed something."""

    def __init__(self, tx: ReceiveCallbackTx, answers: Sequence[Answer]) -> None:
        self._tx = tx
        cases = tx.cases.lock_many({(answer.tenant, answer.case_id) for answer in answers})
        self.progress = {case_id: progress_of(tx, case) for case_id, case in cases.items()}
        self._seen = tx.callbacks.find({_key(answer) for answer in answers})
        self.new: dict[CallbackKey, CallbackRecord] = {}
        self.changed: dict[str, str | None] = {}

    def take(self, answer: Answer, result: Mapping[str, Any]) -> CallbackTakenView:
        progress, key = self.progress.get(answer.case_id), _key(answer)
        if progress is None:
            raise unknown_case(answer.case_id)
        known = self.new.get(key) or self._seen.get(key)
        if known is None:
            _conclude(self._tx, progress, answer, result)
            self.new[key] = CallbackRecord(
                answer.signed.key_id, key[2], answer.case_id, answer.step, answer.signed.digest, progress.now)
            self.changed[answer.case_id] = answer.traceparent
        elif known.digest != answer.signed.digest:
            raise CallbackReused(Bilingual(
                "callback id came before with another content; each callback needs an id of its own",
                "该回调编号已用于其他内容；每次回调须使用各自的编号"))
        return CallbackTakenView(answer.case_id, answer.step, progress.case.step(answer.step).state)


def _key(answer: Answer) -> CallbackKey:
    return answer.tenant, answer.signed.key_id, _callback_id(answer.signed.content)


def _signed_result(answer: Answer) -> Mapping[str, Any]:
    result = _require_bound(answer.signed.content, answer.case_id, answer.step)
    if answer.claimed is not None and dict(answer.claimed) != dict(result):
        raise CallbackInvalid(Bilingual(
            "result beside the callback is not the one that is signed; they must be equal",
            "回调旁的结果与签名内容不一致；两者必须相同"))
    _callback_id(answer.signed.content)
    return result


def _conclude(tx: ReceiveCallbackTx, progress: Progress, answer: Answer, result: Mapping[str, Any]) -> None:
    task = _expecting_task(progress.case, answer.step)
    declared = progress.definition.step(answer.step)
    _require_source(declared, answer.signed)
    checked = _checked_result(declared, result)
    if task.state == states.WAITING:
        record(progress, task, conclude(declared, checked), tx.engine.retry)
    else:
        # The engine has not come to it yet, or has it in hand: it finds the answer there and concludes.
        task.signal = checked


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
