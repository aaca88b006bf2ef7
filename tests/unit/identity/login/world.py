"""A browser at the login of a real realm: every step by the use cases that the gateway's calls reach."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from services.identity.credentials.adapters.argon2 import Argon2Hasher
from services.identity.credentials.domain.credential import PASSWORD, Credential
from services.identity.credentials.usecases.contacts import learn_contacts
from services.identity.credentials.usecases.messages import deliver_code
from services.identity.login.adapters.sign_in import PlatformSignIn
from services.identity.login.domain.interaction import Interaction
from services.identity.login.usecases import account, go_on
from services.identity.login.usecases.account_consents import ConsentsPage
from services.identity.login.usecases.account_mandates import MandatesPage
from services.identity.login.usecases.account_sessions import SessionsPage
from services.identity.login.usecases.account_sign_in import SignInPage
from services.identity.login.usecases.answers import Handling
from services.identity.login.usecases.begin import begin_login
from services.identity.login.usecases.commands import (
    BeginLogin,
    ChangeAccount,
    ContinueLogin,
    OfBrowser,
    OfLogin,
    ReadAccount,
)
from services.identity.login.usecases.evidence import confirm_evidence
from services.identity.login.usecases.views import AccountView, StepView
from services.identity.privacy.schemas import check_corrections
from services.identity.privacy.usecases.account_page import RequestsPage
from services.identity.sandbox import SandboxAuthority
from shared_components.bus import RealThreads
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.ids import new_id
from tests.unit.identity.credentials.world import QUICK, RIGHT, Outbox
from tests.unit.identity.directory.world import REALM
from tests.unit.identity.openid.world import CLIENT, SANDBOX, Login, Transactions
from tests.unit.identity.worlds import SqlTransactions

ADDRESS = "203.0.113.9"
HASHER = Argon2Hasher(RealThreads(2, waiting=8), QUICK)
PAGES: Mapping[str, account.AccountPage] = {
    "sessions": SessionsPage(), "consents": ConsentsPage(), "mandates": MandatesPage(), "sign-in": SignInPage(HASHER),
    "requests": RequestsPage(check_corrections),
}


class Served(Transactions):
    """The part of the bus's Transactions that the login uses."""

    @contextmanager
    def begin_for(self, tenants: Collection[str]) -> Iterator[Any]:
        with self._sql.begin_for(sorted(tenants)) as tx:
            yield tx


class Logins(Login):
    """Persons of the sandbox have passwords; their codes arrive in the outbox."""

    def __init__(self, transactions: SqlTransactions, clock: FixedClock) -> None:
        super().__init__(transactions, clock)
        self.served: Served = Served(transactions)
        self.hasher, self.outbox = HASHER, Outbox()
        self.sign_in = PlatformSignIn(self.served, self.hasher)
        self.handling = Handling(self.sign_in, confirm_evidence(self.served, SandboxAuthority()))
        self.authority = SandboxAuthority()

    def citizen(self, number: str, name: str = "林静", *, email: str | None = None) -> str:
        """A person of the sandbox with password RIGHT; signs in with the document's number."""
        subject_id = self.sandbox_person(name=name, id_number=number, **({"email": email} if email else {}))
        with self.transactions.begin(SANDBOX) as tx:
            learn_contacts(tx, SANDBOX, subject_id)
            now = self.clock.now()
            tx.credentials.add([Credential(
                new_id("crd"), SANDBOX, subject_id, PASSWORD, now, now, self.hasher.hash(RIGHT))])
        return subject_id

    def browser(self, secret: str = "browser-secret") -> Browser:
        return Browser(self, secret)

    def in_sandbox(self) -> AbstractContextManager[Any]:
        return self.served.begin_for([REALM, SANDBOX])

    def interaction(self, interaction_id: str) -> Interaction:
        with self.in_sandbox() as tx:
            found: Interaction = tx.interactions.get(interaction_id)
            return found


class Browser:
    """Keeps its secret as a browser keeps its cookie, and is on one step."""

    def __init__(self, logins: Logins, secret: str) -> None:
        self._logins, self.secret, self.device = logins, secret, "device-secret"
        self.step: StepView | None = None

    @property
    def at(self) -> StepView:
        assert self.step is not None
        return self.step

    def begin(self, client: str = CLIENT, *, request_id: str | None = None, **asked: Any) -> StepView:
        return self._begin(BeginLogin(
            ADDRESS, request_id or self._logins.request_id(client, **asked), None, browser=self.secret,
            device=self.device))

    def begin_account(self, target: str, *, fresh: bool = False) -> StepView:
        return self._begin(BeginLogin(ADDRESS, None, target, fresh, self.secret, self.device))

    def _begin(self, command: BeginLogin) -> StepView:
        return self._take(begin_login(self._logins.served, command, self._context(), providers=[]))

    def read(self) -> StepView:
        return self._take(go_on.read_login(
            self._logins.served, self._logins.handling,
            OfLogin(self.at.interaction, ADDRESS, self.secret, self.device), self._context()))

    def answer(self, action: str = "", *, page: str | None = None, **answers: str) -> StepView:
        """Answer the page that the browser shows; page: another one, as of an old tab."""
        given: Mapping[str, str] = {
            "page": page or self.at.page, **({"action": action} if action else {}), **answers}
        return self._take(go_on.continue_login(
            self._logins.served, self._logins.handling,
            ContinueLogin(self.at.interaction, ADDRESS, given, self.secret, self.device), self._context()))

    def sign_in(self, number: str, password: str = RIGHT) -> StepView:
        self.answer("password", identifier=number)
        return self.answer(password=password)

    def code(self) -> str:
        """The code that the last request for one had sent."""
        challenge = self._logins.interaction(self.at.interaction).progress.challenge_id
        assert challenge is not None
        deliver_code(self._logins.transactions, self._logins.outbox, SANDBOX, challenge)
        return self._logins.outbox.last_code

    def account(self, page: str) -> AccountView:
        return account.read_account(
            self._logins.served, PAGES, ReadAccount(page, ADDRESS, self.secret, self.device), self._context())

    def act(self, page: str, **answers: str) -> AccountView:
        return account.change_account(
            self._logins.served, PAGES, ChangeAccount(page, ADDRESS, answers, self.secret, self.device),
            self._context())

    def sign_out(self) -> bool:
        return account.sign_out(
            self._logins.served, OfBrowser(ADDRESS, self.secret, self.device), self._context()).signed_out

    def _take(self, step: StepView) -> StepView:
        self.step = step
        if step.new_browser is not None:
            self.secret = step.new_browser
        return step

    def _context(self) -> CallContext:
        return CallContext("gateway", "default", op_id=new_id("op"), locale="en")


def values(step: StepView) -> Sequence[str]:
    return [choice.value for choice in step.choices]
