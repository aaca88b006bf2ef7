"""Output of commands: tables for people on a terminal, tab-separated lines in a pipe, JSON for programs."""
from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from shared_components.kernel.plain_text import printable, printable_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_BORDER = 3
_LEAST_WRAPPED = 10
"""A column of words that is narrower cannot be read."""


def print_json(data: Any) -> None:
    """Indented on a terminal, one line otherwise."""
    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    written = orjson.dumps(data, default=str, option=option | orjson.OPT_UTC_Z).decode()
    print(printable_json(written))


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool = False, empty: str = "nothing") -> None:
    """rows: all with the same keys, which are the columns; a value that starts with `!` is shown in red."""
    if as_json:
        print_json([{key: _plain(value) for key, value in row.items()} for row in rows])
    elif not rows:
        print(empty)
    elif sys.stdout.isatty():
        _print_table(rows)
    else:
        print("\t".join(rows[0]))
        for row in rows:
            print("\t".join(_text(value).lstrip("!") for value in row.values()))


def _print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Where the terminal is wide enough for all ids, codes and amounts as they are; else one record below the other."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    console = Console()
    heads = [key.replace("_", " ") for key in rows[0]]
    cells = [[_styled(value) for value in row.values()] for row in rows]
    columns = list(zip(*cells, strict=True))
    least = [_least_width(head, column) for head, column in zip(heads, columns, strict=True)]
    left = console.width - sum(least) - _BORDER * len(least) - 1
    if left < 0:
        _print_records(console, heads, cells)
        return
    table = Table()
    for head, width, column in zip(heads, least, columns, strict=True):
        # Else rich takes from the widest first, which is the id.
        more = min(left, max(0, cell_len(head) - width))
        left -= more
        table.add_column(head, overflow="fold", width=None if _has_words(column) else width + more)
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _print_records(console: Console, heads: Sequence[str], cells: Sequence[Sequence[Text]]) -> None:
    from rich.table import Table

    for number, row in enumerate(cells):
        record = Table.grid(padding=(0, 2))
        record.add_column(no_wrap=True, style="bold")
        record.add_column(overflow="fold")
        for head, cell in zip(heads, row, strict=True):
            record.add_row(head, cell)
        if number:
            console.print()
        console.print(record)


def _styled(value: Any) -> Text:
    """Text, not str: what came over the bus must not be read as markup."""
    from rich.text import Text

    text = _text(value)
    return Text(text.lstrip("!"), style="red" if text.startswith("!") else "")


def _least_width(head: str, cells: Sequence[Text]) -> int:
    """Give the width of the longest word: a text may be broken at spaces, an id must stay whole to be copied."""
    from rich.cells import cell_len

    longest = max(cell.cell_len for cell in cells)
    return max(min(longest, _LEAST_WRAPPED) if _has_words(cells) else longest, *map(cell_len, head.split()))


def _has_words(cells: Sequence[Text]) -> bool:
    return any(" " in cell.plain for cell in cells)


def _plain(value: Any) -> Any:
    return value.lstrip("!") if isinstance(value, str) else value


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value)) or "-"
    # What came over the bus must not move the cursor, nor make a row of its own.
    return printable(str(value))


def tell_server(kind: str, notice: str | None) -> None:
    """Tell people which broker or database was found; nothing for None. Standard output stays the command's."""
    if notice is not None:
        print(f"{kind:<12} {notice}", file=sys.stderr, flush=True)
