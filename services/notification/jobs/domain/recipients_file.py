"""Read a file of recipients: pieces of bytes to rows of cells, in memory that does not grow with the file."""
from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

UTF8, GB18030 = "utf-8-sig", "gb18030"
"""Spreadsheets in China save either; utf-8-sig takes a byte order mark, and does without one."""
LONGEST_LINE = 100_000


class FileBroken(Exception):
    """The rows after this one cannot be told from one another. code: of problems.py; row: None for the whole file."""

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code, self.row = code, row


def encoding_of(pieces: Iterable[bytes]) -> str:
    """Raises FileBroken for bytes that are text in neither encoding, and for UTF-16, which is full of NULs."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in (UTF8, GB18030)}
    for piece in pieces:
        if b"\x00" in piece:
            break
        _feed(decoders, piece, final=False)
    else:
        _feed(decoders, b"", final=True)
        for name in decoders:
            return name
    raise FileBroken("file-encoding")


def _feed(decoders: dict[str, codecs.IncrementalDecoder], piece: bytes, *, final: bool) -> None:
    for name, decoder in list(decoders.items()):
        try:
            decoder.decode(piece, final)
        except UnicodeDecodeError:
            del decoders[name]


def rows_of(pieces: Iterable[bytes], encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is not blank; the row of names is 1. Raises FileBroken."""
    with io.TextIOWrapper(io.BufferedReader(_Pieces(pieces), 65_536), encoding, newline="") as text:
        reader, row = csv.reader(_lines(text), strict=True), 0
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise FileBroken("quotes-broken", row) from None
            except _LineTooLong:
                raise FileBroken("line-too-long", row) from None
            except UnicodeDecodeError:
                raise FileBroken("file-encoding") from None
            if any(cells):
                yield row, cells


class _LineTooLong(Exception):
    pass


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 2):
        if len(line) > LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise _LineTooLong
        yield line


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a raw stream."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._kept = iter(pieces), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._kept:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._kept = memoryview(piece)
        taken = self._kept[: len(buffer)]
        buffer[: len(taken)] = taken
        self._kept = self._kept[len(taken) :]
        return len(taken)
