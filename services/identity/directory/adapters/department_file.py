"""A CSV file of departments, as spreadsheets write it: UTF-8 with or without a byte order mark, or GB 18030."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from services.identity.directory.domain.department_row import DepartmentRow
from shared_components.kernel.bilingual import Bilingual

COLUMNS = {
    "code": "code", "部门编码": "code", "name": "name", "部门名称": "name", "parent_code": "parent_code",
    "上级部门编码": "parent_code", "credit_code": "credit_code", "统一社会信用代码": "credit_code",
}
NEEDED = ("code", "name")
MOST_BYTES = 16 * 1024 * 1024


class FileUnreadable(ValueError):
    """The file as a whole cannot be read. told: what is wrong and what is allowed, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.told = Bilingual(en, zh)


def read_departments(content: bytes) -> list[DepartmentRow]:
    """Rows of the file, with the line on which each ends. Empty rows are left out. Raises FileUnreadable."""
    if len(content) > MOST_BYTES:
        raise FileUnreadable(
            f"has {len(content)} bytes; at most {MOST_BYTES} are allowed",
            f"有 {len(content)} 字节；最多允许 {MOST_BYTES} 字节")
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        head = [COLUMNS.get(name.strip().lower()) for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            raise FileUnreadable(
                f"has no column {', '.join(missing)}; columns are {', '.join(COLUMNS)}",
                f"缺少列 {'、'.join(missing)}；可用的列为 {'、'.join(COLUMNS)}")
        return list(_rows(reader, head))
    except csv.Error as error:
        raise FileUnreadable(
            f"is no CSV at line {reader.line_num}: {error}",
            f"第 {reader.line_num} 行不是有效的 CSV：{error}") from None


def _rows(reader: Iterator[list[str]], head: list[str | None]) -> Iterator[DepartmentRow]:
    for cells in reader:
        found: Mapping[str, str] = {
            name: cell.strip() for name, cell in zip(head, cells, strict=False) if name is not None}
        if any(cell.strip() for cell in cells):
            yield DepartmentRow(
                reader.line_num,  # type: ignore[attr-defined]
                found.get("code", ""), found.get("name", ""), found.get("parent_code") or None,
                found.get("credit_code") or None)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(
        "is neither UTF-8 nor GB 18030; text in one of them is allowed", "编码既非 UTF-8 也非 GB 18030；请使用其一")
