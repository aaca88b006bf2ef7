"""`zhongtai identity signing-keys list|rotate|revoke`: the keys that sign tokens of a realm, or of its sandbox."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from services.identity.commands.options import realm_option
from services.identity.commands.transactions import IdentityTransactions, identity_transactions
from services.identity.directory.domain.errors import RealmNotFound
from services.identity.sessions.domain.signing_key import RealmKey, signing
from services.identity.sessions.usecases.keys import revoke_key, rotate_key
from services.identity.transaction import SqlIdentityTransaction
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option

sandbox_option = click.option("--sandbox", is_flag=True, help="Keys of the realm's sandbox.")


@click.group("signing-keys", cls=HelpfulGroup)
def signing_keys() -> None:
    """Keys that sign tokens. They are replaced in time by themselves; no command shows a private one."""


@signing_keys.command("list")
@realm_option
@sandbox_option
@json_option
@click.pass_context
def list_keys(context: click.Context, realm_id: str | None, sandbox: bool, as_json: bool) -> None:
    """Show the keys that verify, and which of them signs now."""
    with _keys(context, realm_id, sandbox) as (_, tx, population):
        keys, now = tx.signing_keys.of(population), tx.clock.now()
    signs = signing(keys, now)
    print_rows([_row(key, "signs" if key == signs else "next" if key.signs_from > now else "verifies")
                for key in keys], as_json=as_json, empty="no key; the first login makes one")


@signing_keys.command("rotate")
@realm_option
@sandbox_option
@json_option
@click.pass_context
def rotate(context: click.Context, realm_id: str | None, sandbox: bool, as_json: bool) -> None:
    """Publish the next key. It signs a few seconds later, and the one before verifies until its tokens are over."""
    with _keys(context, realm_id, sandbox) as (transactions, tx, population):
        key = rotate_key(tx, population, transactions.context)
    print_rows([_row(key, "next")], as_json=as_json)


@signing_keys.command("revoke")
@click.argument("kid")
@realm_option
@sandbox_option
@json_option
@click.pass_context
def revoke(context: click.Context, kid: str, realm_id: str | None, sandbox: bool, as_json: bool) -> None:
    """Take the key KID out of use at once: no token that it has signed is taken any more, and apps refresh.

    For a key that is no longer a secret. Another key signs at once.
    """
    with _keys(context, realm_id, sandbox) as (transactions, tx, population):
        key = revoke_key(tx, population, kid, transactions.context)
    print_rows([_row(key, key.state)], as_json=as_json)


@contextmanager
def _keys(
    context: click.Context, realm_id: str | None, sandbox: bool,
) -> Iterator[tuple[IdentityTransactions, SqlIdentityTransaction, str]]:
    """A transaction, and the population whose keys are meant. Raises WrongUse without such a realm."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin(["*"]) as tx:
        realm = tx.realms.get(transactions.realm_id)
        if realm is None:
            raise RealmNotFound
        yield transactions, tx, realm.sandbox_tenant if sandbox else realm.realm_id


def _row(key: RealmKey, use: str) -> dict[str, str]:
    return {"kid": key.kid, "use": use, "created_at": key.created_at.isoformat(),
            "signs_from": key.signs_from.isoformat()}
