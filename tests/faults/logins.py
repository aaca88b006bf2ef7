"""Logins of a running city: sessions and tokens as identity's own code makes them, and calls with the tokens."""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from services.identity.commands.transactions import IdentityTransactions
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.issue_tokens import IssueTokens, TokenSet, issue_tokens
from services.identity.sessions.usecases.keys import rotate_key
from services.identity.sessions.usecases.open_session import OpenSession, open_session
from services.identity.sessions.usecases.refresh_tokens import RefreshTokens, refresh_tokens
from services.identity.sessions.usecases.signing import signing_key
from services.identity.transaction import SqlIdentityTransaction
from shared_components.configuration.loading import load_configuration
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import complete_resident_id
from tests.faults.revocations import METHOD, REALM, SERVICE, City
from tests.faults.token_attacks import Claims, Genuine
from tests.outcomes import done

SCOPES = ("openid", "licence")


def _sandbox_tenant(tx: SqlIdentityTransaction) -> str:
    realm = tx.realms.get(REALM)
    assert realm is not None
    return realm.sandbox_tenant


class Logins:
    """The sandbox's population of a city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._transactions = IdentityTransactions(load_configuration(city.settings, environ={}), REALM)
        self.realm = self.run(_sandbox_tenant)
        with city.world.client(caller="operator", tenant=self.realm) as client:
            self.subject = str(client.call("identity", "register_person", {
                "name": "林静", "id_number": complete_resident_id("33010619900101901")}, timeout_s=15)["subject_id"])

    def run(self, work: Callable[[SqlIdentityTransaction], Any]) -> Any:
        with self._transactions.begin(["*"]) as tx:
            return work(tx)

    def open(self, subject: str | None = None) -> Session:
        opened: Session = self.run(lambda tx: open_session(
            tx, OpenSession(self.realm, subject or self.subject, CITIZEN, ("pwd",)), None))
        return opened

    def issue(self, session: Session, app: str) -> TokenSet:
        given: TokenSet = self.run(lambda tx: issue_tokens(tx, IssueTokens(session, f"{app}-sandbox", SCOPES)))
        return given

    def refresh(self, token: str | None, app: str) -> TokenSet:
        assert token is not None
        shown = RefreshTokens(token, f"{app}-sandbox")
        given: TokenSet | AppError = self.run(lambda tx: refresh_tokens(tx, shown))
        return done(given)

    def rotate(self) -> None:
        """Publish the next key that signs."""
        self.run(lambda tx: rotate_key(tx, self.realm, None))

    def genuine(self, token: str) -> Genuine:
        """The token with its key, and with the login's own hand."""
        key = self.run(lambda tx: signing_key(tx, self.realm))

        def sign(claims: Claims, typ: str) -> str:
            signed: str = self.run(lambda tx: tx.signing_keys.sign(key, claims, typ=typ))
            return signed

        return Genuine(token, key.public, sign)

    def close(self) -> None:
        self._transactions.close()


def called(port: int, key: str, token: str, client: httpx.Client) -> tuple[int, str]:
    """Status and code of a call over HTTP with an app's key and a token."""
    shown: Mapping[str, str] = {"Authorization": f"Bearer {token}", "Zhongtai-App-Key": key}
    answer = client.post(
        f"http://127.0.0.1:{port}/v1/{SERVICE}/{METHOD.replace('_', '-')}", headers=shown, json={}, timeout=15)
    return answer.status_code, "ok" if answer.status_code == 200 else str(answer.json().get("code"))


def until_taken(port: int, key: str, token: str, client: httpx.Client, *, patience_s: float = 60.0) -> None:
    """Wait until services have started and their copies have a lease."""
    ends = time.monotonic() + patience_s
    while True:
        try:
            seen: Any = called(port, key, token, client)
        except httpx.TransportError as error:
            seen = error
        if seen == (200, "ok"):
            return
        assert time.monotonic() < ends, f"the genuine token gets {seen} after {patience_s:g} s"
        time.sleep(0.1)
