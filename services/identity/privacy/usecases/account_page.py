"""Page /account/requests: a person's requests about personal information."""
from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.identity.login.usecases.account import Done, Person, Shown, unknown_action
from services.identity.login.usecases.begin import PAGE_LEVELS, LoginTransactions
from services.identity.login.usecases.labels import moment
from services.identity.login.usecases.views import ChoiceView, FactView, FileView, RowView
from services.identity.privacy.domain import states
from services.identity.privacy.domain.errors import CopyGone, CorrectionInvalid, PersonalRequestNotFound
from services.identity.privacy.domain.ports import SealedCopy
from services.identity.privacy.domain.request import CORRECTABLE, PersonalRequest
from services.identity.privacy.usecases import views
from services.identity.privacy.usecases.submit import SubmitPersonalRequest, finish, submit_personal_request
from shared_components.kernel.bilingual import Bilingual, in_locale

MOST, LONGEST = 50, 200
SUBMIT, CANCEL, READ, SIGNED = "request", "cancel", "document", "signed-copy"
REMOVED = "-"
"""Typed for a contact that is to be removed: an empty field stays as it is."""
JSON = "application/json"
SUBMITTED = Bilingual("The request is on its way. Its state stands here.", "请求已提交，办理情况可在本页查看。")
CANCELLED = Bilingual("The request is taken back.", "请求已撤回。")
MADE, DUE, REASON = Bilingual("Made", "提交时间"), Bilingual("Due", "办理期限"), Bilingual("Reason", "理由")
DECIDED, CORRECTING = Bilingual("Answered", "办结时间"), Bilingual("To be corrected", "更正事项")
LATE = Bilingual("Late", "已超期")
COMPLAIN = Bilingual(
    "The term is over: you may complain to the department that keeps the data.", "可向数据保管部门投诉。")
FETCH_UNTIL = Bilingual("The copy can be fetched until", "副本领取截止时间")
TAKE_BACK = Bilingual("Take back", "撤回请求")
FETCH = {
    READ: Bilingual("Fetch the copy", "下载副本"), SIGNED: Bilingual("Fetch the signed copy", "下载带签名的副本")}
NOTHING = Bilingual(
    "nothing is filled in; a correction needs a new name, mobile number or e-mail address",
    "未填写更正内容；请填写新的姓名、手机号码或电子邮箱")
WRONG = {
    "name": Bilingual("name is not valid; 1 to 200 characters are allowed", "姓名不符合要求；须为 1 至 200 个字符"),
    "mobile": Bilingual(
        "mobile number is not valid; a mainland number such as 13800000000 or one with +country code is allowed",
        "手机号码不符合要求；请填写 11 位手机号码，或带国际区号的号码"),
    "email": Bilingual(
        "e-mail address is not valid; one such as name@example.com is allowed",
        "电子邮箱不符合要求；例如 name@example.com")}
FIELDS = {
    "name": Bilingual("name", "姓名"), "mobile": Bilingual("mobile number", "手机号码"),
    "email": Bilingual("e-mail address", "电子邮箱")}
HINTS = {
    states.INSPECT: Bilingual("A copy of what is held here about you, at once.", "立即生成本平台保存的您的信息副本。"),
    states.COPY: Bilingual("The same, signed, to show or to hand on.", "内容相同，附签名，可出示或转交。"),
    states.CORRECT: Bilingual(
        "Name or contact; an officer compares the documents. Evidence for an old name ends.",
        "更正姓名或联系方式，由工作人员核对材料；姓名更正后原实名核验失效。"),
    states.DELETE: Bilingual(
        "The account is closed and your data are deleted; what the law says must be kept stays.",
        "注销账号并删除您的信息；法律规定须保存的除外。"),
    states.RESTRICT: Bilingual("The account is frozen; nobody acts with it.", "冻结账号，不再办理业务。"),
    states.WITHDRAW: Bilingual("All consents to apps, at once.", "立即撤回对所有应用的授权。"),
    states.CLOSE: Bilingual("Ways to sign in, sessions and mandates end.", "登录方式、会话和授权经办随之终止。"),
}


CheckCorrections = Callable[[Mapping[str, str | None]], tuple[Mapping[str, str | None], Collection[str]]]
"""New values → as a call of an app has them, and the names of those that are wrong."""


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """Satisfies AccountPage."""

    check_corrections: CheckCorrections
    level: int = PAGE_LEVELS["requests"]

    def show(self, tx: Any, person: Person) -> Shown:
        locale = person.context.locale
        # The platform's own page, for the person who has the browser: no app and no department reads here.
        found = sorted(tx.personal_requests.of(person.subject.subject_id), key=lambda it: it.request_id, reverse=True)
        now = tx.clock.now()
        copies: Mapping[str, datetime] = tx.personal_copies.kept(person.subject.subject_id, now)
        return Shown([
            _row(views.request(each, now, locale), copies.get(each.request_id), locale)
            for each in found[:MOST]], [
            ChoiceView(kind, in_locale(states.KIND_LABELS[kind], locale), in_locale(HINTS[kind], locale))
            for kind in states.KINDS])

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, and the refusals of requests."""
        action, context = answers.get("action", ""), person.context
        if action not in (SUBMIT, CANCEL, READ, SIGNED) or (
                action == SUBMIT and answers.get("kind") not in states.KINDS):
            raise unknown_action(answers, SUBMIT, CANCEL, READ, SIGNED)
        with transactions.begin_for({person.session.realm_id}) as tx:
            inside: Any = tx
            if action == CANCEL:
                request = _own(inside, person, answers)
                finish(inside, request, states.CANCELLED, context, by=request.subject_id, reason=None)
                return Done(CANCELLED)
            if action in FETCH:
                return Done(file=_file(inside, _own(inside, person, answers), signed=action == SIGNED))
            explanation = answers.get("text", "").strip()[:LONGEST] or None
            submit_personal_request(
                inside, SubmitPersonalRequest(answers["kind"], explanation, self._corrections(answers)),
                context)
        return Done(SUBMITTED)

    def _corrections(self, answers: Mapping[str, str]) -> Mapping[str, str | None]:
        """The fields that were filled in; for other kinds they do not count. Raises CorrectionInvalid."""
        if answers.get("kind") != states.CORRECT:
            return {}
        given = {name: answers.get(name, "").strip() for name in CORRECTABLE}
        wanted = {
            name: None if value == REMOVED and name != "name" else value for name, value in given.items() if value}
        if not wanted:
            raise CorrectionInvalid(NOTHING, details={"field": "name"})
        checked, wrong = self.check_corrections(wanted)
        for name in wrong:
            raise CorrectionInvalid(WRONG[name], details={"field": name})
        return checked


def _own(tx: Any, person: Person, answers: Mapping[str, str]) -> PersonalRequest:
    """Raises PersonalRequestNotFound."""
    request: PersonalRequest | None = tx.personal_requests.lock(answers.get("id", ""))
    if request is None or request.subject_id != person.subject.subject_id:
        raise PersonalRequestNotFound
    return request


def _file(tx: Any, request: PersonalRequest, *, signed: bool) -> FileView:
    """Raises CopyGone."""
    copy: SealedCopy | None = tx.personal_copies.get(request.request_id, tx.clock.now())
    if copy is None:
        raise CopyGone
    content = copy.document
    if signed:
        content = orjson.dumps({
            "document": base64.b64encode(copy.document).decode(), "key_id": copy.key_id,
            "signature": base64.b64encode(copy.signature).decode(), "made_at": copy.made_at,
            "expires_at": copy.expires_at}, option=orjson.OPT_INDENT_2)
    name = f"{request.request_id}{'-signed' if signed else ''}.json"
    return FileView(name, JSON, base64.b64encode(content).decode())


def _row(request: views.PersonalRequestView, copy_until: datetime | None, locale: str) -> RowView:
    facts = [(MADE, moment(request.submitted_at)), (DUE, moment(request.due_at))]
    if request.correcting:
        names = [in_locale(FIELDS[name], locale) for name in request.correcting]
        facts.append((CORRECTING, (", " if locale.startswith("en") else "、").join(names)))
    facts += [(DECIDED, moment(request.decided_at))] if request.decided_at else []
    facts += [(REASON, request.reason)] if request.reason else []
    facts += [(LATE, in_locale(COMPLAIN, locale))] if request.late else []
    facts += [(FETCH_UNTIL, moment(copy_until))] if copy_until else []
    actions = [ChoiceView(CANCEL, in_locale(TAKE_BACK, locale))] if request.state == states.SUBMITTED else []
    if copy_until:
        actions += [ChoiceView(value, in_locale(label, locale)) for value, label in FETCH.items()]
    return RowView(
        request.request_id, request.kind_label, request.state_label,
        [FactView(in_locale(label, locale), value) for label, value in facts], actions)
