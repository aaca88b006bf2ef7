"""How many cases an applicant may have open for one matter and object: one, unless the definition allows more."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from services.matter.cases.domain.errors import CaseAlreadyOpen
from services.matter.definitions.domain.model import Definition
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class Place(NamedTuple):
    """The part that the open cases of one applicant, matter and object have in common. object_key: see Case."""

    tenant: str
    matter_code: str
    applicant: str
    object_key: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """case_id: None where the call may not see the case; it takes a slot all the same."""

    case_id: str | None
    open_slot: int


class OpenCases(Protocol):
    def open_at(self, asked: Sequence[tuple[CallContext, Place]]) -> list[Sequence[OpenCase]]:
        """For each call the cases of its place that are open after their submission, newest first."""
        ...


class ObjectKey(Protocol):
    def __call__(self, tenant: str, kind: str, value: str) -> str:
        """A keyed hash by which equal objects are found; at most 64 characters."""
        ...


class HasObjectKey(Protocol):
    @property
    def object_key(self) -> ObjectKey: ...


def place_of(
    tx: HasObjectKey, definition: Definition, *, tenant: str, applicant: str, form: Mapping[str, Any],
) -> Place:
    return Place(tenant, definition.matter_code, applicant, _object_key(tx, definition, tenant, form))


def free_slot(definition: Definition, opened: Sequence[OpenCase]) -> int:
    """Give a free slot for one more open case. Raises CaseAlreadyOpen.

    Of two that find the same slot free at once, the database's unique index lets one commit. The bus then tries the
    other again, which finds no room.
    """
    most = definition.open_cases.most
    if len(opened) >= most:
        raise _too_many(opened, definition.matter_code, most)
    taken = {case.open_slot for case in opened}
    return next(slot for slot in range(1, most + 1 + len(taken)) if slot not in taken)


def _too_many(opened: Sequence[OpenCase], matter_code: str, most: int) -> CaseAlreadyOpen:
    ids = [case.case_id for case in opened if case.case_id is not None]
    newest = (f", the newest is {ids[0]}", f"，最新一件为 {ids[0]}") if ids else ("", "")
    return CaseAlreadyOpen(Bilingual(
        f"applicant has {len(opened)} open case(s) of matter {matter_code!r}{newest[0]}; "
        f"only {most} at a time is allowed",
        f"申请人已有 {len(opened)} 件事项 {matter_code} 的在办件{newest[1]}；"
        f"同时最多允许 {most} 件"),
        details={"case_id": ids[0] if ids else None, "case_ids": ids, "most": most},
    )


def _object_key(tx: HasObjectKey, definition: Definition, tenant: str, form: Mapping[str, Any]) -> str:
    field = definition.open_cases.object_field
    value = form.get(field) if field is not None else None
    # What people type differs in blanks and case, and means one vehicle or flat.
    return "" if value is None else tx.object_key(tenant, f"case-object:{field}", "".join(str(value).split()).upper())
