"""What a command prints: tables for people on a terminal, tab-separated lines in a pipe, JSON for programs."""
from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def print_json(data: Any) -> None:
    """Indented on a terminal, one line otherwise."""
    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    print(orjson.dumps(data, default=str, option=option | orjson.OPT_UTC_Z).decode())


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
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*[key.replace("_", " ") for key in rows[0]])
    for row in rows:
        texts = [_text(value) for value in row.values()]
        # Text, not str: what came over the bus must not be read as markup.
        table.add_row(*[Text(text.lstrip("!"), style="red" if text.startswith("!") else "") for text in texts])
    Console().print(table)


def _plain(value: Any) -> Any:
    return value.lstrip("!") if isinstance(value, str) else value


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value)) or "-"
    return str(value)
