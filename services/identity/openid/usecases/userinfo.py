"""Claims about the person of an access token, as far as its scopes and the person's consents go.

Source: OpenID Connect Core section 5.3, RFC 6750 section 3
"""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Protocol

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.levels import acr_of
from services.identity.openid.domain.oauth_errors import (
    INSUFFICIENT_SCOPE,
    INVALID_REQUEST,
    INVALID_TOKEN,
    OAuthRefused,
)
from services.identity.openid.domain.ports import ActiveToken, HasAccessTokens, HasClients, HasConsents, HasPairwise
from services.identity.openid.domain.scopes import EMAIL, OPENID, PHONE, PROFILE
from services.identity.subjects.domain import states
from services.identity.subjects.domain.ports import HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.numbers import mask_email, mask_mobile, mask_name
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

DISCLOSED = "subject.disclosed"
LONGEST_TOKEN = 8192


class UserinfoTx(
    HasClock, HasAccessTokens, HasClients, HasConsents, HasPairwise, HasSubjects, EvidenceTx, Protocol,
):
    """The transaction of giving claims."""


def userinfo(tx: UserinfoTx, authorization: str | None, context: CallContext) -> Answer:
    """Raises OAuthRefused."""
    token = _active(tx, authorization)
    acting = token.acting
    if OPENID not in acting.scopes:
        raise OAuthRefused(
            INSUFFICIENT_SCOPE, "scope openid is needed",
            challenge=f'Bearer realm="zhongtai", error="{INSUFFICIENT_SCOPE}", scope="{OPENID}"')
    client = tx.clients.find(token.client_id)
    subject = None if client is None else tx.subjects.get(client.population, acting.subject)
    if client is None or subject is None or subject.state != states.ACTIVE:
        raise _invalid()
    claims = _claims(tx, client, subject, acting.scopes)
    told = sorted(set(claims) & {"name", "email", "phone_number"})
    if told:
        tx.record_evidence(
            context, owner=client.population, action=DISCLOSED, about=subject.subject_id, basis="holder", fields=told,
            details={"app": client.client_id})
    return Answer(200, {
        "sub": tx.pairwise.to_sector(subject.subject_id, client.tenant), **claims,
        **({"acr": acr_of(acting.level)} if PROFILE in acting.scopes else {}),
    })


def _active(tx: UserinfoTx, authorization: str | None) -> ActiveToken:
    scheme, _, text = (authorization or "").strip().partition(" ")
    if authorization is None:
        raise OAuthRefused(INVALID_TOKEN, "an access token is needed", challenge='Bearer realm="zhongtai"')
    if scheme.lower() != "bearer" or not text.strip() or len(text) > LONGEST_TOKEN:
        raise OAuthRefused(
            INVALID_REQUEST, "Authorization: Bearer with an access token is allowed",
            challenge=f'Bearer realm="zhongtai", error="{INVALID_REQUEST}"')
    found = tx.access_tokens.active(text.strip(), at=tx.clock.now())
    if found is None:
        raise _invalid()
    return found


def _claims(tx: HasConsents, client: Client, subject: Subject, scopes: Collection[str]) -> dict[str, Any]:
    """Give as it is what the person has consented to; a portal, which asks for no consent, gets it masked."""
    consented = tx.consents.scopes(client.population, subject.subject_id, client.client_id)
    claims: dict[str, Any] = {}
    if PROFILE in scopes:
        claims |= {"name": subject.name if PROFILE in consented else mask_name(subject.name), "locale": subject.locale}
    if EMAIL in scopes and subject.email is not None:
        claims |= {"email": subject.email if EMAIL in consented else mask_email(subject.email), "email_verified": False}
    if PHONE in scopes and subject.mobile is not None:
        claims |= {"phone_number": subject.mobile if PHONE in consented else mask_mobile(subject.mobile),
                   "phone_number_verified": False}
    return claims


def _invalid() -> OAuthRefused:
    return OAuthRefused(
        INVALID_TOKEN, "the access token is not valid now",
        challenge=f'Bearer realm="zhongtai", error="{INVALID_TOKEN}"')
