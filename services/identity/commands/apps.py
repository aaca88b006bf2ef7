"""`zhongtai directory apps list|register|request|decide|freeze|unfreeze|close`."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

import click

from services.identity.commands.keys import print_key
from services.identity.commands.options import all_pages, found_department, loaded, realm_option
from services.identity.commands.transactions import identity_transactions
from services.identity.directory import schemas
from services.identity.directory.domain.access import CLIENT_TYPES, CONFIDENTIAL, SENSITIVE
from services.identity.directory.domain.app import DEPARTMENT_APP, KINDS
from services.identity.directory.usecases.close_app import ByApp, close_app, freeze_app
from services.identity.directory.usecases.production import (
    RequestProduction,
    decide_production,
    request_production,
)
from services.identity.directory.usecases.read import ListApps, list_apps
from services.identity.directory.usecases.register_app import register_app
from services.identity.directory.usecases.views import AppView
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel import strict_json
from shared_components.kernel.paging import LARGEST_LIMIT


@click.group("apps", cls=HelpfulGroup)
def apps() -> None:
    """Apps: self-service, approval, off-boarding."""


@apps.command("list")
@click.option("--department", help="Id or code of the department.")
@realm_option
@json_option
@click.pass_context
def list_all(context: click.Context, department: str | None, realm_id: str | None, as_json: bool) -> None:
    """Show apps by name."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = None if department is None else found_department(tx, transactions.context, department).department_id
        rows = all_pages(lambda after: list_apps(
            tx, ListApps(found, limit=LARGEST_LIMIT, after=after), transactions.context))
    _print(rows, as_json)


@apps.command("register")
@click.argument("app")
@click.argument("title")
@click.option("--department", required=True, help="Id or code of the department.")
@click.option("--kind", type=click.Choice(KINDS), default=DEPARTMENT_APP, show_default=True)
@click.option("--scope", "scopes", multiple=True, default=("*",), help="'*', 'payment.*' or 'payment.get_order'.")
@click.option("--redirect-uri", "redirect_uris", multiple=True, help="Address that a login may return to.")
@click.option("--post-logout-redirect-uri", "post_logout_redirect_uris", multiple=True,
              help="Address that a logout may return to.")
@click.option("--client-type", type=click.Choice(CLIENT_TYPES), default=CONFIDENTIAL, show_default=True,
              help="public: a program on the person's own machine, which can keep no secret.")
@click.option("--jwks", type=click.File("rb"), help="JWK set with public keys, for private_key_jwt.")
@click.option("--sensitive-scope", "sensitive_scopes", multiple=True, type=click.Choice(SENSITIVE),
              help="Scope of persons that production has only with the department's approval.")
@realm_option
@json_option
@click.pass_context
def register(
    context: click.Context, app: str, title: str, department: str, kind: str, scopes: tuple[str, ...],
    redirect_uris: tuple[str, ...], post_logout_redirect_uris: tuple[str, ...], client_type: str,
    jwks: BinaryIO | None, sensitive_scopes: tuple[str, ...], realm_id: str | None, as_json: bool,
) -> None:
    """Register APP, and show its sandbox key this once."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        command = loaded(
            schemas.RegisterApp, app=app, title=title, department_id=found.department_id, kind=kind,
            scopes=list(scopes), redirect_uris=list(redirect_uris),
            post_logout_redirect_uris=list(post_logout_redirect_uris), client_type=client_type, jwks=_key_set(jwks),
            sensitive_scopes=list(sensitive_scopes))
        issued = register_app(tx, command, transactions.context)
    print_key(issued, as_json)


@apps.command("request")
@click.argument("app")
@click.option("--officer", "officer_id", required=True, help="Subject id of the officer who asks.")
@realm_option
@json_option
@click.pass_context
def request(context: click.Context, app: str, officer_id: str, realm_id: str | None, as_json: bool) -> None:
    """Ask for production of APP."""
    _change(context, realm_id, as_json, request_production, RequestProduction(app, officer_id))


@apps.command("decide")
@click.argument("app")
@click.option("--officer", "officer_id", required=True, help="Subject id of the officer who decides.")
@click.option("--approve/--refuse", "approve", required=True, default=None)
@click.option("--reason", required=True)
@realm_option
@json_option
@click.pass_context
def decide(
    context: click.Context, app: str, officer_id: str, approve: bool, reason: str, realm_id: str | None, as_json: bool,
) -> None:
    """Decide on production of APP; who asked does not approve."""
    _change(context, realm_id, as_json, decide_production, loaded(
        schemas.DecideProduction, app=app, officer_id=officer_id, approve=approve, reason=reason))


def _key_set(file: BinaryIO | None) -> Any:
    """The JSON of a file. Raises click.BadParameter."""
    if file is None:
        return None
    try:
        return strict_json.read(file.read())
    except strict_json.JsonRefused as refused:
        raise click.BadParameter(f"the file is no JSON: {refused}", param_hint="--jwks") from None


def _of_state(name: str, says: str, usecase: Callable[..., AppView]) -> click.Command:
    """A command that brings an app into another state."""
    @click.command(name, help=says)
    @click.argument("app")
    @realm_option
    @json_option
    @click.pass_context
    def command(context: click.Context, app: str, realm_id: str | None, as_json: bool) -> None:
        _change(context, realm_id, as_json, usecase, ByApp(app))

    return command


apps.add_command(_of_state("freeze", "Freeze APP: none of its keys opens.", partial(freeze_app, frozen=True)))
apps.add_command(_of_state("unfreeze", "Make APP active again.", partial(freeze_app, frozen=False)))
apps.add_command(_of_state("close", "Close APP with all of its keys; this is final.", close_app))


def _change(
    context: click.Context, realm_id: str | None, as_json: bool, usecase: Callable[..., AppView], command: Any,
) -> None:
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        view = usecase(tx, command, transactions.context)
    _print([view], as_json)


def _print(views: list[AppView], as_json: bool) -> None:
    print_rows([{
        "app": view.app, "title": view.title, "kind": view.kind, "department_id": view.department_id,
        "tenant": view.tenant, "state": view.state, "production": view.production,
        "keys": sum(key.state == "active" for key in view.keys),
    } for view in views], as_json=as_json, empty="no app")
