"""The quick way to tokens of apps decides as the tables do, and as soon as a key is revoked."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from services.identity.directory import schemas
from services.identity.directory.usecases.close_app import freeze_app
from services.identity.directory.usecases.revoke_key import revoke_app_key
from services.identity.openid.adapters.copied_apps import CopiedApps
from services.identity.openid.domain.answer import Answer
from services.identity.openid.entrypoints.app_tokens import AppTokenEntrypoints
from services.identity.openid.schemas import EndpointCall
from shared_components.db.feeds import FeedStale
from shared_components.kernel.calls import Call, CallContext
from tests.unit.identity.openid.test_clients import CREDENTIALS, EC
from tests.unit.identity.openid.world import CLIENT, SANDBOX, Login, basic, claims_of


class Quick:
    """The entrypoint over the copies of one process."""

    def __init__(self, login: Login) -> None:
        self.login, self.stale = login, False
        served = login.served
        served.refresh_copies = self._refresh  # type: ignore[attr-defined]
        served.provider.copied_apps = CopiedApps(login.copies)
        self._entrypoints = AppTokenEntrypoints()
        self._entrypoints.transactions = served

    def _refresh(self) -> None:
        if self.stale:
            raise FeedStale
        self.login.catch_up()

    def ask(self, authorization: str | None = None, address: str | None = None, **parameters: str) -> Answer:
        data = EndpointCall(urlencode({**CREDENTIALS, **parameters}), authorization, address)
        call = Call(data, CallContext("gateway", "default"))
        with self.login.transactions.reading("default") as tx:
            (answer,) = AppTokenEntrypoints.oauth_app_token.__wrapped__(  # type: ignore[attr-defined]
                self._entrypoints, tx, [call])
        if isinstance(answer, Exception):
            raise answer
        found: Answer = answer
        return found


@pytest.fixture
def quick(login: Login) -> Quick:
    return Quick(login)


def test_the_token_is_that_of_the_slow_way(login: Login, quick: Quick) -> None:
    ways: list[Callable[[], Answer]] = [
        lambda: quick.ask(basic(CLIENT, login.secret)), lambda: login.token(**CREDENTIALS),
        lambda: quick.ask(client_id=CLIENT, client_secret=login.secret)]
    claims = [claims_of(way().body["access_token"]) for way in ways]  # type: ignore[index]
    assert [{**each, "jti": ""} for each in claims] == [{**claims[0], "jti": ""}] * 3
    assert len({each["jti"] for each in claims}) == 3
    assert claims[0]["aud"] == SANDBOX


def test_every_wrong_proof_has_the_answer_of_the_slow_way(login: Login, quick: Quick) -> None:
    login.register("app-phone", client_type="public")
    phone = login.directory.issue("app-phone", "sandbox").key
    jwks = {"keys": [{**EC.as_dict(private=False), "kid": "a"}]}
    keyed = login.register("app-keyed", jwks=jwks)
    wrong: list[tuple[str | None, dict[str, str]]] = [
        (None, {}), (None, {"client_id": CLIENT}), (basic(CLIENT, "x"), {}), (basic("app-nobody", login.secret), {}),
        (basic("app-keyed-sandbox", keyed), {}), (basic("app-phone-sandbox", phone), {}), ("Basic !", {}),
        (basic(CLIENT, login.secret), {"client_id": "app-keyed-sandbox"}),
        (basic(CLIENT, login.secret), {"scope": "x"}),
        (basic(CLIENT, login.secret), {"client_secret": login.secret}), (basic("app-tax", login.secret), {}),
    ]
    for authorization, parameters in wrong:
        slow = login.ask("token", {**CREDENTIALS, **parameters}, authorization=authorization)
        fast = quick.ask(authorization, **parameters)
        if (authorization, parameters) == (None, {"client_id": CLIENT}):
            assert fast.status == slow.status
            continue
        assert (fast.status, fast.body, fast.challenge) == (slow.status, slow.body, slow.challenge), parameters


def test_a_revoked_key_and_a_frozen_app_open_nothing_at_once(login: Login, quick: Quick) -> None:
    other = login.register("app-other")
    assert quick.ask(basic(CLIENT, login.secret)).status == 200
    keys = login.directory.call(lambda tx, _, context: tx.apps.keys(["app-tax"])["app-tax"], schemas.ListApps)
    login.directory.call(revoke_app_key, schemas.RevokeAppKey, app="app-tax", key_id=keys[0].key_id)
    assert quick.ask(basic(CLIENT, login.secret)).status == 401
    assert quick.ask(basic("app-other-sandbox", other)).status == 200
    login.directory.call(frozen, schemas.ByApp, app="app-other")
    assert quick.ask(basic("app-other-sandbox", other)).status == 401


def frozen(tx: Any, command: Any, context: CallContext) -> Any:
    return freeze_app(tx, command, context, frozen=True)


def test_a_key_of_the_login_that_is_gone_signs_no_more(login: Login, quick: Quick) -> None:
    first = quick.ask(basic(CLIENT, login.secret))
    with login.served.begin(SANDBOX) as tx:
        (key,) = tx.signing_keys.of(SANDBOX)
        tx.signing_keys.end(key.ended("revoked", login.clock.now()))
    second = quick.ask(basic(CLIENT, login.secret))
    heads = [answer.body["access_token"].partition(".")[0] for answer in (first, second)]  # type: ignore[index]
    assert heads[0] != heads[1]


def test_a_stale_copy_gives_no_token(login: Login, quick: Quick) -> None:
    quick.stale = True
    with pytest.raises(FeedStale):
        quick.ask(basic(CLIENT, login.secret))
