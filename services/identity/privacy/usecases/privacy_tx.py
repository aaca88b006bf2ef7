"""The transaction of personal-information requests."""
from __future__ import annotations

from typing import Protocol

from services.identity.credentials.domain.ports import HasAccounts, HasCredentials
from services.identity.directory.domain.ports import HasDepartments, HasRealms
from services.identity.mandates.domain.ports import HasMandates
from services.identity.openid.usecases.manage_consents import RevokeConsentTx
from services.identity.privacy.domain.ports import HasPersonalRequests
from services.identity.sessions.domain.ports import HasSessions
from services.identity.subjects.domain.ports import (
    FollowsSubjects,
    HasEvidence,
    HasPolicy,
    HasSubjectHistory,
    HasSubjects,
)
from services.identity.upstream.domain.ports import HasLinks
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasEvents


class PrivacyTx(
    FollowsSubjects, HasAccounts, HasCredentials, HasDepartments, HasEvents, HasEvidence, HasLinks, HasMandates,
    HasPersonalRequests, HasPolicy, HasRealms, HasSessions, HasSubjectHistory, HasSubjects, RevokeConsentTx, EvidenceTx,
    Protocol,
):
    """A transaction with everything that the use cases of this topic ask for."""
