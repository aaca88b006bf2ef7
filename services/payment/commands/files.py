"""Files that commands read and write; one that can't be is told by its name and why."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from shared_components.cli.errors import WrongUse
from shared_components.kernel.bilingual import Bilingual


def opened_statement(path: Path) -> BinaryIO:
    """For reading twice: for its digest, and for its lines. Raises WrongUse."""
    try:
        status = path.stat()
        # Opening a pipe would wait for somebody who writes into it.
        if not S_ISREG(status.st_mode) and not S_ISDIR(status.st_mode):
            raise WrongUse(Bilingual(
                f"file '{path}' cannot be read twice; a file on a disk is allowed",
                f"文件“{path}”不能重复读取；只允许磁盘上的文件"))
        if status.st_size == 0:
            raise WrongUse(Bilingual(
                f"file '{path}' is empty; a channel's statement is allowed",
                f"文件“{path}”为空；只允许渠道的对账单"))
        return path.open("rb")
    except OSError as error:
        raise WrongUse(Bilingual(
            f"file '{path}' cannot be read: {error.strerror}",
            f"文件“{path}”无法读取：{error.strerror}")) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around what writes the file. Raises WrongUse, for a folder before anything is done."""
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        yield
    except OSError as error:
        raise WrongUse(Bilingual(
            f"file '{path}' cannot be written: {error.strerror}",
            f"文件“{path}”无法写入：{error.strerror}")) from error
