"""The service class: name, version, events, and the mixins of its topics."""
from __future__ import annotations

from services.identity.credentials.entrypoints.account import AccountEntrypoints
from services.identity.credentials.entrypoints.adding import AddingEntrypoints
from services.identity.credentials.entrypoints.events import CredentialEvents
from services.identity.credentials.entrypoints.guardians import GuardianEntrypoints
from services.identity.directory.entrypoints.apps import AppEntrypoints
from services.identity.directory.entrypoints.departments import DirectoryEntrypoints
from services.identity.login.entrypoints import AccountPageEntrypoints, LoginEntrypoints
from services.identity.mandates.entrypoints import MandateEntrypoints
from services.identity.openid.entrypoints.app_tokens import AppTokenEntrypoints
from services.identity.openid.entrypoints.consents import ConsentEntrypoints
from services.identity.openid.entrypoints.endpoints import OpenIdEntrypoints
from services.identity.openid.entrypoints.scheduled import OpenIdSchedule
from services.identity.privacy.entrypoints import PrivacyEntrypoints
from services.identity.providers import IdentityProvider
from services.identity.schemas import EVENTS
from services.identity.sessions.adapters.feed import ENDED_SESSION
from services.identity.sessions.entrypoints import SessionEntrypoints
from services.identity.subjects.entrypoints import SubjectEntrypoints
from services.identity.upstream.entrypoints import UpstreamEntrypoints
from shared_components.bus.server.directory_following import DirectoryFollowing
from shared_components.bus.server.evidence_sealing import EvidenceSealing
from shared_components.bus.server.feed_serving import FeedServing
from shared_components.bus.server.process_copies import DIRECTORY
from shared_components.evidence_log.events import EVIDENCE_SEALED


class IdentityService(
    SubjectEntrypoints,
    DirectoryEntrypoints,
    AppEntrypoints,
    AccountEntrypoints,
    AddingEntrypoints,
    GuardianEntrypoints,
    CredentialEvents,
    MandateEntrypoints,
    SessionEntrypoints,
    OpenIdEntrypoints,
    ConsentEntrypoints,
    UpstreamEntrypoints,
    AppTokenEntrypoints,
    OpenIdSchedule,
    LoginEntrypoints,
    AccountPageEntrypoints,
    PrivacyEntrypoints,
    EvidenceSealing,
    FeedServing,
    DirectoryFollowing,
):
    """Knows persons and organisations and how surely each is who they say; departments, officers and apps."""

    name = "identity"
    summary_zh = "登记自然人和组织，并掌握其身份核验到何种程度；管理部门、工作人员和应用。"
    contract_version = "3.1"
    tickets = ("gateway", "matter")
    emits = (*EVENTS, EVIDENCE_SEALED)
    produces = (DIRECTORY,)
    fleeting = (ENDED_SESSION,)
    transactions = IdentityProvider()
