"""Serve one request to an endpoint: read its parameters, find the realm of its client, answer in the words of OAuth."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.identity.openid.domain.answer import Answer, refusal
from services.identity.openid.domain.client import NONE, Client
from services.identity.openid.domain.oauth_errors import INVALID_CLIENT, INVALID_GRANT, OAuthRefused
from services.identity.openid.domain.parameters import Parameters, parameters_of
from services.identity.openid.entrypoints.throttle import Throttle
from services.identity.openid.schemas import EndpointCall
from services.identity.openid.usecases.authenticate import LONGEST_ID, shown_by
from shared_components.bus import Transactions
from shared_components.kernel.calls import Call
from shared_components.security.tokens import claims_stated

Endpoint = Callable[[Any, Parameters], Answer]
MOST_REMEMBERED = 10_000
_POPULATIONS: dict[str, str] = {}
"""Client → the tenant id of those who log in, which never changes. Whether it may log in is asked each time."""


def serve(
    transactions: Transactions, call: Call[EndpointCall], endpoint: Endpoint, *, by_token: bool = False,
) -> Answer:
    """Run an endpoint in a transaction of its client's realm. by_token: an access token names the client.

    A refusal commits what the endpoint has done: a code that was shown is used up, a replay revokes.
    Raises TooManyLoginRequests.
    """
    throttle, client_id = throttle_of(transactions, call), None
    try:
        parameters = parameters_of(call.data.parameters)
        client_id = (_of_token if by_token else client_named)(parameters, call.data.authorization)
        throttle.check(client_id)
        population = population_of(transactions, client_id, call.context.tenant)
        return _in_realm(transactions, population, endpoint, parameters)
    except OAuthRefused as refused:
        if is_failed_proof(refused, call.data):
            throttle.note_failure(client_id)
        return refusal(refused)


def throttle_of(transactions: Transactions, call: Call[EndpointCall]) -> Throttle:
    return Throttle(transactions, call.context.tenant, call.data.address)


def is_failed_proof(refused: OAuthRefused, request: EndpointCall) -> bool:
    """A client that did not prove itself; of one that has nothing to prove, also a code or token that does not count.

    A confidential client's expired tokens are not failures: a portal of many persons has many of them.
    """
    if refused.error == INVALID_GRANT:
        return shown_by(parameters_of(request.parameters), request.authorization).method == NONE
    return refused.error == INVALID_CLIENT


def _in_realm(transactions: Transactions, population: str, endpoint: Endpoint, parameters: Parameters) -> Answer:
    refused: OAuthRefused
    with transactions.begin(population) as tx:
        try:
            return endpoint(tx, parameters)
        except OAuthRefused as error:
            refused = error
    # Outside of the block: the transaction has committed what the endpoint has done.
    raise refused


def client_named(parameters: Parameters, authorization: str | None) -> str | None:
    """The client that a request states; nothing is verified yet. Raises OAuthRefused."""
    if "client_id" in parameters:
        return parameters["client_id"]
    if "id_token_hint" in parameters:
        return _claim(parameters["id_token_hint"], "aud")
    shown = shown_by(parameters, authorization)
    return shown.client_id or _claim(shown.proof, "sub")


def _of_token(_: Parameters, authorization: str | None) -> str | None:
    return _claim((authorization or "").strip().partition(" ")[2].strip(), "client_id")


def _claim(token: str, name: str) -> str | None:
    value = claims_stated(token).get(name)
    return value if isinstance(value, str) else None


def population_of(transactions: Transactions, client_id: str | None, otherwise: str) -> str:
    """Whose rows the request may reach: those of its client's population; without a client, those of the gateway."""
    if client_id is None or len(client_id) > LONGEST_ID:
        return otherwise
    known = _POPULATIONS.get(client_id)
    if known is None:
        with transactions.begin() as tx:
            found: Client | None = tx.clients.find(client_id)
        if found is None:
            return otherwise
        if len(_POPULATIONS) >= MOST_REMEMBERED:
            _POPULATIONS.clear()
        known = _POPULATIONS[client_id] = found.population
    return known
