"""`zhongtai identity migrate-subjects`."""
from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from services.identity.commands.transactions import identity_transactions
from services.identity.subjects.usecases.move_subjects import MovedPiece, MovePiece, MoveTx, move_piece
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option
from shared_components.db import KeyTaken, WriteRace

PIECE, LARGEST_PIECE = 500, 5_000
ATTEMPTS = 5


@click.command("migrate-subjects")
@click.option("--dry-run", is_flag=True, help="Count only; nothing is changed.")
@click.option("--piece", default=PIECE, show_default=True, type=click.IntRange(1, LARGEST_PIECE),
              help="Subjects in one transaction.")
@json_option
@click.pass_context
def migrate_subjects(context: click.Context, dry_run: bool, piece: int, as_json: bool) -> None:
    """Move the subjects of all tenants into the populations of their realms.

    It may be stopped at any time and run again, also while services run. Run it once more when the last process of
    the version before has ended. Two subjects with one document become a merge to confirm: see `merges`.
    """
    with identity_transactions(context, None) as transactions:
        moved, proposed = move_all(transactions.begin_in_all, piece=piece, write=not dry_run)
    print_rows([{
        "moved": 0 if dry_run else moved, "to_move": moved if dry_run else 0, "merges_to_confirm": proposed,
    }], as_json=as_json)


def move_all(
    begin: Callable[[], AbstractContextManager[MoveTx]], *, piece: int = PIECE, write: bool = True,
) -> tuple[int, int]:
    """Move piece by piece, each committed. Gives how many subjects were moved and how many merges were proposed."""
    moved = proposed = 0
    command = MovePiece(limit=piece, write=write)
    while True:
        done = _one_piece(begin, command)
        if done.last is None:
            return moved, proposed
        moved, proposed = moved + done.moved, proposed + done.proposed
        command = MovePiece(done.last, piece, write, {} if write else command.seen)


def _one_piece(begin: Callable[[], AbstractContextManager[MoveTx]], command: MovePiece) -> MovedPiece:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with begin() as tx:
                return move_piece(tx, command)
        except (KeyTaken, WriteRace):
            # A document of the piece was registered meanwhile: its subject is seen now, and the piece begins anew.
            command.seen.clear()
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")
