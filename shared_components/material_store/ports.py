"""Ports of a store of materials."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from shared_components.kernel.errors import NotFound


class MaterialMissing(NotFound):
    """The store has no such content; it was removed, or another store was used when it was written."""

    code = "material.missing"
    texts = {"en": "The file is not in the store.", "zh": "文件不在材料库中。"}


class MaterialWriter(Protocol):
    def write(self, piece: bytes) -> None:
        """Append a sealed piece."""
        ...


class MaterialStore(Protocol):
    def writing(self, material_id: str) -> AbstractContextManager[MaterialWriter]:
        """Write a content. It is there, whole and durable, when the block ends; not at all when the block raises."""
        ...

    def read(self, material_id: str) -> Iterator[bytes]:
        """Give the sealed pieces in order. Raises MaterialMissing."""
        ...

    def remove(self, material_id: str) -> None:
        """Remove a content; nothing happens where it is missing."""
        ...
