"""`zhongtai payment graph`."""
from __future__ import annotations

import click

from services.payment.commands.transactions import SERVICE
from shared_components.cli.graph import show
from shared_components.cli.settings import json_option


@click.command("graph")
@click.argument("machine", required=False)
@json_option
def graph(machine: str | None, as_json: bool) -> None:
    """Print the states that things go through (orders, refunds, webhooks, …), or those of MACHINE, as Mermaid text."""
    show(SERVICE, machine, as_json=as_json)
