"""A statement's file: its digest, its encoding, its lines. Whatever its size, only some lines of it are in memory."""
from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import BinaryIO

from services.payment.reconciliation.adapters.statement_files import alipay, wechat, zhongtai
from services.payment.reconciliation.adapters.statement_files.fields import refuse
from services.payment.reconciliation.domain.errors import StatementChanged, StatementMalformed
from services.payment.reconciliation.domain.statement import ALIPAY, WECHAT, ZHONGTAI, StatementLine
from shared_components.kernel.bilingual import Bilingual

READERS: dict[str, Callable[[Iterator[tuple[int, str]], date], Iterator[StatementLine]]] = {
    WECHAT: wechat.read, ALIPAY: alipay.read, ZHONGTAI: zhongtai.read,
}
CHUNK_LINES = 10_000
LONGEST_LINE = 65_536
ALLOWED_TEXT = {
    "utf-8": Bilingual("text in UTF-8, as before that line,", "与此前各行一致的 UTF-8 文本"),
    "gb18030": Bilingual("text in UTF-8 or GBK", "UTF-8 或 GBK 文本"),
}
_SNIFFED = 65_536
_READ_AT_ONCE = 2**20
_DECODED_AT_ONCE = 2**18


class StatementFile:
    """file: open for reading bytes, and seekable: it is read once for its digest and once for its lines.

    The lines' bytes are hashed again, so that lines are never kept under the digest of other bytes.
    """

    def __init__(self, file: BinaryIO, format: str) -> None:
        self.format = format
        self.position = 0
        self._file = file
        digest = hashlib.sha256()
        while piece := file.read(_READ_AT_ONCE):
            digest.update(piece)
        self.digest = digest.hexdigest()
        self.size = file.tell()
        self._read = hashlib.sha256()

    def chunks(self, day: date) -> Iterator[list[StatementLine]]:
        """Raises StatementMalformed, StatementTotalsDiffer, StatementChanged (the last two after the last line)."""
        self._read = hashlib.sha256()
        lines = READERS[self.format](self._lines(), day)
        try:
            while chunk := list(islice(lines, CHUNK_LINES)):
                yield chunk
        except StatementMalformed:
            self._check_unchanged()  # else half a change would be told as a mistake of the channel's
            raise
        self._check_unchanged()

    def _check_unchanged(self) -> None:
        """Reads what is left. Raises StatementChanged."""
        while piece := self._file.read(_READ_AT_ONCE):
            self._read.update(piece)
        if self._read.hexdigest() != self.digest:
            raise StatementChanged(
                Bilingual(
                    "statement's file changed while it was read, and nothing of it is kept; import "
                    "it again when nobody "
                    "writes into it any more",
                    "对账单文件在读取过程中被修改，内容均未保留；请在无人写入后重新导入")
            )

    def _lines(self) -> Iterator[tuple[int, str]]:
        file, self.position = self._file, 0
        file.seek(0)
        encoding = _encoding(file.read(_SNIFFED))
        file.seek(0)
        line_no, rest = 0, b""
        while piece := file.read(_DECODED_AT_ONCE):
            self.position += len(piece)
            self._read.update(piece)
            # Neither encoding has the byte of a line's end within a character.
            whole, end, rest = (rest + piece).rpartition(b"\n")
            if end:
                lines = _decoded(whole, encoding, line_no)
                yield from _numbered(lines, line_no, encoding)
                line_no += len(lines)
            if len(rest) >= LONGEST_LINE:
                raise _too_long(line_no + 1)
        yield from _numbered(_decoded(rest, encoding, line_no), line_no, encoding)


def _decoded(raw: bytes, encoding: str, before: int) -> list[str]:
    """before: how many lines were before these."""
    try:
        return raw.decode(encoding).split("\n")
    except UnicodeDecodeError as error:
        line_no = before + 1 + raw.count(b"\n", 0, error.start)
        raise refuse(line_no, "all", ALLOWED_TEXT[encoding]) from error


def _numbered(lines: list[str], before: int, encoding: str) -> Iterator[tuple[int, str]]:
    for line_no, line in enumerate(lines, before + 1):
        # No character has more than 4 bytes.
        if len(line) >= LONGEST_LINE // 4 and len(line.encode(encoding)) >= LONGEST_LINE:
            raise _too_long(line_no)
        if line_no == 1:
            line = line.removeprefix("\ufeff")
        line = line.rstrip("\r")
        if line and not line.isspace():
            yield line_no, line


def _too_long(line_no: int) -> StatementMalformed:
    return refuse(line_no, "all", Bilingual(f"a line below {LONGEST_LINE} bytes", f"少于 {LONGEST_LINE} 字节的一行"))


def _encoding(start: bytes) -> str:
    """UTF-8 where the beginning is that, else GBK (with what GB 18030 has added)."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(start, final=False)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
