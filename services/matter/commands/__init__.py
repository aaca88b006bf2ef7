"""`zhongtai matter …`: what the authors of definitions need; only publish and list ask a running platform."""
from __future__ import annotations

import click

from services.matter.commands.check import check
from services.matter.commands.diff import diff
from services.matter.commands.graph import graph
from services.matter.commands.new import new
from services.matter.commands.publishing import list_published, publish
from services.matter.commands.schema import schema
from services.matter.commands.simulate import simulate
from shared_components.cli.groups import HelpfulGroup


@click.group("matter", cls=HelpfulGroup)
def command() -> None:
    """Definitions of matters: begin one, check it, draw it, walk it, compare two, publish it."""


for each in (new, check, graph, simulate, diff, publish, list_published, schema):
    command.add_command(each)
