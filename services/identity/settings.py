"""Section services.identity of the configuration: what each topic needs of it."""
from __future__ import annotations

from marshmallow import fields

from services.identity.credentials.settings import CredentialSettings
from services.identity.subjects.settings import IdentitySettings


class ServiceSettings(IdentitySettings):
    """The whole section. A topic's own part lies under the topic's name."""

    credentials = fields.Nested(CredentialSettings, load_default=lambda: CredentialSettings().load({}), metadata={
        "allowed": "a mapping with limits of attempts, hashing_threads, hashing_queue, issuer, passkeys",
        "meaning": "How persons sign in, and how often they may try"})
