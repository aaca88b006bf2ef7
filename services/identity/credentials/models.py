"""Tables of credentials. Secrets are sealed with their row's id, or hashed with a key; the tenant is a population's."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime

KINDS = "('password', 'totp', 'passkey', 'recovery-code')"


class CredentialRow(Base):
    """secret: sealed; the password's hash, the TOTP secret, the passkey's public key; null for a recovery code.

    lookup: a keyed hash that finds a passkey by its id, or a recovery code. counter: the last time step of TOTP, the
    signature counter of a passkey; 1 for a recovery code that was used.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        CheckConstraint("state IN ('pending', 'active')", name="state_known"),
        Index("ix_credentials_subject_id_kind", "subject_id", "kind"),
        Index("uq_credentials_lookup", "tenant_id", "lookup", unique=True),
        Index("uq_credentials_password", "subject_id", unique=True, postgresql_where=text("kind = 'password'"),
              sqlite_where=text("kind = 'password'")),
    )
    credential_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(String(64))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    lookup: Mapped[str | None] = mapped_column(String(64))
    counter: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdentifierRow(Base):
    """A username, mobile number or e-mail address by its blind index. sealed: the username, to show it to its owner."""

    __tablename__ = "sign_in_identifiers"
    __table_args__ = (
        CheckConstraint("kind IN ('username', 'mobile', 'email')", name="kind_known"),
        Index("ix_sign_in_identifiers_subject_id", "subject_id"),
        Index("uq_sign_in_identifiers_username", "tenant_id", "value_index", unique=True,
              postgresql_where=text("kind = 'username'"), sqlite_where=text("kind = 'username'")),
    )
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    value_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class AttemptsRow(Base):
    """Attempts that count against a limit. key: a keyed hash of what is counted; taken: since it was last free."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_last_at", "last_at"),)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    taken: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeviceRow(Base):
    """A device with which a person has signed in, by a keyed hash of its secret."""

    __tablename__ = "known_devices"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChallengeRow(Base):
    """A question that one browser or session may answer, once.

    subject_id: null where nobody has the identifier. binding: a keyed hash of the interaction or session.
    secret: a keyed hash of the code, or the sealed state of a passkey's challenge.
    """

    __tablename__ = "sign_in_challenges"
    __table_args__ = (Index("ix_sign_in_challenges_expires_at", "expires_at"),)
    challenge_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    binding: Mapped[str] = mapped_column(String(64))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    method: Mapped[str | None] = mapped_column(String(16))
    tries: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CodeSendingRow(Base):
    """One code that was sent, for the limits. target: a keyed hash of the identifier, or of the contact."""

    __tablename__ = "code_sendings"
    __table_args__ = (Index("ix_code_sendings_target_at", "tenant_id", "target", "at"),)
    sending_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class GuardianConsentRow(Base):
    """A guardian's consent that a child under 14 has an account. authority, receipt: who confirmed the guardian."""

    __tablename__ = "guardian_consents"
    __table_args__ = (
        CheckConstraint("state IN ('accepted', 'revoked')", name="state_known"),
        Index("ix_guardian_consents_child_id", "child_id"),
        Index("ix_guardian_consents_guardian_id", "guardian_id"),
        Index("uq_guardian_consents_accepted", "child_id", "guardian_id", unique=True,
              postgresql_where=text("state = 'accepted'"), sqlite_where=text("state = 'accepted'")),
    )
    consent_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    child_id: Mapped[str] = mapped_column(String(64))
    guardian_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    authority: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(128))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
