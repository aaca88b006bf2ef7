"""Page /account/requests: a person's requests about personal information."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.identity.login.usecases.account import Done, Person, Shown, unknown_action
from services.identity.login.usecases.begin import PAGE_LEVELS, LoginTransactions
from services.identity.login.usecases.labels import moment
from services.identity.login.usecases.views import ChoiceView, FactView, RowView
from services.identity.privacy.domain import states
from services.identity.privacy.domain.errors import PersonalRequestNotFound
from services.identity.privacy.usecases import views
from services.identity.privacy.usecases.submit import SubmitPersonalRequest, finish, submit_personal_request
from shared_components.kernel.bilingual import Bilingual, in_locale

MOST, LONGEST = 50, 200
SUBMIT, CANCEL = "request", "cancel"
OFFERED = tuple(kind for kind in states.KINDS if kind != states.CORRECT)
"""A correction names fields and values: an app's form, or a counter, takes it."""
SUBMITTED = Bilingual("The request is on its way. Its state stands here.", "请求已提交，办理情况可在本页查看。")
CANCELLED = Bilingual("The request is taken back.", "请求已撤回。")
MADE, DUE, REASON = Bilingual("Made", "提交时间"), Bilingual("Due", "办理期限"), Bilingual("Reason", "理由")
TAKE_BACK = Bilingual("Take back", "撤回请求")


class RequestsPage:
    """Satisfies AccountPage."""

    level = PAGE_LEVELS["requests"]

    def show(self, tx: Any, person: Person) -> Shown:
        locale = person.context.locale
        # The platform's own page, for the person who has the browser: no app and no department reads here.
        found = sorted(tx.personal_requests.of(person.subject.subject_id), key=lambda it: it.request_id, reverse=True)
        now = tx.clock.now()
        return Shown([_row(views.request(each, now, locale), locale) for each in found[:MOST]], [
            ChoiceView(kind, in_locale(states.KIND_LABELS[kind], locale)) for kind in OFFERED])

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, and the refusals of requests."""
        action, context = answers.get("action", ""), person.context
        if action not in (SUBMIT, CANCEL) or (action == SUBMIT and answers.get("kind") not in OFFERED):
            raise unknown_action(answers, SUBMIT, CANCEL)
        with transactions.begin_for({person.session.realm_id}) as tx:
            inside: Any = tx
            if action == CANCEL:
                request = inside.personal_requests.lock(answers.get("id", ""))
                if request is None or request.subject_id != person.subject.subject_id:
                    raise PersonalRequestNotFound
                finish(inside, request, states.CANCELLED, context, by=request.subject_id, reason=None)
                return Done(CANCELLED)
            explanation = answers.get("text", "").strip()[:LONGEST] or None
            submit_personal_request(inside, SubmitPersonalRequest(answers["kind"], explanation), context)
        return Done(SUBMITTED)


def _row(request: views.PersonalRequestView, locale: str) -> RowView:
    facts = [(MADE, moment(request.submitted_at)), (DUE, moment(request.due_at))]
    facts += [(REASON, request.reason)] if request.reason else []
    actions = [ChoiceView(CANCEL, in_locale(TAKE_BACK, locale))] if request.state == states.SUBMITTED else []
    return RowView(
        request.request_id, request.kind_label, request.state_label,
        [FactView(in_locale(label, locale), value) for label, value in facts], actions)
