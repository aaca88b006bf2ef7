"""Section services.identity of the configuration: what each topic needs of it."""
from __future__ import annotations

from marshmallow import fields

from services.identity.credentials.settings import CredentialSettings
from services.identity.openid.settings import OpenIdSettings
from services.identity.privacy.settings import PrivacySettings
from services.identity.sessions.settings import SessionSettings
from services.identity.subjects.settings import IdentitySettings
from services.identity.upstream.settings import UpstreamProvidersField


class ServiceSettings(IdentitySettings):
    """The whole section. A topic's own part lies under the topic's name."""

    credentials = fields.Nested(CredentialSettings, load_default=lambda: CredentialSettings().load({}), metadata={
        "allowed": "a mapping with limits of attempts, hashing_threads, hashing_queue, issuer, passkeys",
        "meaning": "How persons sign in, and how often they may try"})
    upstream = UpstreamProvidersField(metadata={
        "allowed": "a mapping from a name (national, business-licence, network-id, …) to title, title_en, issuer, "
        "client_id, client_secret_file, algorithm, scopes, claims, origins, levels, acr_values, trusted_for_documents, "
        "registers, document_type, representative_roles, timeout_s",
        "meaning": "Other identity providers by which persons sign in, over OpenID Connect"})
    privacy = fields.Nested(PrivacySettings, load_default=lambda: PrivacySettings().load({}), metadata={
        "allowed": "a mapping with term_working_days (1 to 60), holidays, make_up_days (lists of dates)",
        "meaning": "The term within which requests about personal information are answered"})
    openid = fields.Nested(OpenIdSettings, load_default=lambda: OpenIdSettings().load({}), metadata={
        "allowed": "a mapping with failures_of_client, failures_of_address, browser_requests",
        "meaning": "How often clients may fail to prove themselves, and browsers begin logins, by network address"})
    sessions = fields.Nested(SessionSettings, load_default=lambda: SessionSettings().load({}), metadata={
        "allowed": "a mapping with citizen_idle_s, citizen_session_s, officer_idle_s, officer_session_s, "
        "access_token_s, refresh_grace_s, signing_key_s, signing_key_overlap_s",
        "meaning": "How long sessions, tokens and the keys that sign them live"})
