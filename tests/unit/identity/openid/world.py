"""A client program and its login, as the entrypoints serve them, on a real database."""
from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from services.identity.directory.domain.membership import Membership
from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.pkce import challenge_of
from services.identity.openid.domain.throttles import OAuthLimits
from services.identity.openid.entrypoints import serving
from services.identity.openid.entrypoints.endpoints import OpenIdEntrypoints
from services.identity.openid.entrypoints.throttle import Throttles
from services.identity.openid.schemas import EndpointCall
from services.identity.openid.usecases.complete_request import complete_authorization
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.open_session import OpenSession, open_session
from services.identity.subjects.schemas import RegisterPerson
from services.identity.subjects.usecases import register_person
from shared_components.kernel.acting import CITIZEN, Acting
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import complete_resident_id
from shared_components.security.tokens import claims_stated
from tests.unit.identity.directory.world import REALM
from tests.unit.identity.sessions.world import Logins
from tests.unit.identity.worlds import SqlTransactions

APP, CLIENT, ADDRESS = "app-tax", "app-tax-sandbox", "https://tax.example/cb"
SANDBOX = f"{REALM}-sandbox"
VERIFIER = "v" * 64
ISSUER = "http://127.0.0.1:8000"
BOTH = ("openid", "order")


class Transactions:
    """The part of the bus's Transactions that the entrypoints use."""

    def __init__(self, sql: SqlTransactions) -> None:
        self._sql = sql
        self.opened: list[str | None] = []
        self.clock, self.provider = sql.clock, SimpleNamespace(throttles=Throttles())

    @contextmanager
    def begin(self, tenant: str | None = None) -> Iterator[Any]:
        self.opened.append(tenant)
        with self._sql.begin("*" if tenant is None else tenant) as tx:
            yield tx


class Login(Logins):
    """The endpoints, a client `app-tax` with a secret in the sandbox, and persons of the sandbox."""

    def __init__(self, transactions: SqlTransactions, clock: FixedClock) -> None:
        super().__init__(transactions, clock)
        serving._POPULATIONS.clear()
        self.served = Transactions(transactions)
        self.secret = self.register(APP)
        self._endpoints, self._registered = OpenIdEntrypoints(), 0

    def register(self, app: str, **more: Any) -> str:
        """Gives the key of the app's sandbox."""
        return str(self.directory.register(
            app, self.department.department_id, **{"redirect_uris": [ADDRESS], **more}).key)

    def ask(
        self, endpoint: str, parameters: Mapping[str, Any] | str = "", *, authorization: str | None = None,
        address: str | None = None,
    ) -> Answer:
        text = parameters if isinstance(parameters, str) else urlencode(
            {name: value for name, value in parameters.items() if value is not None})
        call = Call(EndpointCall(text, authorization, address), CallContext("gateway", "default", op_id="op-1"))
        answer: Answer = getattr(self._endpoints, f"oauth_{endpoint}").__wrapped__(self._endpoints, self.served, call)
        return answer

    def limit(self, limits: OAuthLimits) -> None:
        """Another process of the same installation begins, with these limits."""
        self.served.provider.throttles = Throttles(limits)

    def document(self, name: str) -> dict[str, Any]:
        call: Call[dict[str, Any]] = Call({}, CallContext("gateway", "default", op_id="op-1"))
        method = getattr(self._endpoints, f"oauth_{name}")
        return dict(method.__wrapped__(self._endpoints, self.served, call)["document"])

    def authorize(self, client: str = CLIENT, **changes: Any) -> Answer:
        return self.ask("authorize", {
            "response_type": "code", "client_id": client, "redirect_uri": ADDRESS, "scope": " ".join(BOTH),
            "state": "st", "nonce": "no", "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
            **changes})

    def request_id(self, client: str = CLIENT, **changes: Any) -> str:
        location = self.authorize(client, **changes).location
        assert location is not None and location.startswith("/login?request="), location
        return location.removeprefix("/login?request=")

    def sandbox_session(self, subject: str | None = None, **more: Any) -> Session:
        """A session of a person of the sandbox who has shown a password."""
        given = {"amr": ("pwd",), "kind": CITIZEN, **more}
        session: Session = self.run(
            open_session, OpenSession(realm_id=SANDBOX, subject_id=subject or self.sandbox_person(), **given), None,
            tenant=SANDBOX)
        return session

    def joined(self, subject: str) -> str:
        """The membership of a person of the sandbox, who is an officer now."""
        made = Membership(
            membership_id=new_id("mbr"), realm_id=REALM, department_id=self.department.department_id,
            subject_id=subject, roles=("handler",), valid_from=date(2026, 1, 1), valid_until=None,
            created_at=self.clock.now())
        with self.transactions.begin(REALM) as tx:
            tx.memberships.add(made)
        return made.membership_id

    def sandbox_person(self, **more: Any) -> str:
        self._registered += 1
        number = complete_resident_id(f"33010619910101{self._registered:03d}")
        view = self.directory.call(
            register_person, RegisterPerson, as_tenant=SANDBOX, **{"name": "林静", "id_number": number, **more})
        return str(view.subject_id)

    def code(self, session: Session | None = None, client: str = CLIENT, **changes: Any) -> str:
        """The code of a person who has consented to all."""
        location = self.complete(self.request_id(client, **changes), session or self.sandbox_session())
        return query_of(location)["code"]

    def complete(self, request_id: str, session: Session, *, consent: Sequence[str] = BOTH, **more: Any) -> str:
        with self.served.begin(SANDBOX) as tx:
            return complete_authorization(tx, request_id, session, consent=consent, **more)

    def token(self, *, client: str = CLIENT, secret: str | None = None, **parameters: Any) -> Answer:
        return self.ask("token", parameters, authorization=basic(client, self.secret if secret is None else secret))

    def exchange(self, code: str, /, **changes: Any) -> Answer:
        return self.token(**{
            "grant_type": "authorization_code", "code": code, "redirect_uri": ADDRESS, "code_verifier": VERIFIER,
            **changes})

    def tokens(self, session: Session | None = None, **changes: Any) -> dict[str, Any]:
        answer = self.exchange(self.code(session, **changes))
        assert answer.status == 200 and answer.body is not None, answer.body
        return dict(answer.body)

    def userinfo(self, token: str) -> Answer:
        return self.ask("userinfo", authorization=f"Bearer {token}")

    def acting(self, subject: str) -> CallContext:
        """A citizen's call in the app."""
        return CallContext(CLIENT, self.department.sandbox_tenant, op_id="op-1", acting=Acting(
            subject, "ses_1", level=2, scopes=frozenset({"consent"})))


def basic(client: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{quote(client)}:{quote(secret)}".encode()).decode()


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def claims_of(token: str) -> dict[str, Any]:
    return claims_stated(token)
