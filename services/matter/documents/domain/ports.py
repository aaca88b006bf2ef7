"""Parts of a transaction that use cases of documents need."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.matter.documents.domain.document import Document, DocumentFile


class Documents(Protocol):
    def of_case(self, case_id: str) -> Sequence[Document]:
        """Documents in the order of their issue. The case was opened for the call before."""
        ...

    def find(self, document_id: str) -> Document | None:
        """The caller opens its case before anything of it is told."""
        ...

    def keep_file(self, document: Document, file: DocumentFile) -> bool:
        """Give a document its file; False: another call was faster, and its file stays."""
        ...

    def number_some(self, limit: int) -> int:
        """Give documents their numbers, oldest first; gives how many. Without a gap in a department's year."""
        ...


class HasDocuments(Protocol):
    @property
    def documents(self) -> Documents: ...
