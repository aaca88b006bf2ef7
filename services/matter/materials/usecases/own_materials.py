"""Look at the files of a case, ask for one, remove one, and give one again for another case."""
from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.usecases.own_case import OneCase
from services.matter.materials.domain.errors import MaterialTypeRefused, unknown_material
from services.matter.materials.domain.material import (
    DOWNLOAD,
    DOWNLOAD_FOR,
    GIVEN,
    REMOVED,
    STATE,
    Material,
    Ticket,
    digest_of,
)
from services.matter.materials.domain.ports import HasMaterials, HasTickets
from services.matter.materials.usecases.request_upload import (
    RequestUploadTx,
    require_changeable,
    require_room,
    rule_of,
)
from services.matter.materials.usecases.views import MaterialsView, MaterialView, TicketView, material_view
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.search import searched_tenant

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

DOWNLOADS = "/materials/downloads"


class ReadableCases(Protocol):
    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]: ...


class ReadMaterialsTx(HasClock, HasMaterials, HasTickets, Protocol):
    """The part of a transaction that looking at files uses."""

    @property
    def cases(self) -> ReadableCases: ...


@dataclass(frozen=True, slots=True)
class OneMaterial:
    material_id: str


@dataclass(frozen=True, slots=True)
class ReuseMaterial:
    """material_id: a file that the applicant gave for another case of the own. material: what it stands for here."""

    case_id: str
    material: str
    material_id: str


def list_materials(tx: ReadMaterialsTx, command: OneCase, context: CallContext) -> MaterialsView:
    """Give the files of a case that the call may see. Raises CaseNotFound."""
    (case,) = tx.cases.read([(context, command.case_id)])
    if isinstance(case, AppError):
        raise case
    return MaterialsView([material_view(one) for one in tx.materials.of_case(case.id)])


def request_download(tx: ReadMaterialsTx, command: OneMaterial, context: CallContext) -> TicketView:
    """Give a ticket by which the file is downloaded once, within two minutes. Raises MaterialNotFound."""
    material = tx.materials.find(command.material_id)
    if material is None or material.state != GIVEN or not _is_seen(tx, material, context):
        raise unknown_material(command.material_id)
    ticket, until = secrets.token_urlsafe(32), tx.clock.now() + DOWNLOAD_FOR
    # A holder reads rows of other departments, and writes none: the ticket is the asking department's.
    tx.material_tickets.add(Ticket(
        digest_of(ticket), searched_tenant(context), material.tenant, material.id, DOWNLOAD, until))
    return TicketView(material.id, f"{DOWNLOADS}/{ticket}", until)


def remove_material(tx: RequestUploadTx, command: OneMaterial, context: CallContext) -> MaterialView:
    """Remove a file while the case may still change. Raises MaterialNotFound, MaterialsNotChangeable."""
    material = tx.materials.find(command.material_id)
    if material is None or material.state == REMOVED:
        raise unknown_material(command.material_id)
    try:
        case = tx.cases.lock(context, material.case_id)
    except AppError:
        raise unknown_material(command.material_id) from None
    # Again, now that the case is locked: an upload may have ended meanwhile, with the hash that is kept below.
    material = tx.materials.find(command.material_id)
    if material is None or material.state == REMOVED:
        raise unknown_material(command.material_id)
    require_changeable(case)
    STATE.move(material.state, REMOVED)
    removed = replace(material, state=REMOVED)
    tx.materials.save(removed)
    return material_view(removed)


def reuse_material(tx: RequestUploadTx, command: ReuseMaterial, context: CallContext) -> MaterialView:
    """Give a file again (免重复提交): the applicant's own, of another case of the same department.

    Raises CaseNotFound, MaterialNotFound, MaterialsNotChangeable, MaterialUnknown, MaterialTypeRefused,
    MaterialsTooMany.
    """
    case, now = tx.cases.lock(context, command.case_id), tx.clock.now()
    require_changeable(case)
    rule = rule_of(tx.definitions.version(case.tenant, case.matter_code, case.version), command.material)
    found = tx.materials.find(command.material_id)
    if found is None or not _is_same_applicant(tx, found, case, context):
        raise unknown_material(command.material_id)
    # Again, now that its case is locked: it may have been removed, and its content be purged, before.
    found = tx.materials.find(command.material_id)
    if found is None or found.state != GIVEN:
        raise unknown_material(command.material_id)
    if found.media_type not in rule.types:
        raise MaterialTypeRefused(Bilingual(
            f"file is {found.media_type!r}; {', '.join(rule.types)} are allowed",
            f"文件类型为“{found.media_type}”；允许{listed_zh(rule.types)}"))
    require_room(tx, case, rule, now)
    again = replace(
        found, id=new_id("mat"), case_id=case.id, name=rule.name, created_at=now, given_at=now)
    tx.materials.add(again)
    return material_view(again)


def _is_seen(tx: ReadMaterialsTx, material: Material, context: CallContext) -> bool:
    (case,) = tx.cases.read([(context, material.case_id)])
    return not isinstance(case, AppError)


def _is_same_applicant(tx: RequestUploadTx, material: Material, case: Case, context: CallContext) -> bool:
    """The other case opens for this call, and is of the same applicant and department."""
    try:
        other = tx.cases.lock(context, material.case_id)
    except AppError:
        return False
    return (other.tenant, other.applicant_subject) == (case.tenant, case.applicant_subject)
