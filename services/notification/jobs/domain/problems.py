"""Problems of a file of recipients: constants for programs, sentences for people, and a bounded collection."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared_components.kernel.bilingual import Bilingual

MOST_KEPT = 1_000
"""Problems that are kept one by one; more are counted."""
MOST_KINDS = 200
HEADER_ROW = 1
"""The row of the names of columns, as a spreadsheet shows it."""

TEXTS: Mapping[str, Bilingual] = {
    "file-empty": Bilingual(
        "The file has no rows with recipients.", "名单中没有收件人。"),
    "file-encoding": Bilingual(
        "The file is neither UTF-8 nor GB18030.", "文件编码不是 UTF-8 或 GB18030。"),
    "file-missing": Bilingual(
        "The file is not in the store, or cannot be read.", "名单文件不在存储中或无法读取。"),
    "quotes-broken": Bilingual(
        "A quotation mark is not closed, or stands inside a cell; rows after it were not checked.",
        "引号未配对或位于单元格中间；其后各行未检查。"),
    "line-too-long": Bilingual(
        "The line is longer than 100,000 characters; rows after it were not checked.",
        "该行超过 100000 个字符；其后各行未检查。"),
    "rows-too-many": Bilingual(
        "The file has more than 1,000,000 rows; later ones were not checked.",
        "名单超过 1000000 行；其后各行未检查。"),
    "problems-too-many": Bilingual(
        "The file has a million problems; rows after this one were not checked.",
        "名单中的错误已达一百万处；其后各行未检查。"),
    "column-missing": Bilingual(
        "The column is needed and missing.", "缺少必需的列。"),
    "column-unknown": Bilingual(
        "The template has no placeholder of this name.", "模板中没有该名称的占位符。"),
    "column-twice": Bilingual(
        "The column is there twice.", "该列重复。"),
    "row-ragged": Bilingual(
        "The row has another number of cells than the first one.", "该行的单元格数与首行不一致。"),
    "row-twice": Bilingual(
        "The row is the same as an earlier one.", "该行与前面的行重复。"),
    "value-missing": Bilingual(
        "The cell is empty and needs a value.", "必填的单元格为空。"),
    "value-too-long": Bilingual(
        "The cell is too long: 10,000 characters for a value, 128 for a reference.",
        "单元格过长：内容最多 10000 字，关联编号最多 128 字。"),
    "value-formula": Bilingual(
        "The cell is a formula, or the error that one has left.", "单元格是公式或公式的错误值。"),
    "value-line-break": Bilingual(
        "The cell has a line break.", "单元格含有换行。"),
    "value-markup": Bilingual(
        "The cell has markup such as <b>.", "单元格含有 <b> 之类的标记。"),
    "value-link": Bilingual(
        "The cell has a link; links belong into the template, which is approved.",
        "单元格含有网址；网址应写在经审核的模板中。"),
    "value-control-character": Bilingual(
        "The cell has a control character.", "单元格含有控制字符。"),
    "address-invalid": Bilingual(
        "The address or phone number is not valid.", "邮箱或手机号码不正确。"),
    "message-too-large": Bilingual(
        "The message is too large with these values.", "填入内容后消息过大。"),
    "text-message-too-long": Bilingual(
        "The text message is too long with these values.", "填入内容后短信过长。"),
    "template-not-filed": Bilingual(
        "The template is filed with no provider.", "模板未在任何服务商报备通过。"),
    "carrier-not-configured": Bilingual(
        "No provider of text messages is configured.", "未配置短信服务商。"),
}
OF_WHOLE_FILE = frozenset({"template-not-filed", "carrier-not-configured"})
"""Found at a row, and true for all of them: the rest is not checked."""
MOST_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """row: as a spreadsheet numbers it, 1 is that of the names; None: the whole file. column: its name, or None."""

    code: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class ProblemCount:
    code: str
    column: str | None
    count: int


@dataclass(slots=True)
class Problems:
    """The first ones as they are, the others as counts: its size does not grow with the file."""

    kept: list[Problem] = field(default_factory=list)
    counts: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    total: int = 0

    def add(self, problem: Problem) -> None:
        self.total += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(problem)
        kind = (problem.code, problem.column)
        if kind not in self.counts and len(self.counts) >= MOST_KINDS:
            kind = (problem.code, None)
        self.counts[kind] += 1

    @property
    def is_full(self) -> bool:
        return self.total >= MOST_COUNTED

    def counted(self) -> tuple[ProblemCount, ...]:
        """Most frequent first."""
        return tuple(ProblemCount(code, column, count) for (code, column), count in self.counts.most_common())
