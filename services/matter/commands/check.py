"""`zhongtai matter check`."""
from __future__ import annotations

from pathlib import Path

import click

from services.matter.commands.files import definition_in
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Find every mistake in FILE that can be found without a platform: form, references, cycles, types in expressions.

    What it names in other components (templates, fee items, licence types) is looked up when it is published.
    """
    data = definition_in(file).data
    found = {"matter_code": data["matter_code"], "steps": len(data["steps"]), "problems": []}
    if as_json:
        print_json(found)
    else:
        click.echo(f"{file}: {found['matter_code']} has {found['steps']} step(s) and no mistake")
