"""Entrypoints of documents: each calls one use case."""
from __future__ import annotations

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.entrypoints import READ_CASE
from services.matter.cases.schemas import CaseId
from services.matter.cases.usecases.own_case import OneCase
from services.matter.common.callers import APPS
from services.matter.documents import schemas
from services.matter.documents.adapters.contents import SealedContents
from services.matter.documents.adapters.pdf import print_document
from services.matter.documents.adapters.stamp import stamp_by
from services.matter.documents.domain import errors
from services.matter.documents.usecases import make_file, read_documents
from services.matter.documents.usecases.number_documents import number_documents
from services.matter.documents.usecases.views import DocumentsView, DocumentTicketView
from services.matter.materials.domain.errors import MaterialTicketInvalid
from services.matter.materials.entrypoints import TRANSFERRED
from services.matter.materials.schemas import ByTicket, Transfer
from services.matter.materials.usecases import transfer
from services.matter.materials.usecases.views import TransferView
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call


class DocumentEntrypoints:
    """Methods about documents of cases."""

    @rpc_method(request=CaseId, reply=schemas.Documents, callers=APPS, public=True, errors=[CaseNotFound],
        **READ_CASE, zh="查询办件已出具的文书。")
    def list_documents(self, tx: read_documents.ReadDocumentsTx, call: Call[OneCase]) -> DocumentsView:
        """List the documents that the department has issued in a case."""
        return read_documents.list_documents(tx, call.data, call.context)

    @rpc_method(request=schemas.OneDocument, reply=schemas.DocumentTicket, callers=APPS, mutating=True, public=True,
                secret_reply=True, errors=[errors.DocumentNotFound],
        **READ_CASE, zh="申请下载文书（PDF），返回一次性下载路径，两分钟内有效。")
    def request_document(
        self, tx: read_documents.ReadDocumentsTx, call: Call[read_documents.OneDocument],
    ) -> DocumentTicketView:
        """Ask for a path to download a document as PDF, good once and for two minutes."""
        return read_documents.request_document(tx, call.data, call.context)

    @rpc_method(request=ByTicket, reply=Transfer, callers=["gateway"], mutating=True, secret_reply=True,
                own_transactions=True, errors=[
                    MaterialTicketInvalid, errors.DocumentNotFound, errors.DocumentNotNumbered,
                    errors.DocumentNotPrintable, errors.DocumentFontMissing, errors.DocumentSealUnavailable,
                    errors.DocumentSealRefused],
        **TRANSFERRED, zh="网关查验并核销文书下载凭证；首次下载时生成文件。")
    def take_document(self, transactions: Transactions, call: Call[transfer.ByTicket]) -> TransferView:
        """Tell the gateway which document is downloaded by a ticket, once; the first download makes the file."""
        provider = transactions.provider
        return make_file.take_document(transactions, call.data, make_file.Making(
            provider.components_for, print_document, SealedContents(provider.material_store),
            stamp_by(provider.seals)))

    @every(seconds=2)
    def number_documents(self, transactions: Transactions) -> None:
        """Give the documents that were issued their numbers."""
        while number_documents(transactions):
            pass
