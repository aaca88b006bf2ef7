"""Output of the demo: a line a step, tables at the end."""
from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared_components.devstack.demo.failures import DemoFailed
from shared_components.kernel.errors import AppError

NARROWEST = 100


@dataclass
class Line:
    """The line of a step, printed when the step is done."""

    says: str = ""


class Screen:
    """Steps are numbered through; each shows its component, its call, how long it took and what came out."""

    def __init__(self) -> None:
        width = None if sys.stdout.isatty() else NARROWEST + 20
        self._console = Console(highlight=False, width=width, soft_wrap=not sys.stdout.isatty())
        self._number = 0

    def part(self, title: str) -> None:
        self._console.print(Text(f"\n{title}", style="bold"))

    @contextmanager
    def step(self, who: str, call: str) -> Iterator[Line]:
        """One step; an AppError in it ends the demo and names it."""
        self._number += 1
        line = Line()
        began = monotonic()
        try:
            yield line
        except DemoFailed:
            raise
        except AppError as error:
            raise DemoFailed(call, f"{error.code}: {error.message}") from error
        self._console.print(Text.assemble(
            (f" {self._number:>2} ", "dim"), ("✓ ", "green"), (f"{who:<14}", "cyan"), f"{call:<38}",
            (f"{(monotonic() - began) * 1000:>7.0f} ms  ", "dim"), line.says,
        ))

    def note(self, text: str) -> None:
        self._console.print(Text(f"      {text}", style="dim"))

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        table = Table(*columns, title=title, title_justify="left", title_style="bold")
        for row in rows:
            table.add_row(*[Text(str(value)) for value in row])
        self._console.print()
        self._console.print(table)

    def failed(self, failure: DemoFailed, folder: Path) -> None:
        self._console.print(Text(f"\n ✗ {failure.step}: {failure.reason}", style="bold red"))
        log = folder / "zhongtai.log"
        if log.exists():
            trouble = [line for line in log.read_text(encoding="utf-8").splitlines() if '"error"' in line]
            for line in trouble[-5:]:
                self.note(line[:400])

    def finished(self, seconds: float) -> None:
        self._console.print(Text(f"\nThe matter is done. {self._number} steps, {seconds:.1f} s.", style="bold green"))
