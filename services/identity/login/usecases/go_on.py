"""Read a login's step, and go on with the answer to it."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.identity.credentials.domain import errors as credential_errors
from services.identity.login.domain import steps
from services.identity.login.domain.errors import AnswerMissing, LoginOver, OtherPerson, WayNotOffered
from services.identity.login.domain.interaction import REFUSED, Interaction, browser_hash
from services.identity.login.usecases.advance import AdvanceTx, advance, stay
from services.identity.login.usecases.answers import Answered, Given, Handling, answer, offered
from services.identity.login.usecases.begin import LoginTransactions
from services.identity.login.usecases.commands import ContinueLogin, OfLogin, ReturnFromUpstream
from services.identity.login.usecases.finishing import way_out
from services.identity.login.usecases.shown import shown
from services.identity.login.usecases.sign_in import At
from services.identity.login.usecases.standing import reached_by
from services.identity.login.usecases.views import ProblemView, StepView
from services.identity.subjects.domain.errors import AuthorityUnavailable, EvidenceRefused
from services.identity.upstream.domain import errors as upstream_errors
from shared_components.kernel.errors import AppError, TooManyRequests, Unavailable

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ACCESS_DENIED = "access_denied"
FIELDS = {
    steps.IDENTIFIER: "identifier", steps.PASSWORD: "password", steps.CODE: "code", steps.TOTP: "code",
    steps.STEP_UP: "way", steps.PRESENCE: "token", steps.OFFICER_ROLE: "membership", steps.PRINCIPAL: "principal",
    steps.CONSENT: "action", steps.UPSTREAM: "identifier",
}
"""Step → the field that a refusal is shown at."""
ON_THE_PAGE: tuple[type[AppError], ...] = (
    AnswerMissing, OtherPerson, WayNotOffered, TooManyRequests, Unavailable, EvidenceRefused, AuthorityUnavailable,
    credential_errors.SignInRefused, credential_errors.CodeRefused, credential_errors.PasskeyRefused,
    credential_errors.GuardianConsentNeeded, upstream_errors.LinkTaken, upstream_errors.ProviderNotConfigured,
    upstream_errors.ProviderUnknown, upstream_errors.UpstreamNotLinked, upstream_errors.UpstreamRefused,
    upstream_errors.UpstreamSignInOver,
)


class HasBrowser(Protocol):
    """A command of one browser."""

    @property
    def browser(self) -> str | None: ...


def the_login(transactions: LoginTransactions, interaction_id: str, command: HasBrowser) -> Interaction:
    """Raises LoginOver."""
    with transactions.begin() as tx:
        # The address names no realm; the browser's secret opens this row and no other.
        found = tx.interactions.get(interaction_id)
        if found is None:
            raise LoginOver
        return found.require_open(command.browser, tx.clock.now())


def read_login(
    transactions: LoginTransactions, handling: Handling, command: OfLogin, context: CallContext,
) -> StepView:
    """The step that waits. Raises LoginOver."""
    interaction = the_login(transactions, command.interaction, command)
    with transactions.begin_for(interaction.tenants) as tx:
        return shown(tx, interaction, context.locale, providers=handling.sign_in.providers())


def continue_login(
    transactions: LoginTransactions, handling: Handling, command: ContinueLogin, context: CallContext,
) -> StepView:
    """The next step, the same one with what is wrong, or the way out. Raises LoginOver."""
    interaction = the_login(transactions, command.interaction, command)
    answers = command.answers
    if answers.get("action") == "cancel":
        return _leave(transactions, interaction, ACCESS_DENIED)
    if answers.get("page") != interaction.step:
        # An old page, or a form sent twice.
        return read_login(transactions, handling, OfLogin(
            command.interaction, command.address, command.browser, command.device), context)
    if answers.get("action") == "deny" and interaction.step == steps.CONSENT:
        return _leave(transactions, interaction, ACCESS_DENIED)
    if answers.get("action") == "restart":
        return _go_on(transactions, handling, interaction, Answered(interaction.restarted()), context)
    try:
        answered = answer(handling, interaction, _given(transactions, interaction, command, context), context)
    except ON_THE_PAGE as refused:
        return _refused(transactions, handling, interaction, refused, context)
    return _go_on(transactions, handling, interaction, answered, context)


def return_from_upstream(
    transactions: LoginTransactions, handling: Handling, command: ReturnFromUpstream, context: CallContext,
) -> StepView:
    """Go on after the other identity provider's answer, in the browser's login that waits for it. Raises LoginOver."""
    with transactions.begin() as tx:
        waiting = tx.interactions.at_upstream(browser_hash(command.browser or ""), tx.clock.now())
    if waiting is None:
        raise LoginOver
    interaction = the_login(transactions, waiting, command)
    if interaction.step != steps.UPSTREAM or interaction.progress.upstream != command.provider:
        raise LoginOver
    at = At(interaction.tenant, interaction.interaction_id, command.address, command.device)
    try:
        answered = Answered(interaction.proved(
            handling.sign_in.come_back(at, command.provider, command.query, context)))
    except ON_THE_PAGE as refused:
        return _refused(transactions, handling, _back(transactions, interaction), refused, context)
    return _go_on(transactions, handling, interaction, answered, context)


def _back(transactions: LoginTransactions, interaction: Interaction) -> Interaction:
    """The login at its first page again, after another provider has refused."""
    with transactions.begin_for(interaction.tenants) as tx:
        _require_unchanged(tx, interaction)
        return stay(tx, interaction.restarted(), steps.IDENTIFIER)


def _given(
    transactions: LoginTransactions, interaction: Interaction, command: ContinueLogin, context: CallContext,
) -> Given:
    at = At(interaction.tenant, interaction.interaction_id, command.address, command.device)
    with transactions.begin_for(interaction.tenants) as tx:
        step = shown(tx, interaction, context.locale)
        subject = reached_by(tx, interaction).subject
    return Given(
        command.answers, offered(list(step.choices)), at, subject.id_number if subject is not None else None)


def _go_on(
    transactions: LoginTransactions, handling: Handling, before: Interaction, answered: Answered,
    context: CallContext,
) -> StepView:
    changed = answered.interaction
    with transactions.begin_for(before.tenants) as tx:
        _require_unchanged(tx, before)
        if answered.location is not None:
            stay(tx, changed, changed.step)
            return StepView(changed.interaction_id, changed.step, location=answered.location)
        if answered.waits:
            return shown(tx, stay(tx, changed, changed.step), context.locale)
        return advance(tx, changed, context, providers=handling.sign_in.providers())


def _require_unchanged(tx: AdvanceTx, before: Interaction) -> None:
    """Let the first of two answers count. Raises LoginOver for the other one."""
    now = tx.interactions.lock(before.interaction_id)
    if now is None or now.revision != before.revision:
        raise LoginOver


def _leave(transactions: LoginTransactions, interaction: Interaction, error: str) -> StepView:
    with transactions.begin_for(interaction.tenants) as tx:
        _require_unchanged(tx, interaction)
        location = way_out(tx, interaction, error)
        tx.interactions.save(interaction.ended(REFUSED).saved())
        return StepView(interaction.interaction_id, steps.DONE, location=location)


def _refused(
    transactions: LoginTransactions, handling: Handling, interaction: Interaction, refused: AppError,
    context: CallContext,
) -> StepView:
    field = str(refused.details.get("field", FIELDS[interaction.step]))
    problem = ProblemView(field, refused.message_in(context.locale))
    with transactions.begin_for(interaction.tenants) as tx:
        return shown(
            tx, interaction, context.locale, providers=handling.sign_in.providers(), problems=[problem])
