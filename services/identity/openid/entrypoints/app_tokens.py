"""The way of apps that ask for tokens of their own with an app key: by the copy of the directory, many at once."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.identity.openid import schemas
from services.identity.openid.adapters.copied_apps import CopiedApps, KnownKeys, OfKnownKeys
from services.identity.openid.domain.answer import Answer, refusal
from services.identity.openid.domain.client import SECRET_BASIC, SECRET_POST, not_authenticated
from services.identity.openid.domain.errors import TooManyLoginRequests
from services.identity.openid.domain.oauth_errors import UNSUPPORTED_GRANT_TYPE, OAuthRefused
from services.identity.openid.domain.parameters import Parameters, parameters_of
from services.identity.openid.entrypoints.endpoints import ENDPOINT, GATEWAY
from services.identity.openid.entrypoints.serving import is_failed_proof, population_of, throttle_of
from services.identity.openid.schemas import EndpointCall
from services.identity.openid.usecases.authenticate import Shown, shown_by
from services.identity.openid.usecases.token import CLIENT_CREDENTIALS
from services.identity.openid.usecases.token_app import app_token
from services.identity.sessions.domain.signing_key import RealmKey
from services.identity.sessions.usecases.signing import signing_key
from shared_components.bus import Transactions, rpc_method
from shared_components.db.feeds import FeedStale
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import VITAL


class AppTokenEntrypoints:
    """The quick way to tokens of apps. Nothing is written, so calls share a transaction."""

    transactions: Any

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, bulk=True,
        errors=[FeedStale, TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="凭应用密钥换取应用自身的令牌（client_credentials）。")
    def oauth_app_token(self, tx: Any, calls: Sequence[Call[EndpointCall]]) -> Sequence[Answer | AppError]:
        """Give apps tokens of their own for an app key."""
        transactions: Transactions = self.transactions
        try:
            transactions.refresh_copies()
        except FeedStale as stale:
            return [stale] * len(calls)
        return [_throttled(transactions, tx, call) for call in calls]


def _throttled(transactions: Transactions, tx: Any, call: Call[EndpointCall]) -> Answer | AppError:
    try:
        return _counted(transactions, tx, call)
    except TooManyLoginRequests as limited:
        return limited


def _counted(transactions: Transactions, tx: Any, call: Call[EndpointCall]) -> Answer:
    """The answer; a proof that fails is counted in a transaction of its own. Raises TooManyLoginRequests."""
    throttle, client_id = throttle_of(transactions, call), None
    try:
        parameters = parameters_of(call.data.parameters).once()
        shown = shown_by(parameters, call.data.authorization)
        client_id = shown.client_id
        throttle.check(client_id)
        return _answer(transactions, tx, call, parameters, shown)
    except OAuthRefused as refused:
        if is_failed_proof(refused, call.data):
            throttle.note_failure(client_id)
        return refusal(refused)


def _answer(
    transactions: Transactions, tx: Any, call: Call[EndpointCall], parameters: Parameters, shown: Shown,
) -> Answer:
    """Raises OAuthRefused."""
    apps: CopiedApps = transactions.provider.copied_apps
    if parameters.required("grant_type") != CLIENT_CREDENTIALS:
        raise OAuthRefused(UNSUPPORTED_GRANT_TYPE, f"grant_type {CLIENT_CREDENTIALS} is allowed here")
    if shown.method not in (SECRET_BASIC, SECRET_POST) or shown.client_id is None:
        raise not_authenticated(basic=False)
    if parameters.get("client_id", shown.client_id) != shown.client_id:
        raise not_authenticated(basic=shown.method == SECRET_BASIC)
    allowed = apps.allowed(shown)
    population = population_of(transactions, shown.client_id, call.context.tenant)
    keys = apps.signing_keys(population, lambda: _keys_of(transactions, population))
    signing = KnownKeys(tx.clock, tx.tokens, OfKnownKeys(keys, tx.signing_keys))
    return app_token(signing, shown.client_id, population, allowed, parameters)


def _keys_of(transactions: Transactions, population: str) -> Sequence[RealmKey]:
    """The keys in the tables; the first one of a realm is made."""
    with transactions.begin(population) as tx:
        signing_key(tx, population)
        keys: Sequence[RealmKey] = tx.signing_keys.of(population)
        return keys
