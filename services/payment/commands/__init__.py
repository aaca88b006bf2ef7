"""`zhongtai payment …`: what is too large or too rare for the bus, on the payment service's own database."""
from __future__ import annotations

import click

from services.payment.commands.settlement import settlement


@click.group("payment")
def command() -> None:
    """Settlement of business days."""


command.add_command(settlement)
