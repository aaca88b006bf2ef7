"""`zhongtai directory keys list|issue|revoke`."""
from __future__ import annotations

import click

from services.identity.commands.options import realm_option
from services.identity.commands.transactions import identity_transactions
from services.identity.directory.domain.realm import ENVIRONMENTS
from services.identity.directory.usecases.close_app import ByApp
from services.identity.directory.usecases.issue_key import IssueAppKey, issue_app_key
from services.identity.directory.usecases.read import get_app
from services.identity.directory.usecases.revoke_key import RevokeAppKey, revoke_app_key
from services.identity.directory.usecases.views import AppView, IssuedKeyView
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option


@click.group("keys", cls=HelpfulGroup)
def keys() -> None:
    """Keys of apps. A key is shown once, when it is issued."""


@keys.command("list")
@click.argument("app")
@realm_option
@json_option
@click.pass_context
def list_keys(context: click.Context, app: str, realm_id: str | None, as_json: bool) -> None:
    """Show what is known of the keys of APP."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        view = get_app(tx, ByApp(app), transactions.context)
    _print(view, as_json)


@keys.command("issue")
@click.argument("app")
@click.argument("environment", type=click.Choice(ENVIRONMENTS))
@realm_option
@json_option
@click.pass_context
def issue(context: click.Context, app: str, environment: str, realm_id: str | None, as_json: bool) -> None:
    """Issue another key of APP, and show it this once."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        issued = issue_app_key(tx, IssueAppKey(app, environment), transactions.context)
    print_key(issued, as_json)


@keys.command("revoke")
@click.argument("app")
@click.argument("key_id", metavar="KEY_ID")
@realm_option
@json_option
@click.pass_context
def revoke(context: click.Context, app: str, key_id: str, realm_id: str | None, as_json: bool) -> None:
    """Revoke a key of APP; it never opens again."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        view = revoke_app_key(tx, RevokeAppKey(app, key_id), transactions.context)
    _print(view, as_json)


def print_key(issued: IssuedKeyView, as_json: bool) -> None:
    """Print a new key once its transaction has committed. Standard error says what to do when it is lost."""
    print_rows([{
        "app": issued.app, "environment": issued.environment, "key_id": issued.key_id, "key": issued.key,
    }], as_json=as_json)
    click.echo(
        f"the key is not shown again; if it is lost: zhongtai directory keys issue {issued.app} {issued.environment}, "
        f"then zhongtai directory keys revoke {issued.app} {issued.key_id}", err=True)


def _print(view: AppView, as_json: bool) -> None:
    print_rows([{
        "key_id": key.key_id, "environment": key.environment, "state": key.state,
        "created_at": key.created_at.isoformat(),
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    } for key in view.keys], as_json=as_json, empty="no key")
