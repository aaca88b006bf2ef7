"""Rows of sessions, grants, refresh tokens and signing keys, from and to the domain."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.identity.sessions.domain.grant import ActsFor, Grant, RefreshToken
from services.identity.sessions.domain.session import Office, Session
from services.identity.sessions.domain.signing_key import RealmKey
from shared_components.kernel.acting import Mandate


def session_row(session: Session, device: bytes | None) -> dict[str, Any]:
    """device: encrypted."""
    office = session.office
    return {
        "session_id": session.session_id, "tenant_id": session.realm_id, "subject_id": session.subject_id,
        "kind": session.kind, "amr": list(session.amr), "auth_time": session.auth_time,
        "proven_level": session.proven_level, "granted_level": session.granted_level,
        "membership_id": office and office.membership_id, "department": office and office.department,
        "roles": office and list(office.roles), "device": device, "opened_at": session.opened_at,
        "used_at": session.used_at, "ends_at": session.ends_at, "idle_s": int(session.idle.total_seconds()),
        "tokens_until": session.tokens_until, "state": session.state, "ended_at": session.ended_at,
        "end_reason": session.end_reason,
    }


def session_of(row: Any, *, level: int, level_until: datetime | None, device: str | None) -> Session:
    """row: of the table, or of a statement that names its columns as they are."""
    office = None if row.membership_id is None else Office(row.membership_id, row.department, tuple(row.roles or ()))
    return Session(
        session_id=row.session_id, realm_id=row.tenant_id, subject_id=row.subject_id, kind=row.kind,
        amr=tuple(row.amr), auth_time=row.auth_time, proven_level=row.proven_level, granted_level=row.granted_level,
        opened_at=row.opened_at, used_at=row.used_at, ends_at=row.ends_at, idle=timedelta(seconds=row.idle_s),
        level=level, level_until=level_until, office=office, device=device, state=row.state, ended_at=row.ended_at,
        end_reason=row.end_reason, tokens_until=row.tokens_until)


def grant_row(grant: Grant) -> dict[str, Any]:
    acts_for = grant.acts_for
    return {
        "grant_id": grant.grant_id, "tenant_id": grant.realm_id, "session_id": grant.session_id,
        "subject_id": grant.subject_id, "app": grant.app, "scopes": list(grant.scopes),
        "mandate_id": acts_for and acts_for.mandate.mandate_id, "principal_id": acts_for and acts_for.principal_id,
        "mandate": acts_for and _mandate_out(acts_for), "created_at": grant.created_at,
        "tokens_until": grant.tokens_until, "state": grant.state, "ended_at": grant.ended_at,
        "end_reason": grant.end_reason,
    }


def grant_of(row: Any) -> Grant:
    return Grant(
        grant_id=row.grant_id, realm_id=row.tenant_id, session_id=row.session_id, subject_id=row.subject_id,
        app=row.app, scopes=tuple(row.scopes), created_at=row.created_at,
        acts_for=None if row.mandate is None else _mandate_in(row.mandate_id, row.principal_id, row.mandate),
        state=row.state, ended_at=row.ended_at, end_reason=row.end_reason, tokens_until=row.tokens_until)


def token_row(token: RefreshToken) -> dict[str, Any]:
    return {
        "token_id": token.token_id, "tenant_id": token.realm_id, "grant_id": token.grant_id,
        "secret_hash": token.secret_hash, "issued_at": token.issued_at, "state": token.state,
        "used_at": token.used_at, "successor_id": token.successor_id, "successor_key": token.successor_key,
    }


def token_of(row: Any) -> RefreshToken:
    return RefreshToken(
        token_id=row.token_id, grant_id=row.grant_id, realm_id=row.tenant_id, secret_hash=row.secret_hash,
        issued_at=row.issued_at, state=row.state, used_at=row.used_at, successor_id=row.successor_id,
        successor_key=row.successor_key)


def key_row(key: RealmKey) -> dict[str, Any]:
    return {
        "kid": key.kid, "tenant_id": key.realm_id, "public": dict(key.public), "private": key.private,
        "created_at": key.created_at, "signs_from": key.signs_from, "state": key.state, "ended_at": key.ended_at,
    }


def key_of(row: Any) -> RealmKey:
    return RealmKey(
        kid=row.kid, realm_id=row.tenant_id, public=row.public, private=row.private, created_at=row.created_at,
        signs_from=row.signs_from, state=row.state, ended_at=row.ended_at)


def _mandate_out(acts_for: ActsFor) -> dict[str, Any]:
    mandate, ends_at = acts_for.mandate, acts_for.ends_at
    return {
        "scopes": sorted(mandate.scopes), "matters": sorted(mandate.matters), "limit_minor": mandate.limit_minor,
        "ends_at": ends_at and ends_at.isoformat(),
    }


def _mandate_in(mandate_id: str, principal_id: str, said: Mapping[str, Any]) -> ActsFor:
    ends_at = said["ends_at"]
    return ActsFor(
        principal_id,
        Mandate(mandate_id, frozenset(said["scopes"]), frozenset(said["matters"]), said["limit_minor"]),
        ends_at and datetime.fromisoformat(ends_at))
