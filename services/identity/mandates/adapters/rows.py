"""Rows of mandates, from and to the domain."""
from __future__ import annotations

from typing import Any

from services.identity.mandates.domain.mandate import Change, Mandate, Terms
from services.identity.mandates.models import MandateChangeRow
from shared_components.security import Secrets


class Names:
    """Encryption of the names, each bound to its mandate, and the keyed hash of a person."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal(self, mandate_id: str, field: str, text: str) -> bytes:
        return self._secrets.fields.encrypt(text, aad=f"{mandate_id}/{field}")

    def open(self, mandate_id: str, field: str, data: bytes) -> str:
        return self._secrets.fields.decrypt(data, aad=f"{mandate_id}/{field}")

    def key_of(self, population: str, id_type: str, id_number: str, name: str) -> str:
        """The blind index of document and name together: one alone finds nobody."""
        return self._secrets.blind_index(population, f"agent:{id_type}", f"{id_number}\n{name}")


def mandate_row(mandate: Mandate, names: Names) -> dict[str, Any]:
    terms = mandate.terms
    return {
        "mandate_id": mandate.mandate_id, "tenant_id": mandate.population, "kind": mandate.kind,
        "principal_id": mandate.principal_id, "agent_id": mandate.agent_id, "agent_key": mandate.agent_key,
        "scopes": sorted(terms.scopes), "matters": sorted(terms.matters), "limit_minor": terms.limit_minor,
        "valid_from": terms.valid_from, "valid_until": terms.valid_until, "appointed_by": mandate.appointed_by,
        "principal_name": names.seal(mandate.mandate_id, "principal", mandate.principal_name),
        "agent_name": names.seal(mandate.mandate_id, "agent", mandate.agent_name), "state": mandate.state,
        "revision": mandate.revision, "successor_id": mandate.successor_id, "created_at": mandate.created_at,
    }


def mandate_of(row: Any, names: Names) -> Mandate:
    terms = Terms(frozenset(row.scopes), row.valid_from, frozenset(row.matters), row.limit_minor, row.valid_until)
    return Mandate(
        mandate_id=row.mandate_id, population=row.tenant_id, kind=row.kind, principal_id=row.principal_id,
        agent_id=row.agent_id, agent_key=row.agent_key, terms=terms, appointed_by=row.appointed_by,
        created_at=row.created_at, principal_name=names.open(row.mandate_id, "principal", row.principal_name),
        agent_name=names.open(row.mandate_id, "agent", row.agent_name), state=row.state, revision=row.revision,
        successor_id=row.successor_id)


def change_row(change: Change) -> dict[str, Any]:
    return {
        "mandate_id": change.mandate_id, "revision": change.revision, "tenant_id": change.population,
        "what": change.what, "facts": dict(change.facts), "actor": change.actor, "at": change.at,
    }


def change_of(row: MandateChangeRow) -> Change:
    return Change(row.mandate_id, row.revision, row.tenant_id, row.what, row.actor, row.at, row.facts)
