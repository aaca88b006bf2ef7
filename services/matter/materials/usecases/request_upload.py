"""Ask for leave to upload a file of a case; the gateway receives it by stream."""
from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.ports import HasLockedCases
from services.matter.cases.domain.supplement import Supplement
from services.matter.definitions.domain.materials import MaterialRule
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.ports import HasDefinitionVersions
from services.matter.materials.domain.errors import (
    MaterialsNotChangeable,
    MaterialsTooMany,
    MaterialTypeRefused,
    MaterialUnknown,
)
from services.matter.materials.domain.material import AWAITED, UPLOAD, UPLOAD_FOR, Material, Ticket, digest_of
from services.matter.materials.domain.ports import HasMaterials, HasTickets
from services.matter.materials.usecases.views import TicketView
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

UPLOADS = "/materials/uploads"
KEY_BYTES = 32


class RequestUploadTx(HasClock, HasDefinitionVersions, HasLockedCases, HasMaterials, HasTickets, Protocol):
    """The part of a transaction that asking for an upload uses."""


@dataclass(frozen=True, slots=True)
class RequestUpload:
    """size: in bytes, as the file has it. file_name: as the applicant calls it, at most 200 characters."""

    case_id: str
    material: str
    media_type: str
    size: int
    file_name: str | None = field(default=None, repr=False)


def request_upload(tx: RequestUploadTx, command: RequestUpload, context: CallContext) -> TicketView:
    """Give a ticket for ten minutes, for one file of this size and type.

    Raises CaseNotFound, MaterialsNotChangeable, MaterialUnknown, MaterialTypeRefused, MaterialsTooMany.
    """
    case, now = tx.cases.lock(context, command.case_id), tx.clock.now()
    require_changeable(case)
    rule = rule_of(tx.definitions.version(case.tenant, case.matter_code, case.version), command.material)
    if command.media_type not in rule.types:
        raise MaterialTypeRefused(Bilingual(
            f"media_type is {command.media_type!r}; {', '.join(rule.types)} are allowed",
            f"media_type 为“{command.media_type}”；允许{listed_zh(rule.types)}"))
    require_room(tx, case, rule, now)
    material_id, ticket, until = new_id("mat"), secrets.token_urlsafe(32), now + UPLOAD_FOR
    tx.materials.add(Material(
        material_id, material_id, case.tenant, case.id, rule.name, AWAITED, command.media_type, command.size, None,
        os.urandom(KEY_BYTES), command.file_name, now))
    tx.material_tickets.add(Ticket(digest_of(ticket), case.tenant, case.tenant, material_id, UPLOAD, until))
    return TicketView(material_id, f"{UPLOADS}/{ticket}", until)


def require_changeable(case: Case) -> None:
    """Files change in a draft, and while a supplement is awaited. Raises MaterialsNotChangeable."""
    supplement = Supplement.of(case)
    awaited = case.state == states.RUNNING and supplement is not None and supplement.is_awaited
    if case.state != states.DRAFT and not awaited:
        raise MaterialsNotChangeable(Bilingual(
            f"case {case.id} is {case.state!r}; files change in a 'draft' and while a supplement is awaited",
            f"办件 {case.id} 的状态为“{case.state}”；只有草稿（draft）和待补正期间可以更改材料"))


def rule_of(definition: Definition, name: str) -> MaterialRule:
    """Raises MaterialUnknown."""
    found = next((rule for rule in definition.materials if rule.name == name), None)
    if found is None:
        known = [rule.name for rule in definition.materials]
        raise MaterialUnknown(Bilingual(
            f"matter {definition.matter_code!r} asks for no material {name[:40]!r}; it asks for "
            f"{', '.join(known) or 'none'}",
            f"事项 {definition.matter_code} 不需要材料“{name[:40]}”；所需材料：{listed_zh(known) or '无'}"))
    return found


def require_room(tx: RequestUploadTx, case: Case, rule: MaterialRule, now: datetime) -> None:
    """Count what was given and what is being uploaded. Raises MaterialsTooMany."""
    there = [one for one in tx.materials.of_case(case.id) if one.name == rule.name and _counts(one, now)]
    if len(there) >= rule.most:
        raise MaterialsTooMany(Bilingual(
            f"case {case.id} has {len(there)} file(s) of material {rule.name!r}; {rule.most} are allowed, "
            "remove_material makes room",
            f"办件 {case.id} 的材料“{rule.name}”已有 {len(there)} 个文件；最多 {rule.most} 个，可先 remove_material"))


def _counts(material: Material, now: datetime) -> bool:
    """An upload that was begun and not finished in time makes room by itself."""
    return material.state != AWAITED or material.created_at + UPLOAD_FOR > now
