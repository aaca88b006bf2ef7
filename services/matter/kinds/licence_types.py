"""References to types of licences, which several kinds name."""
from __future__ import annotations

from typing import Protocol

from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless


class LicenceTypes(Protocol):
    def has_type(self, type_code: str) -> bool: ...


def _find(lookup: Lookup, reference: Reference) -> str | None:
    types: LicenceTypes = lookup.components.licences
    return unknown_unless(types.has_type(reference.name), reference)


LICENCE_TYPE = ReferenceKind("licence type", "one of elicence.list_types", _find)
TYPE_UNKNOWN = "elicence.licence-type-unknown"
