"""Recognise the client of a request: by an app key, by an assertion that it signed, or, a public one, by its name."""
from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from typing import NamedTuple, Protocol
from urllib.parse import unquote_plus

from services.identity.openid.domain.client import (
    NONE,
    PRIVATE_KEY_JWT,
    SECRET_BASIC,
    SECRET_POST,
    Client,
    not_authenticated,
)
from services.identity.openid.domain.oauth_errors import INVALID_REQUEST, OAuthRefused
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import HasAssertions, HasClients
from shared_components.kernel.transactions import HasClock

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_SECRET, LONGEST_ID = 256, 64


class AuthenticateTx(HasClock, HasClients, HasAssertions, Protocol):
    """The transaction of recognising a client."""


class Shown(NamedTuple):
    """The proof in a request: method, the client that it names, and the secret or assertion."""

    method: str
    client_id: str | None
    proof: str


def authenticate(
    tx: AuthenticateTx, parameters: Parameters, authorization: str | None, *, audiences: Collection[str],
) -> Client:
    """audiences: names of this server, one of which an assertion must be for. Raises OAuthRefused."""
    shown = shown_by(parameters, authorization)
    basic = shown.method == SECRET_BASIC
    client_id = shown.client_id
    if shown.method == PRIVATE_KEY_JWT:
        client_id = tx.assertions.claimed_client(shown.proof)
    if client_id is None or parameters.get("client_id", client_id) != client_id or len(client_id) > LONGEST_ID:
        raise not_authenticated(basic=basic)
    client = tx.clients.find(client_id)
    if client is None or shown.method not in client.methods or not _proves(tx, client, shown, audiences):
        raise not_authenticated(basic=basic)
    return client


def shown_by(parameters: Parameters, authorization: str | None) -> Shown:
    """The one proof that a request has. Raises OAuthRefused for several (RFC 6749 section 2.3)."""
    found = []
    if authorization is not None:
        found.append(_basic(authorization))
    if "client_secret" in parameters:
        found.append(Shown(SECRET_POST, parameters.get("client_id"), parameters["client_secret"]))
    if "client_assertion" in parameters or "client_assertion_type" in parameters:
        found.append(_assertion(parameters))
    if len(found) > 1:
        raise OAuthRefused(INVALID_REQUEST, "the client proves itself in several ways; one is allowed")
    return found[0] if found else Shown(NONE, parameters.get("client_id"), "")


def _proves(tx: AuthenticateTx, client: Client, shown: Shown, audiences: Collection[str]) -> bool:
    if shown.method == NONE:
        return True
    if shown.method == PRIVATE_KEY_JWT:
        return tx.assertions.verify(shown.proof, client, audiences=audiences, at=tx.clock.now())
    return len(shown.proof) <= LONGEST_SECRET and tx.clients.knows_secret(client, shown.proof)


def _basic(authorization: str) -> Shown:
    """Id and secret are encoded as a form before they are joined (RFC 6749 section 2.3.1)."""
    scheme, _, value = authorization.strip().partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        client_id, colon, secret = text.partition(":")
        if not colon:
            raise ValueError(colon)
        return Shown(SECRET_BASIC, unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict"))
    except (binascii.Error, ValueError):
        raise not_authenticated(basic=True) from None


def _assertion(parameters: Parameters) -> Shown:
    if parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise OAuthRefused(INVALID_REQUEST, f"client_assertion_type {ASSERTION_TYPE} is allowed")
    return Shown(PRIVATE_KEY_JWT, None, parameters.required("client_assertion"))
