"""`zhongtai matter graph`."""
from __future__ import annotations

from pathlib import Path

import click

from services.matter.commands.drawing import svg
from services.matter.commands.files import definition_in


@click.command("graph")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def graph(file: Path, language: str) -> None:
    """Print an SVG of the steps of FILE: who waits for whom, and under which condition."""
    click.echo(svg(definition_in(file).data, language))
