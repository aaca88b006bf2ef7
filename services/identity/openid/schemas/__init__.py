"""Requests and replies of OAuth and OpenID Connect."""
from services.identity.openid.schemas.consents import (
    Consent,
    ConsentPage,
    ListConsents,
    RevokeConsent,
    RevokedConsents,
)
from services.identity.openid.schemas.endpoints import (
    AskServer,
    CallEndpoint,
    Document,
    EndpointAnswer,
    EndpointCall,
)

__all__ = [
    "AskServer", "CallEndpoint", "Consent", "ConsentPage", "Document", "EndpointAnswer", "EndpointCall", "ListConsents",
    "RevokeConsent", "RevokedConsents",
]
