"""The SQL transaction that the use cases of identity work in."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.identity.credentials.adapters.accounts import SqlAccounts
from services.identity.credentials.adapters.attempts import SqlAttempts
from services.identity.credentials.adapters.challenges import SqlChallenges, SqlCodeSendings
from services.identity.credentials.adapters.credentials import SqlCredentials
from services.identity.credentials.adapters.devices import SqlDevices
from services.identity.credentials.adapters.guardian_consents import SqlGuardianConsents
from services.identity.credentials.adapters.keyed_hashes import SecretHashes
from services.identity.credentials.domain.policy import CredentialPolicy
from services.identity.directory.adapters.apps import SqlApps
from services.identity.directory.adapters.departments import SqlDepartments
from services.identity.directory.adapters.feed import DirectoryFeed
from services.identity.directory.adapters.history import SqlHistory
from services.identity.directory.adapters.memberships import SqlMemberships
from services.identity.directory.adapters.realms import SqlRealms
from services.identity.login.adapters.browsers import SqlBrowsers
from services.identity.login.adapters.interactions import SqlInteractions
from services.identity.mandates.adapters.feed import MandateFeed
from services.identity.mandates.adapters.mandates import SqlMandates
from services.identity.mandates.adapters.rows import Names
from services.identity.mandates.usecases.follow_subjects import MandatesOfSubjects
from services.identity.openid.adapters.assertions import SqlAssertions
from services.identity.openid.adapters.clients import SqlClients
from services.identity.openid.adapters.codes import SqlCodes
from services.identity.openid.adapters.consents import SqlConsents
from services.identity.openid.adapters.live_mandates import LiveMandates
from services.identity.openid.adapters.purging import SqlLeftovers
from services.identity.openid.adapters.requests import SqlRequests
from services.identity.openid.adapters.tokens import SignedTokens, SqlAccessTokens, SqlIdTokens
from services.identity.privacy.adapters.copies import SqlPersonalCopies
from services.identity.privacy.adapters.requests import SqlPersonalRequests
from services.identity.privacy.domain.request import Term
from services.identity.sessions.adapters.endings import SqlSessionEndings
from services.identity.sessions.adapters.feed import SessionFeed
from services.identity.sessions.adapters.grants import SqlGrants
from services.identity.sessions.adapters.old_sessions import SqlOldSessions
from services.identity.sessions.adapters.refresh_secrets import KeyedRefreshSecrets
from services.identity.sessions.adapters.sessions import SqlSessions
from services.identity.sessions.adapters.signing_keys import SqlSigningKeys
from services.identity.sessions.domain.lifetimes import TokenPolicy
from services.identity.subjects.adapters.evidence import SqlEvidences
from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.adapters.history import SqlSubjectHistory
from services.identity.subjects.adapters.merges import SqlMerges
from services.identity.subjects.adapters.moves import SqlMoves
from services.identity.subjects.adapters.populations import SqlPopulations
from services.identity.subjects.adapters.subjects import SqlSubjects
from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.domain.ports import SubjectFollower
from services.identity.upstream.adapters.links import SqlLinks
from services.identity.upstream.adapters.sign_ins import SqlSignIns
from services.identity.upstream.usecases.links import LinksOfSubjects
from shared_components.db.feeds import FeedScope
from shared_components.evidence_log import EvidenceRecorder
from shared_components.kernel.bilingual import Bilingual

SERVICE = "identity"
# Without a public address, as in tests of other topics.
DEFAULT_TOKENS = TokenPolicy("http://127.0.0.1:8000")


class SqlIdentityTransaction:
    """Satisfies the Protocol of every use case. configured_apps: names of apps that the configuration has."""

    def __init__(
        self, scope: FeedScope, policy: IdentityPolicy, credential_policy: CredentialPolicy | None = None,
        tokens: TokenPolicy = DEFAULT_TOKENS, configured_apps: Collection[str] = (),
    ) -> None:
        self.configured_apps = configured_apps
        self.clock = scope.clock
        self.policy, self.tokens = policy, tokens
        self.events = scope.events
        self.populations = SqlPopulations(scope.session)
        cipher = FieldEncryption(scope.secrets)
        self._add_sessions(scope)
        self._add_openid(scope)
        self.subjects = SqlSubjects(scope.session, cipher, self.populations, self.session_endings)
        self.moves = SqlMoves(scope.session, cipher)
        self.merges = SqlMerges(scope.session)
        self.subject_history = SqlSubjectHistory(scope.session)
        self.evidence = SqlEvidences(scope.session)
        self.record_evidence = EvidenceRecorder(scope, SERVICE).record_evidence
        self.realms = SqlRealms(scope.session)
        feed = DirectoryFeed(scope.feed)
        self.departments = SqlDepartments(scope.session, feed)
        self.memberships = SqlMemberships(scope.session, feed, self.session_endings)
        self.apps = SqlApps(scope.session, feed, self.session_endings)
        self.history = SqlHistory(scope.session)
        self.credential_policy = credential_policy or CredentialPolicy()
        self.accounts = SqlAccounts(scope.session, scope.secrets)
        self.attempts = SqlAttempts(scope.session, scope.secrets)
        self.challenges = SqlChallenges(scope.session, scope.secrets)
        self.code_sendings = SqlCodeSendings(scope.session, scope.secrets)
        self.credentials = SqlCredentials(scope.session, scope.secrets)
        self.devices = SqlDevices(scope.session, scope.secrets)
        self.guardian_consents = SqlGuardianConsents(scope.session)
        self.keyed_hashes = SecretHashes(scope.secrets)
        self.outdated = (self.attempts, self.challenges, self.code_sendings)
        self._add_mandates(scope)
        self.interactions = SqlInteractions(scope.session, scope.secrets)
        self.browsers = SqlBrowsers(scope.session)
        self._add_privacy(scope)

    def _add_sessions(self, scope: FeedScope) -> None:
        feed = SessionFeed(scope.feed, self.tokens.issuer)
        self.sessions = SqlSessions(scope.session, scope.secrets, self.policy.levels, self.clock, feed)
        self.grants = SqlGrants(scope.session, self.sessions, feed)
        self.refresh_secrets = KeyedRefreshSecrets(scope.secrets)
        self.signing_keys = SqlSigningKeys(scope.session, scope.secrets, feed, self.tokens.issuer)
        self.old_sessions = SqlOldSessions(scope.session, feed)
        self.session_endings = SqlSessionEndings(scope.session, self.sessions, self.grants, self.clock)
        self.sessions_to_end = self.session_endings

    def _add_mandates(self, scope: FeedScope) -> None:
        self.mandates = SqlMandates(scope.session, Names(scope.secrets), MandateFeed(scope.feed))
        self.upstream_sign_ins = SqlSignIns(scope.session, scope.secrets)
        self.upstream_titles: Mapping[str, Bilingual] = {}
        self.upstream_links = SqlLinks(scope.session, scope.secrets)
        self.subject_followers: Sequence[SubjectFollower] = (MandatesOfSubjects(self), LinksOfSubjects(self))

    def _add_privacy(self, scope: FeedScope) -> None:
        self.personal_requests = SqlPersonalRequests(scope.session, scope.secrets)
        self.personal_copies = SqlPersonalCopies(scope.session, scope.secrets)
        self.personal_term = Term()

    def _add_openid(self, scope: FeedScope) -> None:
        signed = SignedTokens(scope.session, self.tokens.issuer)
        self.clients, self.assertions = SqlClients(scope.session), SqlAssertions(scope.session)
        self.authorization_requests = SqlRequests(scope.session, scope.secrets)
        self.codes, self.consents = SqlCodes(scope.session), SqlConsents(scope.session, scope.feed)
        self.id_tokens, self.login_leftovers = SqlIdTokens(signed, self.clock), SqlLeftovers(scope.session)
        self.access_tokens = SqlAccessTokens(signed, self.sessions, self.grants)
        self.pairwise, self.live_mandates = scope.secrets.pairwise_ids, LiveMandates(self)
