"""Files of jobs in the store of materials."""
from __future__ import annotations

from collections.abc import Iterator

from services.notification.jobs.domain.job import Job
from services.notification.jobs.domain.recipients_file import FileBroken
from shared_components.material_store import MaterialMissing, MaterialStore, opened
from shared_components.security.errors import Undecryptable


class StoredFiles:
    def __init__(self, store: MaterialStore) -> None:
        self._store = store

    def pieces(self, job: Job) -> Iterator[bytes]:
        content_id = job.content_id or ""
        try:
            yield from opened(job.key, content_id, self._store.read(content_id))
        except (MaterialMissing, Undecryptable):
            raise FileBroken("file-missing") from None

    def remove(self, content_id: str) -> None:
        self._store.remove(content_id)
