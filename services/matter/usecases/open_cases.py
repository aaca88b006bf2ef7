"""How many cases an applicant may have open for one matter and object: one, unless the definition allows more."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.domain.case import Case
from services.matter.domain.definition import Definition
from services.matter.domain.errors import CaseAlreadyOpen
from services.matter.domain.ports import MatterTransaction


def require_room(
    tx: MatterTransaction, definition: Definition, *, tenant: str, applicant: str, form: Mapping[str, Any]
) -> tuple[str, int]:
    """The object's key and a free slot for one more open case. Raises CaseAlreadyOpen.

    Of two that find the same slot free at once, the database's unique index lets one commit. The bus then tries the
    other again, which finds no room.
    """
    key = _object_key(tx, definition, tenant, form)
    opened = tx.cases.open_of(tenant, definition.matter_code, applicant, key)
    most = definition.open_cases.most
    if len(opened) >= most:
        ids = [case.case_id for case in opened]
        raise CaseAlreadyOpen(
            f"applicant has {len(ids)} open case(s) of matter {definition.matter_code!r}, the newest is {ids[0]}; "
            f"only {most} at a time is allowed",
            details={"case_id": ids[0], "case_ids": ids, "most": most},
        )
    taken = {case.open_slot for case in opened}
    return key, next(slot for slot in range(1, most + 1 + len(taken)) if slot not in taken)


def take_slot(tx: MatterTransaction, definition: Definition, case: Case) -> None:
    """Count a case among the open ones, at its submission. Raises CaseAlreadyOpen."""
    case.object_key, case.open_slot = require_room(
        tx, definition, tenant=case.tenant, applicant=case.applicant_subject, form=case.form
    )


def _object_key(tx: MatterTransaction, definition: Definition, tenant: str, form: Mapping[str, Any]) -> str:
    field = definition.open_cases.object_field
    value = form.get(field) if field is not None else None
    # What people type differs in blanks and case, and means one vehicle or flat.
    return "" if value is None else tx.object_key(tenant, f"case-object:{field}", "".join(str(value).split()).upper())
