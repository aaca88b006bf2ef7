"""A store of materials in one SQLite file, as a supplier would write it against the port."""
from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from shared_components.kernel.bilingual import Bilingual
from shared_components.material_store import MaterialExists, MaterialMissing

ID = re.compile(r"[a-z0-9_-]{1,64}")


class Pieces:
    """The pieces of a content that is being written."""

    def __init__(self) -> None:
        self.all: list[bytes] = []

    def write(self, piece: bytes) -> None:
        self.all.append(bytes(piece))


class SqliteStore:
    def __init__(self, file: Path) -> None:
        self._file = file
        with self._transaction() as database:
            database.execute("CREATE TABLE IF NOT EXISTS contents (material_id TEXT PRIMARY KEY, content BLOB)")

    @contextmanager
    def writing(self, material_id: str) -> Iterator[Pieces]:
        pieces = Pieces()
        yield pieces
        try:
            with self._transaction() as database:
                database.execute("INSERT INTO contents VALUES (?, ?)", (material_id, b"".join(pieces.all)))
        except sqlite3.IntegrityError:
            raise MaterialExists(Bilingual(f"'{material_id}' is there", f"“{material_id}”已存在")) from None

    def read(self, material_id: str) -> Iterator[bytes]:
        row = None
        if ID.fullmatch(material_id):
            with self._transaction() as database:
                row = database.execute("SELECT content FROM contents WHERE material_id = ?", (material_id,)).fetchone()
        if row is None:
            raise MaterialMissing(Bilingual(f"'{material_id[:64]}' is missing", f"“{material_id[:64]}”不存在"))
        return iter((bytes(row[0]),))

    def drop_unfinished(self, before: float) -> int:
        """Nothing unfinished is kept: a content is one transaction."""
        return 0

    def remove(self, material_id: str) -> None:
        with self._transaction() as database:
            database.execute("DELETE FROM contents WHERE material_id = ?", (material_id,))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=20)) as database, database:
            yield database
