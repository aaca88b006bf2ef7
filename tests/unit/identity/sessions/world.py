"""A realm with persons, officers and apps on a real database, and what verifiers know of its sessions."""
from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from services.identity.sessions.domain.lifetimes import TokenPolicy
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.end_session import end_session
from services.identity.sessions.usecases.issue_tokens import IssueTokens, TokenSet, issue_tokens
from services.identity.sessions.usecases.open_session import OpenSession, open_session
from services.identity.sessions.usecases.refresh_tokens import RefreshTokens, refresh_tokens
from services.identity.subjects import schemas as subject_schemas
from services.identity.subjects import usecases as subject_usecases
from services.identity.subjects.domain.subject import EVIDENCE_ADDED, Change, Evidence
from services.identity.transaction import DEFAULT_TOKENS
from shared_components.bus.server.process_copies import ProcessCopies
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import read_feed
from shared_components.db.feeds.copies import poll
from shared_components.kernel.acting import CITIZEN, OFFICER
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import MethodRule
from shared_components.kernel.numbers import complete_resident_id
from shared_components.security.authority.admission import admit
from shared_components.security.authority.copies import process_copies
from shared_components.security.proofs.access_tokens import AccessTokens
from shared_components.security.proofs.access_tokens import Session as Verified
from tests.outcomes import done
from tests.unit.identity.directory.world import REALM, Directory
from tests.unit.identity.worlds import SqlTransactions

APP = "app-hall"
SCOPES = ("openid", "order")
RULE = MethodRule(frozenset({"own", "holder"}), "order", frozenset({"payer"}), frozenset({"handler"}))


class Logins:
    """Sessions of persons of one realm, each use case in a transaction of its own."""

    def __init__(self, transactions: SqlTransactions, clock: FixedClock) -> None:
        self.transactions, self.clock = transactions, clock
        self.directory = Directory(transactions)
        self.department = self.directory.add("税务局")
        self.directory.register(APP, self.department.department_id)
        self.copies = ProcessCopies(["directory"])
        self._verifier = AccessTokens({}, issuer="", realm="", login=self.copies.signing_key)

    def run(self, usecase: Callable[..., Any], *given: Any, tenant: str = REALM, **more: Any) -> Any:
        with self.transactions.begin(tenant) as tx:
            return usecase(tx, *given, **more)

    def person(self) -> str:
        return self.directory.person()

    @property
    def token_policy(self) -> TokenPolicy:
        return DEFAULT_TOKENS

    @property
    def sandbox(self) -> str:
        """The tenant of the sandbox's population."""
        with self.transactions.begin(REALM) as tx:
            realm = tx.realms.get(REALM)
            assert realm is not None
            return realm.sandbox_tenant

    def person_of(self, tenant: str) -> str:
        view = self.directory.call(
            subject_usecases.register_person, subject_schemas.RegisterPerson, as_tenant=tenant, name="林静",
            id_number=complete_resident_id("33010619900101901"))
        return str(view.subject_id)

    def confirm(self, subject: str, kind: str, *, days: int | None = None) -> None:
        """Let evidence count for a person from now on."""
        with self.transactions.begin(REALM) as tx:
            found = tx.subjects.lock(REALM, subject)
            assert found is not None
            now = self.clock.now()
            ends = None if days is None else now + timedelta(days=days)
            evidence = Evidence(f"evi_{kind}", subject, found.tenant, kind, "test", kind, now, ends, "operator")
            tx.subjects.save(found.with_evidence(evidence), Change(EVIDENCE_ADDED, "operator", now))

    def officer(self, *roles: str, **more: Any) -> tuple[str, str]:
        """Subject and membership."""
        subject = self.person()
        return subject, self.directory.join(
            self.department.department_id, subject, *(roles or ("handler",)), **more).membership_id

    def open(self, subject: str, *, amr: Collection[str] = ("pwd",), membership: str | None = None) -> Session:
        kind = CITIZEN if membership is None else OFFICER
        session: Session = self.run(
            open_session, OpenSession(REALM, subject, kind, tuple(amr), membership_id=membership), None)
        return session

    def issue(self, session: Session, app: str = APP, **more: Any) -> TokenSet:
        given: TokenSet = self.run(issue_tokens, IssueTokens(session, app, SCOPES, **more))
        return given

    def login(self, subject: str | None = None, **more: Any) -> tuple[Session, TokenSet]:
        session = self.open(subject or self.person(), **more)
        return session, self.issue(session)

    def refresh(self, token: str | None, app: str = APP) -> TokenSet:
        """Raises what the use case returns as a refusal."""
        assert token is not None
        given: TokenSet | AppError = self.run(refresh_tokens, RefreshTokens(token, app))
        return done(given)

    def end(self, session: Session, reason: str = "logged-out") -> bool:
        ended: bool = self.run(end_session, session.session_id, reason, None)
        return ended

    def verify(self, token: str, app: str = APP) -> Verified:
        """As a service does: the copy catches up, the token is verified, and its session is admitted."""
        self.catch_up()
        session = self._verifier.verify(token, app=app, at=self.clock.now())
        context = CallContext(app, self.department.tenant, acting=session.acting)
        admit(context, RULE, process_copies())
        return session

    def catch_up(self) -> None:
        database = self.transactions.database

        def ask(n: int, digest: str) -> Any:
            with database.transaction(ALL_TENANTS) as session:
                return read_feed(session, "directory", "till", n, digest)

        poll(database, "directory", ask)
        with database.reading(ALL_TENANTS) as session:
            self.copies.refresh(session)

    def wait(self, **given: float) -> None:
        self.clock.advance(timedelta(**given))
