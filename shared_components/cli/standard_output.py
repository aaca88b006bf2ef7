"""Standard output that cannot be written: a full disk behind it, or none at all."""
from __future__ import annotations

import errno
import io
import os
import sys

from shared_components.kernel.errors import AppError

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


class OutputUnwritable(AppError):
    code = "cli.output-unwritable"
    texts = {"en": "The output cannot be written.", "zh": "输出无法写入。"}


class ClosedOutput(io.TextIOBase):
    """Stands where the command was started without a standard output, and Python has put None."""

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def check_output() -> None:
    if sys.stdout is None:
        sys.stdout = ClosedOutput()


def as_output_error(error: OSError) -> OutputUnwritable | None:
    """None unless it says that what the command prints cannot be written."""
    if error.filename is not None or error.errno not in _UNWRITABLE:
        return None
    return OutputUnwritable(f"output cannot be written: {os.strerror(error.errno)}")
