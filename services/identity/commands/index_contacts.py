"""`zhongtai identity index-contacts`."""
from __future__ import annotations

import click

from services.identity.commands.transactions import identity_transactions
from services.identity.credentials.usecases.contacts import index_piece
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option

PIECE, LARGEST_PIECE = 500, 5_000


@click.command("index-contacts")
@click.option("--piece", default=PIECE, show_default=True, type=click.IntRange(1, LARGEST_PIECE),
              help="Subjects in one transaction.")
@json_option
@click.pass_context
def index_contacts(context: click.Context, piece: int, as_json: bool) -> None:
    """Let subjects that were registered before this version sign in by mobile number and e-mail address.

    It may be stopped at any time and run again, also while services run. Run it after `migrate-subjects`.
    """
    indexed, after = 0, ""
    with identity_transactions(context, None) as transactions:
        while True:
            with transactions.begin_in_all() as tx:
                done = index_piece(tx, after=after, limit=piece)
            if not done:
                break
            indexed, after = indexed + len(done), done[-1]
    print_rows([{"indexed": indexed}], as_json=as_json)
