"""Pages of a person's own account: the browser's session says whose."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.identity.login.domain.errors import ActionUnknown, NotSignedIn, PageNotServed
from services.identity.login.domain.interaction import browser_hash
from services.identity.login.usecases.advance import AdvanceTx
from services.identity.login.usecases.begin import LoginTransactions
from services.identity.login.usecases.commands import ChangeAccount, OfBrowser, ReadAccount
from services.identity.login.usecases.views import (
    AccountView,
    ChoiceView,
    EnrolmentView,
    FileView,
    ProblemView,
    RowView,
    SignedOutView,
)
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.end_session import end_session
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.acting import CITIZEN, OFFICER, Acting
from shared_components.kernel.bilingual import Bilingual, in_locale
from shared_components.kernel.errors import AppError, Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests
from shared_components.kernel.numbers import mask_name

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

BY_PERSON = "by-person"
ON_THE_PAGE = (InvalidInput, NotFound, Conflict, Forbidden, TooManyRequests)
"""Refusals that the person reads on the page: what was asked for is not possible."""
OWN_SCOPES = frozenset({"session", "mandate", "consent", "credential", "personal-information"})


class Person(NamedTuple):
    """The person who has the browser. context: of calls that the person makes in this session."""

    subject: Subject
    session: Session
    context: CallContext


class Shown(NamedTuple):
    """The content of a page. choices: of its own form."""

    rows: Sequence[RowView]
    choices: Sequence[ChoiceView] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was done. fresh: it needs a login that was just made.

    enrolment, codes, file: shown or given once. problem: what keeps an enrolment from its end; it goes on.
    """

    notice: Bilingual | None = None
    fresh: bool = False
    enrolment: EnrolmentView | None = field(default=None, repr=False)
    codes: Sequence[str] = field(default=(), repr=False)
    file: FileView | None = field(default=None, repr=False)
    problem: AppError | None = None


class AccountPage(Protocol):
    """One page. level: the least assurance level of its reader."""

    @property
    def level(self) -> int: ...

    def show(self, tx: AdvanceTx, person: Person) -> Shown: ...

    def act(self, transactions: LoginTransactions, person: Person, answers: Mapping[str, str]) -> Done:
        """Raises ActionUnknown, and the refusals of what was asked for."""
        ...


def the_person(
    tx: AdvanceTx, command: OfBrowser | ReadAccount | ChangeAccount, context: CallContext, *, level: int = 0,
) -> Person:
    """level: the least one that the page asks for. Raises NotSignedIn."""
    if command.browser is None:
        raise NotSignedIn
    for kind in (CITIZEN, OFFICER):
        has = tx.browsers.find(browser_hash(command.browser), kind)
        session = None if has is None else tx.sessions.get(has.session_id)
        if session is None or not session.is_live(tx.clock.now()) or session.level < level:
            continue
        subject = tx.subjects.get(session.realm_id, session.subject_id)
        if subject is not None:
            acting = Acting(subject.subject_id, session.session_id, CITIZEN, session.level, OWN_SCOPES)
            return Person(subject, session, context._replace(
                tenant=session.realm_id, department=None, acting=acting))
    raise NotSignedIn


def read_account(
    transactions: LoginTransactions, pages: Mapping[str, AccountPage], command: ReadAccount, context: CallContext,
) -> AccountView:
    """The page, or the way to the login where nobody is signed in."""
    page = _page_of(pages, command.page)
    person = _signed_in(transactions, page, command, context)
    return _to_login(command) if person is None else _shown(transactions, page, person)


def change_account(
    transactions: LoginTransactions, pages: Mapping[str, AccountPage], command: ChangeAccount, context: CallContext,
) -> AccountView:
    """The page after what was asked for, or with what is wrong."""
    page = _page_of(pages, command.page)
    person = _signed_in(transactions, page, command, context)
    if person is None:
        return _to_login(command)
    try:
        done = page.act(transactions, person, command.answers)
    except ON_THE_PAGE as refused:
        return replace(_shown(transactions, page, person), errors=[_problem(refused, context)])
    if done.fresh:
        return AccountView(location=f"/login?target={command.page}&fresh=1")
    notice = None if done.notice is None else in_locale(done.notice, context.locale)
    try:
        with transactions.begin() as tx:
            # The action may have ended this very session.
            person = the_person(tx, command, context)
    except NotSignedIn:
        return AccountView(location="/account/ended")
    return replace(
        _shown(transactions, page, person), notice=notice, enrolment=done.enrolment, codes=done.codes, file=done.file,
        errors=[] if done.problem is None else [_problem(done.problem, context)])


def person_on(
    transactions: LoginTransactions, page: AccountPage, command: OfBrowser | ReadAccount | ChangeAccount,
    context: CallContext,
) -> Person:
    """The person of the browser, for a call of this page's script. Raises NotSignedIn."""
    with transactions.begin() as tx:
        return the_person(tx, command, context, level=page.level)


def sign_out(transactions: LoginTransactions, command: OfBrowser, context: CallContext) -> SignedOutView:
    """End the browser's sessions, with what apps got through them."""
    ended = False
    with transactions.begin() as tx:
        for kind in (CITIZEN, OFFICER) if command.browser is not None else ():
            has = tx.browsers.find(browser_hash(command.browser or ""), kind)
            if has is not None:
                ended |= end_session(tx, has.session_id, BY_PERSON, context)
                tx.browsers.forget(browser_hash(command.browser or ""), kind)
    return SignedOutView(ended)


def unknown_action(answers: Mapping[str, str], *allowed: str) -> ActionUnknown:
    return ActionUnknown(Bilingual(
        f"action is '{answers.get('action', '')[:40]}'; allowed are {', '.join(allowed)}",
        f"操作为“{answers.get('action', '')[:40]}”；允许：{'、'.join(allowed)}"))


def _signed_in(
    transactions: LoginTransactions, page: AccountPage, command: ReadAccount | ChangeAccount, context: CallContext,
) -> Person | None:
    try:
        return person_on(transactions, page, command, context)
    except NotSignedIn:
        return None


def _to_login(command: ReadAccount | ChangeAccount) -> AccountView:
    return AccountView(location=f"/login?target={command.page}")


def _page_of(pages: Mapping[str, AccountPage], name: str) -> AccountPage:
    """Raises PageNotServed."""
    page = pages.get(name)
    if page is None:
        raise PageNotServed(Bilingual(
            f"page '{name}' is not served; served are {', '.join(pages)}",
            f"页面“{name}”未提供；已提供：{'、'.join(pages)}"))
    return page


def _shown(transactions: LoginTransactions, page: AccountPage, person: Person) -> AccountView:
    with transactions.begin_for({person.session.realm_id}) as tx:
        shown = page.show(tx, person)
    return AccountView(mask_name(person.subject.name), rows=shown.rows, choices=shown.choices)


def _problem(refused: AppError, context: CallContext) -> ProblemView:
    return ProblemView(_field_of(refused), refused.message_in(context.locale))


def _field_of(refused: AppError) -> str:
    field = refused.details.get("field")
    return field if isinstance(field, str) else "action"
