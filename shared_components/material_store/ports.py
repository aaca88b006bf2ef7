"""Ports of a store of materials."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from shared_components.kernel.errors import Conflict, NotFound


class MaterialMissing(NotFound):
    """The store has no such content; it was removed, or another store was used when it was written."""

    code = "material.missing"
    texts = {"en": "The file is not in the store.", "zh": "文件不在材料库中。"}


class MaterialExists(Conflict):
    """Two uploads by one ticket: the store keeps the content that was whole first."""

    code = "material.exists"
    texts = {"en": "The file was uploaded by another request.", "zh": "该文件已由另一次请求上传。"}


class MaterialWriter(Protocol):
    def write(self, piece: bytes) -> None:
        """Append a sealed piece."""
        ...


class MaterialStore(Protocol):
    def writing(self, material_id: str) -> AbstractContextManager[MaterialWriter]:
        """Write a content. It is there, whole and durable, when the block ends; not at all when the block raises.

        Raises MaterialExists, when the block ends: a content is never replaced.
        """
        ...

    def read(self, material_id: str) -> Iterator[bytes]:
        """Give the sealed pieces in order. Raises MaterialMissing."""
        ...

    def drop_unfinished(self, before: float) -> int:
        """Remove what killed processes have left. before: seconds since 1970. Gives the number of files."""
        ...

    def remove(self, material_id: str) -> None:
        """Remove a content; nothing happens where it is missing."""
        ...
