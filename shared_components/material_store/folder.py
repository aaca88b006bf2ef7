"""A store in a folder, one file a content: for the embedded form, and for processes that share a file system."""
from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from shared_components.kernel.bilingual import Bilingual
from shared_components.material_store.ports import MaterialMissing

READ_BYTES = 64 * 1024
_ID = re.compile(r"[a-z0-9_]{1,64}")


DEFAULT_FOLDER = "var/materials"


def store_of(configuration: Mapping[str, Any]) -> FolderStore:
    """The store that section `materials` of the configuration names."""
    section = configuration.get("materials") or {}
    return FolderStore(Path(section.get("folder", DEFAULT_FOLDER)))


class FolderStore:
    """Satisfies MaterialStore. Files are readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def writing(self, material_id: str) -> Iterator[_Writer]:
        place = self._place(material_id)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = place.with_suffix(f".{os.getpid()}-{os.urandom(6).hex()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield _Writer(file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise

    def read(self, material_id: str) -> Iterator[bytes]:
        try:
            file = self._place(material_id).open("rb")
        except FileNotFoundError:
            raise MaterialMissing(Bilingual(
                f"store has no content {material_id!r}", f"材料库中没有内容 {material_id}")) from None
        return _parts(file)

    def remove(self, material_id: str) -> None:
        self._place(material_id).unlink(missing_ok=True)

    def _place(self, material_id: str) -> Path:
        """Ids are ours; a path would be an attack. Spread over folders, by the last signs, which are random."""
        if not _ID.fullmatch(material_id):
            raise MaterialMissing(Bilingual("no content has such an id", "没有此编号的内容"))
        return self._folder / material_id[-2:] / material_id


class _Writer:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, piece: bytes) -> None:
        self._file.write(piece)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(READ_BYTES):
            yield part
