"""Attacks on the login's own endpoints: tokens as attackers make them, and proofs of another client or time.

The endpoints are served in this process, by the code that a service serves them with, on a database of their own.
"""
from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from services.identity.openid.domain.answer import Answer
from services.identity.openid.usecases.token_exchange import ACCESS_TOKEN_TYPE, MANDATE_TYPE
from services.identity.sessions.usecases.signing import signing_key
from shared_components.kernel.clock import FixedClock
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.faults.token_attacks import Genuine, attacks
from tests.unit.identity.conftest import AT
from tests.unit.identity.openid.world import CLIENT, SANDBOX, Login, basic
from tests.unit.identity.worlds import SqlTransactions

_NUMBERS = count(1)


@contextmanager
def served_login() -> Iterator[Login]:
    with tempfile.TemporaryDirectory(prefix="zhongtai-oauth-") as folder:
        clock = FixedClock(AT)
        transactions = SqlTransactions(Path(folder), clock)
        try:
            yield Login(transactions, clock)
        finally:
            transactions.database.dispose()
            keep_copies(NO_COPIES)


def genuine(login: Login, token: str) -> Genuine:
    """The token with its key, and with the login's own hand."""
    with login.served.begin(SANDBOX) as tx:
        public = signing_key(tx, SANDBOX).public

    def sign(claims: dict[str, Any], typ: str) -> str:
        with login.served.begin(SANDBOX) as tx:
            return str(tx.signing_keys.sign(signing_key(tx, SANDBOX), claims, typ=typ))

    return Genuine(token, public, sign)


def tokens_taken(login: Login, made: Mapping[str, str]) -> list[str]:
    """Name the made-up access tokens that an endpoint takes: for a person's claims, or as active."""
    client = basic(CLIENT, login.secret)
    taken = [f"{name}: at userinfo" for name, text in made.items() if login.userinfo(text).status not in (400, 401)]
    return taken + [f"{name}: at introspection" for name, text in made.items() if _is_active(login, text, client)]


def made_tokens(login: Login) -> dict[str, str]:
    return attacks(genuine(login, login.tokens()["access_token"]))


def proofs_taken() -> list[str]:
    """Name the attempts with a proof of another client, kind or time that are granted."""
    with served_login() as login:
        return [name for name, attempt in ATTEMPTS.items() if attempt(login)]


def _is_active(login: Login, token: str, authorization: str) -> bool:
    return bool((login.ask("introspect", {"token": token}, authorization=authorization).body or {}).get("active"))


def _granted(answer: Answer) -> bool:
    return answer.status == 200


def _as_other(login: Login) -> dict[str, str]:
    app = f"app-other-{next(_NUMBERS)}"
    return {"secret": login.register(app), "client": f"{app}-sandbox"}


def _of_other_introspected(login: Login) -> bool:
    token = login.tokens()["access_token"]
    return _is_active(login, token, basic(**_as_other(login)))


def _code_twice(login: Login) -> bool:
    code = login.code()
    assert _granted(login.exchange(code))
    return _granted(login.exchange(code))


def _after(login: Login, minutes: int, show: Callable[[], bool]) -> bool:
    login.clock.advance(timedelta(minutes=minutes))
    return show()


def _late_code(login: Login) -> bool:
    code = login.code()
    return _after(login, 11, lambda: _granted(login.exchange(code)))


def _late_token(login: Login) -> bool:
    token = login.tokens()["access_token"]
    return _after(login, 11, lambda: _granted(login.userinfo(token)))


def _revoked_refresh(login: Login) -> bool:
    token = login.tokens()["refresh_token"]
    login.ask("revoke", {"token": token}, authorization=basic(CLIENT, login.secret))
    return _granted(login.token(grant_type="refresh_token", refresh_token=token))


def _exchange(login: Login, actor: str, **client: str) -> bool:
    return _granted(login.token(
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange", subject_token="man_none",
        subject_token_type=MANDATE_TYPE, actor_token=actor, actor_token_type=ACCESS_TOKEN_TYPE, **client))


ATTEMPTS: Mapping[str, Callable[[Login], bool]] = {
    "code of another client": lambda login: _granted(login.exchange(login.code(), **_as_other(login))),
    "code without its verifier": lambda login: _granted(login.exchange(login.code(), code_verifier="w" * 64)),
    "code for another address": lambda login: _granted(
        login.exchange(login.code(), redirect_uri="https://evil.example/cb")),
    "code twice": _code_twice,
    "refresh token of another client": lambda login: _granted(login.token(
        grant_type="refresh_token", refresh_token=login.tokens()["refresh_token"], **_as_other(login))),
    "refresh token after its revocation": _revoked_refresh,
    "secret of another client": lambda login: _granted(login.token(
        grant_type="client_credentials", secret=_as_other(login)["secret"])),
    "access token of another client introspected": _of_other_introspected,
    "refresh token as access token": lambda login: _granted(login.userinfo(login.tokens()["refresh_token"])),
    "ID token as access token": lambda login: _granted(login.userinfo(login.tokens()["id_token"])),
    "exchange without a mandate": lambda login: _exchange(login, login.tokens()["access_token"]),
    "exchange by another client": lambda login: _exchange(
        login, login.tokens()["access_token"], **_as_other(login)),
    "exchange of an ID token": lambda login: _exchange(login, login.tokens()["id_token"]),
    "access token after its end": _late_token,
    "code after its end": _late_code,
}
