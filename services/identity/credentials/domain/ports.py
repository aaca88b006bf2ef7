"""Ports of credentials: a transaction has them, and so have the fakes of the tests."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.identity.credentials.domain.attempts import Limit, Rate
from services.identity.credentials.domain.credential import Challenge, Credential
from services.identity.credentials.domain.identifiers import Meant
from services.identity.credentials.domain.policy import CredentialPolicy


class Hasher(Protocol):
    """Password hashes. A hash takes tens of milliseconds, so that it is computed outside of any transaction."""

    def hash(self, password: str) -> str:
        """Raises HashingBusy."""
        ...

    def verify(self, password: str, encoded: str | None) -> bool:
        """None: compare with the hash of nobody's password, which takes as long. Raises HashingBusy."""
        ...

    def is_outdated(self, encoded: str) -> bool:
        """Tell whether a hash was made with weaker parameters than today's."""
        ...


class Accounts(Protocol):
    """Accounts by identifiers. population: the tenant of a realm's population."""

    def find(self, population: str, meant: Meant) -> str | None:
        """The id of the one subject that has it; None for nobody, and for several. A merged one is what it became."""
        ...

    def identifiers(self, population: str, subject_id: str) -> Sequence[str]:
        """The account's username; nothing else is kept in a form that can be read."""
        ...

    def set_username(self, population: str, subject_id: str, name: str) -> None:
        """In place of the one before. Raises UsernameTaken."""
        ...

    def set_contacts(self, population: str, subject_id: str, contacts: Sequence[tuple[str, str]]) -> None:
        """Find the subject by these from now on, and by no earlier ones."""
        ...

    def next_subjects(self, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """Tenant and id of subjects after this id, in the order of ids."""
        ...

    def forget(self, subject_id: str) -> None:
        """Find the subject by nothing any more: the account is erased."""
        ...


class Credentials(Protocol):
    def password(self, subject_id: str | None) -> Credential | None:
        """None without a subject, after the same query."""
        ...

    def of(self, subject_id: str) -> Sequence[Credential]:
        """In the order of their ids."""
        ...

    def lock(self, subject_id: str) -> Sequence[Credential]:
        """As `of`; nobody else adds, changes or removes one before this transaction ends."""
        ...

    def by_lookup(self, population: str, kind: str, value: str) -> Credential | None: ...

    def lookup(self, population: str, kind: str, value: str) -> str:
        """The keyed hash under which `by_lookup` finds a value."""
        ...

    def add(self, credentials: Sequence[Credential]) -> None: ...

    def save(self, credential: Credential) -> None: ...

    def advance(self, credential: Credential, counter: int, at: datetime) -> bool:
        """Use it once for this counter: True when the counter was lower before. Nobody else gets True for it."""
        ...

    def touch(self, credential_id: str, at: datetime) -> None:
        """Note that it was used."""
        ...

    def remove(self, credential_ids: Collection[str]) -> None: ...


class Attempts(Protocol):
    def take(self, population: str, limit: Limit, value: str, at: datetime) -> bool:
        """Take one attempt; False when all are taken. Never more than the limit, however many try at once."""
        ...

    def give_back(self, population: str, limit: Limit, value: str) -> None:
        """Return one attempt that was taken."""
        ...

    def clear(self, population: str, limit: Limit, value: str) -> None: ...

    def wait_s(self, population: str, limit: Limit, value: str, at: datetime) -> int:
        """Seconds until the counter is free, at least 1."""
        ...


class Devices(Protocol):
    def is_known(self, population: str, subject_id: str | None, device: str | None) -> bool: ...

    def remember(self, population: str, subject_id: str, device: str, at: datetime) -> None: ...

    def forget(self, population: str, subject_id: str) -> None:
        """Forget all devices of a person."""
        ...


class Challenges(Protocol):
    def add(self, challenge: Challenge, *, binding: str) -> None: ...

    def get(self, challenge_id: str) -> Challenge | None: ...

    def try_once(self, challenge_id: str, *, binding: str, most: int, at: datetime) -> Challenge | None:
        """Count a try and give the challenge; None when it has ended, is another browser's, or has no try left."""
        ...

    def end(self, challenge_id: str, at: datetime) -> bool:
        """True for the one who ended it."""
        ...


class CodeSendings(Protocol):
    def take(
        self, population: str, kind: str, value: str, rates: Sequence[Rate], at: datetime, *, key: str | None = None,
    ) -> int:
        """Record one code to this number; 0, or the seconds to wait when a rate is used up and nothing was recorded.

        key: the same for a code that was recorded before, which counts once.
        """
        ...


class KeyedHashes(Protocol):
    def of(self, purpose: str, text: str) -> str: ...

    def matches(self, purpose: str, given: str, text: str) -> bool: ...

    def code(self, challenge_id: str, digits: int) -> str:
        """The one-time code of a challenge: it follows from the key, so that nothing has to keep it."""
        ...


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as its device registered it. public: checks its signatures. synced: it may be on several devices."""

    passkey_id: str
    public: str = field(repr=False)
    counter: int
    synced: bool


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    counter: int
    synced: bool


class Passkeys(Protocol):
    """WebAuthn, level 3, without I/O. Options and responses are the JSON of the browsers' own functions."""

    def begin_registration(
        self, *, handle: bytes, name: str, known: Sequence[str],
    ) -> tuple[Mapping[str, Any], str]:
        """Options for `navigator.credentials.create`, and the state to keep. known: `public` of those it has."""
        ...

    def finish_registration(self, state: str, response: Mapping[str, Any]) -> NewPasskey:
        """Raises PasskeyRefused."""
        ...

    def begin_sign_in(self) -> tuple[Mapping[str, Any], str]:
        """Options for `navigator.credentials.get`, for whichever passkey the person chooses, and the state to keep."""
        ...

    def passkey_id_of(self, response: Mapping[str, Any]) -> str:
        """Raises PasskeyRefused."""
        ...

    def finish_sign_in(self, state: str, public: str, response: Mapping[str, Any]) -> ShownPasskey:
        """Raises PasskeyRefused."""
        ...


@dataclass(frozen=True, slots=True)
class GuardianConsent:
    """authority, receipt: who confirmed the guardian, and the number of the answer."""

    consent_id: str
    population: str
    child_id: str
    guardian_id: str
    authority: str
    receipt: str
    given_at: datetime
    state: str = "accepted"
    revoked_at: datetime | None = None


class GuardianConsents(Protocol):
    def has_accepted(self, child_id: str) -> bool: ...

    def add(self, consent: GuardianConsent) -> bool:
        """False when this guardian's consent for the child is there already."""
        ...

    def of_guardian(self, guardian_id: str) -> Sequence[GuardianConsent]:
        """Newest first."""
        ...

    def revoke(self, guardian_id: str, consent_id: str, at: datetime) -> GuardianConsent | None: ...


@dataclass(frozen=True, slots=True)
class Guardianship:
    """A question to an authority: is this person the guardian of that child?"""

    guardian_number: str = field(repr=False)
    child_number: str = field(repr=False)
    child_name: str = field(repr=False)


class GuardianAuthority(Protocol):
    def confirm_guardian(self, asked: Guardianship, *, key: str) -> tuple[str, str]:
        """The authority's name and receipt. Raises EvidenceRefused or AuthorityUnavailable."""
        ...


class CodeSender(Protocol):
    """Sends messages of this topic, in the service's name."""

    def send(
        self, *, tenant: str, address: str, locale: str, template: str, values: Mapping[str, str], key: str,
    ) -> None:
        """key: the same for a repeated message, which is sent once."""
        ...


class HasCredentialPolicy(Protocol):
    @property
    def credential_policy(self) -> CredentialPolicy: ...


class HasAccounts(Protocol):
    @property
    def accounts(self) -> Accounts: ...


class HasCredentials(Protocol):
    @property
    def credentials(self) -> Credentials: ...


class HasAttempts(Protocol):
    @property
    def attempts(self) -> Attempts: ...


class HasDevices(Protocol):
    @property
    def devices(self) -> Devices: ...


class HasChallenges(Protocol):
    @property
    def challenges(self) -> Challenges: ...


class HasCodeSendings(Protocol):
    @property
    def code_sendings(self) -> CodeSendings: ...


class HasKeyedHashes(Protocol):
    @property
    def keyed_hashes(self) -> KeyedHashes: ...


class HasGuardianConsents(Protocol):
    @property
    def guardian_consents(self) -> GuardianConsents: ...
