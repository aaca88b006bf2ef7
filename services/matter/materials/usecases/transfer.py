"""The gateway's part: what a ticket allows, and what came of it."""
from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from services.matter.cases.domain.ports import HasCasesOfWork
from services.matter.materials.domain.errors import (
    MaterialSizeDiffers,
    MaterialTypeRefused,
    invalid_ticket,
    unknown_material,
)
from services.matter.materials.domain.material import (
    AWAITED,
    DOWNLOAD,
    GIVEN,
    STATE,
    UPLOAD,
    Material,
    Ticket,
    digest_of,
)
from services.matter.materials.domain.ports import HasMaterials, HasTickets
from services.matter.materials.usecases.request_upload import require_changeable
from services.matter.materials.usecases.views import MaterialView, TransferView, material_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock


class TransferTx(HasCasesOfWork, HasClock, HasMaterials, HasTickets, Protocol):
    """The part of a transaction that a transfer uses."""


class TransferTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[TransferTx]:
        """tenant: None to look over all tenants."""
        ...


@dataclass(frozen=True, slots=True)
class ByTicket:
    ticket: str


@dataclass(frozen=True, slots=True)
class FinishUpload:
    """size, media_type, sha256: of the content as it was received."""

    ticket: str
    size: int
    media_type: str
    sha256: str


def open_upload(transactions: TransferTransactions, command: ByTicket) -> TransferView:
    """Tell what may be uploaded; the ticket stays until the upload is finished. Raises MaterialTicketInvalid."""
    ticket = ticket_of(transactions, command.ticket, UPLOAD)
    with transactions.begin(ticket.owner) as tx:
        return _transfer(_awaited(tx, ticket))


def finish_upload(transactions: TransferTransactions, command: FinishUpload) -> MaterialView:
    """Take the file for given, by its hash. The case may have been submitted since the ticket was given.

    Raises MaterialTicketInvalid, MaterialsNotChangeable, MaterialSizeDiffers, MaterialTypeRefused, MaterialNotFound.
    """
    ticket = ticket_of(transactions, command.ticket, UPLOAD)
    with transactions.begin(ticket.owner) as tx:
        # The case first, as in all commands about it; the file is then read as it is.
        require_changeable(tx.cases.lock_for_work(ticket.owner, _awaited(tx, ticket).case_id))
        material = _awaited(tx, ticket)
        if command.size != material.size:
            raise MaterialSizeDiffers(Bilingual(
                f"file has {command.size} bytes; {material.size} were announced and are allowed",
                f"文件为 {command.size} 字节；只允许声明的 {material.size} 字节"))
        if command.media_type != material.media_type:
            raise MaterialTypeRefused(Bilingual(
                f"file is {command.media_type!r} by its content; {material.media_type!r} was announced and is allowed",
                f"按内容识别，文件类型为“{command.media_type}”；只允许声明的“{material.media_type}”"))
        if not tx.material_tickets.use(ticket.digest):
            raise invalid_ticket()
        STATE.move(material.state, GIVEN)
        given = replace(material, state=GIVEN, sha256=command.sha256, given_at=tx.clock.now())
        tx.materials.save(given)
        return material_view(given)


def take_download(transactions: TransferTransactions, command: ByTicket) -> TransferView:
    """Tell what is to be given, once. Raises MaterialTicketInvalid, MaterialNotFound."""
    ticket = ticket_of(transactions, command.ticket, DOWNLOAD)
    with transactions.begin(ticket.owner) as tx:
        material = _material(tx, ticket)
        if material.state != GIVEN or not tx.material_tickets.use(ticket.digest):
            raise invalid_ticket()
        return _transfer(material)


class HasClockAndTickets(HasClock, HasTickets, Protocol):
    """The part of a transaction that looking up a ticket uses."""


class TicketTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[HasClockAndTickets]: ...


def ticket_of(transactions: TicketTransactions, text: str, purpose: str) -> Ticket:
    """Look a ticket up, over all tenants. Raises MaterialTicketInvalid."""
    with transactions.begin() as tx:
        found = tx.material_tickets.find(digest_of(text))
        if found is None or found.purpose != purpose or found.until <= tx.clock.now():
            raise invalid_ticket()
        return found


def _material(tx: HasMaterials, ticket: Ticket) -> Material:
    found = tx.materials.find(ticket.material_id)
    if found is None:
        raise unknown_material(ticket.material_id)
    return found


def _awaited(tx: HasMaterials, ticket: Ticket) -> Material:
    """Give the ticket's file while it is awaited.

    Raises MaterialNotFound, and MaterialTicketInvalid for a file that was removed since.
    """
    material = _material(tx, ticket)
    if material.state != AWAITED:
        raise invalid_ticket()
    return material


def _transfer(material: Material) -> TransferView:
    return TransferView(
        material.id, material.content_id, [material.media_type], material.size, material.file_name,
        material.key.hex())
