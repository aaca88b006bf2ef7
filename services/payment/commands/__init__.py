"""`zhongtai payment …`: what is too large or too rare for the bus, on the payment service's own database."""
from __future__ import annotations

import click

from services.payment.commands.differences import list_differences, resolve
from services.payment.commands.graph import graph
from services.payment.commands.ledger import ledger
from services.payment.commands.reconcile import reconcile
from services.payment.commands.settlement import settlement
from services.payment.commands.statements import statement
from shared_components.cli.groups import HelpfulGroup


@click.group("payment", cls=HelpfulGroup)
def command() -> None:
    """Statements of channels, their reconciliation, settlement, the books, and the states of what payment keeps."""


for each in (statement, reconcile, list_differences, resolve, ledger, settlement, graph):
    command.add_command(each)
