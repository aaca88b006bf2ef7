"""References to types of licences, which several kinds name."""
from __future__ import annotations

from typing import Protocol

from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless
from shared_components.kernel.bilingual import Bilingual


class LicenceTypes(Protocol):
    def has_type(self, type_code: str) -> bool: ...


def _find(lookup: Lookup, reference: Reference) -> Bilingual | None:
    types: LicenceTypes = lookup.components.licences
    return unknown_unless(types.has_type(reference.name), reference)


LICENCE_TYPE = ReferenceKind(
    Bilingual("licence type", "证照类型"),
    Bilingual("one of elicence.list_types", "elicence.list_types 列出的证照类型"), _find)
TYPE_UNKNOWN = "elicence.licence-type-unknown"
