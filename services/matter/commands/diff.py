"""`zhongtai matter diff`."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from services.matter.commands.files import definition_in
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option

NAMED = {"steps": "step", "notifications": "on"}
"""Lists whose items have a name: they are compared by it."""


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@json_option
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell what differs between two versions of a definition. Cases that run keep the version they began with."""
    found = list(differences(definition_in(old).data, definition_in(new).data))
    if as_json:
        print_json({"differences": found})
        return
    for one in found:
        click.echo(f"{one['what']:7} {one['path']}" + (
            f": {_short(one['old'])} → {_short(one['new'])}" if one["what"] == "changed" else ""))
    if not found:
        click.echo("no difference")


def differences(old: Any, new: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Yield what was added, removed or changed, with its path."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _one(old, new, key, f"{path}.{key}" if path else str(key))
    elif old != new:
        yield {"what": "changed", "path": path, "old": old, "new": new}


def _one(old: dict[str, Any], new: dict[str, Any], key: str, path: str) -> Iterator[dict[str, Any]]:
    if key not in new:
        yield {"what": "removed", "path": path, "old": old[key], "new": None}
    elif key not in old:
        yield {"what": "added", "path": path, "old": None, "new": new[key]}
    elif key in NAMED and isinstance(old[key], list) and isinstance(new[key], list):
        name = NAMED[key]
        yield from differences(
            {str(one[name]): one for one in old[key]}, {str(one[name]): one for one in new[key]}, path)
    else:
        yield from differences(old[key], new[key], path)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
