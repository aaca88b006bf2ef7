"""Definition files that commands read."""
from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.publishing.adapters.definition_reader import DefinitionFile, read_file
from shared_components.cli.errors import WrongUse, wrong_use
from shared_components.kernel.bilingual import Bilingual

LARGEST = 200_000
BOM = b"\xef\xbb\xbf"


def definition_in(path: Path) -> DefinitionFile:
    """Read and check a definition. Raises WrongUse with every mistake."""
    try:
        return read_file(text_of(path))
    except DefinitionInvalid as error:
        raise wrong_use(error) from None


def text_of(path: Path) -> str:
    """Raises WrongUse for what is no file of UTF-8 text of at most 200,000 characters."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise WrongUse(Bilingual(f"'{path}' is no file; a file on a disk is allowed", f"“{path}”不是文件"))
        content = path.read_bytes()
    except OSError as error:
        raise WrongUse(Bilingual(
            f"file '{path}' cannot be read: {error.strerror}", f"文件“{path}”无法读取：{error.strerror}")) from None
    if content.startswith(BOM):
        raise WrongUse(Bilingual(
            f"file '{path}' begins with a byte order mark; UTF-8 without one is allowed",
            f"文件“{path}”以字节顺序标记（BOM）开头；只允许不带 BOM 的 UTF-8"))
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise WrongUse(Bilingual(
            f"file '{path}' is not UTF-8 (byte {error.start})",
            f"文件“{path}”不是 UTF-8（第 {error.start} 字节）")) from None
    if len(text) > LARGEST:
        raise WrongUse(Bilingual(
            f"file '{path}' has {len(text)} characters; {LARGEST} are allowed",
            f"文件“{path}”有 {len(text)} 个字符；最多 {LARGEST} 个"))
    return text
