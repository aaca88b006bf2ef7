"""Look at the documents of a case, and ask for one as PDF."""
from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.usecases.own_case import OneCase
from services.matter.documents.domain.document import DOCUMENT
from services.matter.documents.domain.errors import unknown_document
from services.matter.documents.domain.ports import HasDocuments
from services.matter.documents.usecases.views import DocumentsView, DocumentTicketView, document_view
from services.matter.materials.domain.material import DOWNLOAD_FOR, Ticket, digest_of
from services.matter.materials.domain.ports import HasTickets
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.search import searched_tenant

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

DOWNLOADS = "/documents/downloads"


class ReadableCases(Protocol):
    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]: ...


class ReadDocumentsTx(HasClock, HasDocuments, HasTickets, Protocol):
    """The part of a transaction that looking at documents uses."""

    @property
    def cases(self) -> ReadableCases: ...


@dataclass(frozen=True, slots=True)
class OneDocument:
    document_id: str


def list_documents(tx: ReadDocumentsTx, command: OneCase, context: CallContext) -> DocumentsView:
    """Give the documents of a case that the call may see. Raises CaseNotFound."""
    (case,) = tx.cases.read([(context, command.case_id)])
    if isinstance(case, AppError):
        raise case
    return DocumentsView([document_view(one) for one in tx.documents.of_case(case.id)])


def request_document(tx: ReadDocumentsTx, command: OneDocument, context: CallContext) -> DocumentTicketView:
    """Give a ticket by which the PDF is downloaded once, within two minutes. Raises DocumentNotFound."""
    document = tx.documents.find(command.document_id)
    if document is None:
        raise unknown_document(command.document_id)
    (case,) = tx.cases.read([(context, document.case_id)])
    if isinstance(case, AppError):
        raise unknown_document(command.document_id)
    ticket, until = secrets.token_urlsafe(32), tx.clock.now() + DOWNLOAD_FOR
    # A holder reads rows of other departments, and writes none: the ticket is the asking department's.
    tx.material_tickets.add(Ticket(
        digest_of(ticket), searched_tenant(context), document.tenant, document.id, DOCUMENT, until))
    return DocumentTicketView(document.id, f"{DOWNLOADS}/{ticket}", until)
