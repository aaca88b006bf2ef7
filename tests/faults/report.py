"""Report of an experiment: one row a case, a verdict, a table for people and JSON for programs."""
from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Row:
    """counts: what was measured, in the order of the columns. wrong: what misses the target, in words."""

    case: str
    counts: dict[str, Any]
    wrong: list[str] = field(default_factory=list)


@dataclass
class Report:
    id: str
    title: str
    target: str
    seed: int
    operations: int
    unit: str = "operations"
    faults: str = ""
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    skipped: str = ""

    def skip(self, reason: str) -> None:
        """Say why nothing was tried; a skipped experiment has not passed."""
        self.skipped = reason

    def add(self, case: str, counts: dict[str, Any], wrong: Sequence[str] = ()) -> Row:
        row = Row(case, counts, list(wrong))
        self.rows.append(row)
        return row

    def add_blind(self, case: str, counts: dict[str, Any], seen: int) -> Row:
        """A run without protections. seen: how much loss or doubling it showed; none means that nothing here sees."""
        wrong = [] if seen else ["the harness is blind: no loss and no doubling was seen without protections"]
        return self.add(f"proof: {case}", counts, wrong)

    def note_size(self, table: int) -> None:
        """table: the number of operations that the experiment's table of sizes names."""
        if self.operations < table:
            self.notes.append(f"{self.operations} {self.unit}; the table's size is OPS={table}")

    @property
    def passed(self) -> bool:
        return bool(self.rows) and not self.skipped and not any(row.wrong for row in self.rows)

    @property
    def verdict(self) -> str:
        return "SKIPPED" if self.skipped else "PASSED" if self.passed else "FAILED"

    @property
    def wrong(self) -> list[str]:
        return [f"{row.case}: {what}" for row in self.rows for what in row.wrong]

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        content = {"passed": self.passed, **dataclasses.asdict(self)}
        (folder / f"{self.id}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")

    def text(self) -> str:
        if self.skipped:
            return f"{self.id}  {self.title}\n    SKIPPED: {self.skipped}\n"
        lines = [
            f"{self.id}  {self.title}",
            f"    seed {self.seed}, {self.operations} {self.unit}, faults: {self.faults or 'none'}",
            *(f"    {line}" for line in _table(self.rows)),
            *(f"    note: {note}" for note in self.notes),
            *(f"    WRONG: {what}" for what in self.wrong),
            f"    {self.verdict} in {self.seconds:.0f} s; target: {self.target}",
        ]
        return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> list[str]:
    columns = list(dict.fromkeys(name for row in rows for name in row.counts))
    cells = [["case", *columns, ""]]
    for row in rows:
        cells.append([row.case, *(_cell(row.counts.get(name, "")) for name in columns), "!" if row.wrong else "ok"])
    widths = [max(len(line[index]) for line in cells) for index in range(len(cells[0]))]
    return [
        "  ".join(cell.rjust(width) if index else cell.ljust(width)
                  for index, (cell, width) in enumerate(zip(line, widths, strict=True)))
        for line in cells
    ]  # fmt: skip


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, dict):
        return " ".join(f"{key}:{count}" for key, count in value.items()) or "-"
    return str(value)
