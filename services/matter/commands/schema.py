"""`zhongtai matter schema`."""
from __future__ import annotations

import json

import click

from services.matter.publishing.adapters.definition_reader import definition_schema


@click.command("schema")
def schema() -> None:
    """Print the JSON Schema of definitions, by which an editor helps to write them.

    The gateway gives it at /schemas/matter-1.json.
    """
    click.echo(json.dumps(definition_schema(), ensure_ascii=False, indent=2))
