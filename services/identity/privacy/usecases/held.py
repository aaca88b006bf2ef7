"""Gather what identity holds of a person, for the person."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.privacy.domain.request import PersonalRequest
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from services.identity.subjects.domain.errors import SubjectNotFound
from services.identity.subjects.domain.subject import Subject

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

FORM = "zhongtai.personal-information.v1"
MOST = 1000
"""Entries of one kind; beyond it the copy says that there are more."""


def held_of(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> dict[str, Any]:
    """All of it by kind, unmasked; no secret of a sign-in method, and nothing of other persons but shown names."""
    subject = tx.subjects.get(context.tenant, request.subject_id)
    if subject is None:
        raise SubjectNotFound
    parts = {
        "evidence": _evidence(tx, subject), "history": _history(tx, subject), "mandates": _mandates(tx, subject),
        "sign_in_methods": _sign_in_methods(tx, subject), "other_providers": _links(tx, subject),
        "sessions": _sessions(tx, subject), "consents": _consents(tx, request),
        "requests": [{"request_id": each.request_id, "kind": each.kind, "state": each.state,
                      "submitted_at": each.submitted_at} for each in tx.personal_requests.of(subject.subject_id)],
    }
    return {
        "form": FORM, "request_id": request.request_id, "made_at": tx.clock.now(), "subject": _subject(subject),
        **{name: items[:MOST] for name, items in parts.items()},
        "left_out": sorted(name for name, items in parts.items() if len(items) > MOST),
    }


def _subject(it: Subject) -> dict[str, Any]:
    return {
        "subject_id": it.subject_id, "kind": it.kind, "name": it.name, "id_type": it.id_type,
        "id_number": it.id_number, "mobile": it.mobile, "email": it.email, "locale": it.locale, "state": it.state,
        "created_at": it.created_at, "registered_by": it.registered_by,
    }


def _evidence(tx: PrivacyTx, it: Subject) -> list[dict[str, Any]]:
    return [{"kind": each.kind, "authority": each.authority, "receipt": each.receipt,
             "obtained_at": each.obtained_at, "ends_at": each.ends_at, "brought_by": each.brought_by}
            for each in tx.evidence.page(it.subject_id, before=None, limit=MOST + 1)]


def _history(tx: PrivacyTx, it: Subject) -> list[dict[str, Any]]:
    return [{"what": change.what, "at": change.at, "by": change.actor, "facts": dict(change.facts)}
            for _, change in tx.subject_history.page(it.subject_id, before=None, limit=MOST + 1)]


def _mandates(tx: PrivacyTx, it: Subject) -> list[dict[str, Any]]:
    return [{"mandate_id": each.mandate_id, "kind": each.kind, "state": each.state,
             "given": each.principal_id == it.subject_id, "principal": each.principal_name, "agent": each.agent_name,
             "scopes": sorted(each.terms.scopes), "valid_from": each.terms.valid_from,
             "valid_until": each.terms.valid_until, "created_at": each.created_at}
            for each in tx.mandates.all_of(it.subject_id, limit=MOST + 1)]


def _sign_in_methods(tx: PrivacyTx, it: Subject) -> list[dict[str, Any]]:
    return [{"kind": each.kind, "name": each.name, "created_at": each.created_at, "used_at": each.used_at}
            for each in tx.credentials.of(it.subject_id)]


def _sessions(tx: PrivacyTx, it: Subject) -> list[dict[str, Any]]:
    found = tx.sessions.page(it.subject_id, before=None, limit=MOST + 1, at=tx.clock.now())
    return [{"kind": each.kind, "device": each.device, "amr": list(each.amr), "opened_at": each.opened_at,
             "used_at": each.used_at, "ends_at": each.ends_at} for each in found]


def _consents(tx: PrivacyTx, request: PersonalRequest) -> list[dict[str, Any]]:
    found = tx.consents.page(request.population, request.subject_id, after=None, limit=MOST + 1)
    return [{"app": each.client_id, "scope": each.scope, "given_at": each.given_at} for each in found]


def _links(tx: PrivacyTx, it: Subject) -> list[dict[str, Any]]:
    return [{"provider": each.provider, "created_at": each.created_at, "last_used_at": each.last_used_at}
            for each in tx.upstream_links.of(it.subject_id)]
