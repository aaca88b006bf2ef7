"""Give the PDF of a document to whoever has a ticket; the first one has it made, and it then stays as it is."""
from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.ports import HasCasesOfWork
from services.matter.cases.usecases.work import HasIdentity
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.ports import HasDefinitionVersions
from services.matter.documents.domain.document import DOCUMENT, MEDIA_TYPE, Document, DocumentFile
from services.matter.documents.domain.errors import DocumentNotNumbered, unknown_document
from services.matter.documents.domain.ports import HasDocuments
from services.matter.materials.domain.errors import invalid_ticket
from services.matter.materials.domain.ports import HasTickets
from services.matter.materials.usecases.transfer import ByTicket, ticket_of
from services.matter.materials.usecases.views import TransferView
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

KEY_BYTES = 32
NUMBERED_WITHIN_S = 2


@dataclass(frozen=True, slots=True)
class Print:
    """A document with what stands on its file beside it. addressee: the applicant's name. sealed: a seal follows."""

    document: Document
    definition: Definition
    addressee: str
    sealed: bool = False


class Printer(Protocol):
    def __call__(self, wanted: Print) -> bytes:
        """Give the document as a PDF. Raises DocumentNotPrintable, DocumentFontMissing."""
        ...


class Stamp(Protocol):
    def __call__(self, wanted: Print, content: bytes, at: datetime) -> bytes:
        """Give the PDF with the department's seal. Raises DocumentSealUnavailable, DocumentSealRefused."""
        ...


class Contents(Protocol):
    def put(self, content_id: str, key: bytes, content: bytes) -> None:
        """Keep a content, encrypted under the key."""
        ...

    def remove(self, content_id: str) -> None: ...


class MakeFileTx(HasCasesOfWork, HasClock, HasDefinitionVersions, HasDocuments, HasTickets, Protocol):
    """The part of a transaction that giving a document uses."""


class MakeFileTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[MakeFileTx]:
        """tenant: None to look over all tenants."""
        ...


@dataclass(frozen=True, slots=True)
class Making:
    """The parts that make a file. components_for: of a tenant. stamp: None where no seal service is set up."""

    components_for: Callable[[str], HasIdentity]
    printed: Printer
    contents: Contents
    stamp: Stamp | None = None


def take_document(transactions: MakeFileTransactions, command: ByTicket, making: Making) -> TransferView:
    """Tell the gateway what is to be given, once.

    Raises MaterialTicketInvalid, DocumentNotFound, DocumentNotNumbered, DocumentNotPrintable, DocumentFontMissing,
    DocumentSealUnavailable, DocumentSealRefused.
    """
    ticket = ticket_of(transactions, command.ticket, DOCUMENT)
    with transactions.begin(ticket.owner) as tx:
        document = _document(tx, ticket.material_id)
        case = tx.cases.lock_for_work(ticket.owner, document.case_id)
        definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
        now = tx.clock.now()
    if document.file is None:
        _keep(transactions, document, _made(document, case, definition, now, making), making)
    with transactions.begin(ticket.owner) as tx:
        if not tx.material_tickets.use(ticket.digest):
            raise invalid_ticket()
        return _transfer(_document(tx, ticket.material_id))


def _keep(transactions: MakeFileTransactions, document: Document, made: DocumentFile, making: Making) -> None:
    with transactions.begin(document.tenant) as tx:
        kept = tx.documents.keep_file(document, made)
    if not kept:
        making.contents.remove(made.content_id)


def _document(tx: HasDocuments, document_id: str) -> Document:
    found = tx.documents.find(document_id)
    if found is None:
        raise unknown_document(document_id)
    return found


def _made(document: Document, case: Case, definition: Definition, now: datetime, making: Making) -> DocumentFile:
    """Print and seal the document; outside of any transaction."""
    if document.number is None:
        raise DocumentNotNumbered(Bilingual(
            f"document {document.id} is not numbered yet; it is within {NUMBERED_WITHIN_S} s",
            f"文书 {document.id} 尚未编号；约 {NUMBERED_WITHIN_S} 秒内完成"),
            details={"retry_after_s": NUMBERED_WITHIN_S})
    wanted = Print(document, definition, _addressee(case, definition, making), making.stamp is not None)
    content = making.printed(wanted)
    if making.stamp is not None:
        content = making.stamp(wanted, content, now)
    file = DocumentFile(
        new_id("doc"), len(content), hashlib.sha256(content).hexdigest(), os.urandom(KEY_BYTES), wanted.sealed)
    making.contents.put(file.content_id, file.key, content)
    return file


def _addressee(case: Case, definition: Definition, making: Making) -> str:
    """The applicant's name, as the case keeps it while it is open, else as identity gives it now."""
    if case.applicant is not None:
        return str(case.applicant["name"])
    identity = making.components_for(case.tenant).identity
    return str(identity.subject_for_case(case.applicant_subject, f"{definition.item_code} {case.id}")["name"])


def _transfer(document: Document) -> TransferView:
    if document.file is None:
        raise unknown_document(document.id)
    file = document.file
    return TransferView(document.id, file.content_id, [MEDIA_TYPE], file.size, None, file.key.hex())
