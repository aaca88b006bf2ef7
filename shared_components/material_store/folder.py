"""A store in a folder, one file a content: for the embedded form, and for processes that share a file system."""
from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from shared_components.kernel.bilingual import Bilingual
from shared_components.material_store.ports import MaterialExists, MaterialMissing

READ_BYTES = 64 * 1024
_ID = re.compile(r"[a-z0-9_]{1,64}")
_UNFINISHED = "unfinished"


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
        place, folder = self._place(material_id), self._folder / _UNFINISHED
        for one in (place.parent, folder):
            one.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = folder / f"{material_id}.{os.getpid()}-{os.urandom(6).hex()}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield _Writer(file)
                file.flush()
                os.fsync(file.fileno())
            _take_place(place)
            unfinished.replace(place)
            _sync_folder(place.parent)
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

    def drop_unfinished(self, before: float) -> int:
        """Remove what processes that were killed have left. before: seconds since 1970. Gives the number of files."""
        dropped = 0
        for file in (self._folder / _UNFINISHED).glob("*"):
            # Another process may drop or finish the same file.
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before:
                    file.unlink()
                    dropped += 1
        return dropped

    def _place(self, material_id: str) -> Path:
        """Ids are ours; a path would be an attack. Spread over folders, by the last signs, which are random."""
        if not _ID.fullmatch(material_id):
            raise MaterialMissing(Bilingual("no content has such an id", "没有此编号的内容"))
        return self._folder / material_id[-2:] / material_id


def _take_place(place: Path) -> None:
    """Raises MaterialExists. A content is never replaced: somebody may have confirmed it by its hash."""
    try:
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise MaterialExists(Bilingual(
            f"store has content {place.name!r} from another upload; request_upload gives a path for a new one",
            f"材料库中已有另一次上传的内容 {place.name}；请通过 request_upload 重新申请上传")) from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Writer:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, piece: bytes) -> None:
        self._file.write(piece)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(READ_BYTES):
            yield part
