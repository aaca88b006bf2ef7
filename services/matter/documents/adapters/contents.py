"""Files of documents in the material store."""
from __future__ import annotations

from shared_components.material_store import MaterialStore, Sealer


class SealedContents:
    def __init__(self, store: MaterialStore) -> None:
        self._store = store

    def put(self, content_id: str, key: bytes, content: bytes) -> None:
        sealer = Sealer(key, content_id)
        with self._store.writing(content_id) as writer:
            writer.write(sealer.seal(content))
            writer.write(sealer.finish())

    def remove(self, content_id: str) -> None:
        self._store.remove(content_id)
