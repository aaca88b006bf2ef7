"""`zhongtai directory officers list|add|end`."""
from __future__ import annotations

from datetime import date

import click

from services.identity.commands.options import DAY, all_pages, found_department, realm_option
from services.identity.commands.transactions import identity_transactions
from services.identity.directory.domain.membership import ROLES
from services.identity.directory.usecases.memberships import (
    AddMembership,
    EndMembership,
    add_membership,
    end_membership,
)
from services.identity.directory.usecases.read import ListMemberships, list_memberships
from services.identity.directory.usecases.views import MembershipView
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.paging import LARGEST_LIMIT


@click.group("officers", cls=HelpfulGroup)
def officers() -> None:
    """Officers: subjects with roles in departments."""


@officers.command("list")
@click.option("--department", help="Id or code of the department.")
@click.option("--subject", "subject_id", help="Subject id of the officer.")
@realm_option
@json_option
@click.pass_context
def list_officers(
    context: click.Context, department: str | None, subject_id: str | None, realm_id: str | None, as_json: bool,
) -> None:
    """Show memberships, oldest first."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = None if department is None else found_department(tx, transactions.context, department).department_id
        rows = all_pages(lambda after: list_memberships(
            tx, ListMemberships(found, subject_id, limit=LARGEST_LIMIT, after=after), transactions.context))
    _print(rows, as_json)


@officers.command("add")
@click.argument("department")
@click.argument("subject_id", metavar="SUBJECT")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="One or more.")
@click.option("--from", "valid_from", type=DAY, help="First day; else today.")
@click.option("--until", "valid_until", type=DAY, help="Last day; else it does not end.")
@realm_option
@json_option
@click.pass_context
def add_officer(
    context: click.Context, department: str, subject_id: str, roles: tuple[str, ...], valid_from: date | None,
    valid_until: date | None, realm_id: str | None, as_json: bool,
) -> None:
    """Make SUBJECT an officer of DEPARTMENT (id or code)."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        command = AddMembership(found.department_id, subject_id, list(roles), valid_from, valid_until)
        view = add_membership(tx, command, transactions.context)
    _print([view], as_json)


@officers.command("end")
@click.argument("membership_id", metavar="MEMBERSHIP")
@realm_option
@json_option
@click.pass_context
def end_officer(context: click.Context, membership_id: str, realm_id: str | None, as_json: bool) -> None:
    """End MEMBERSHIP at once."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        view = end_membership(tx, EndMembership(membership_id), transactions.context)
    _print([view], as_json)


def _print(views: list[MembershipView], as_json: bool) -> None:
    print_rows([{
        "membership_id": view.membership_id, "department_id": view.department_id, "subject_id": view.subject_id,
        "roles": list(view.roles), "valid_from": view.valid_from.isoformat(),
        "valid_until": view.valid_until.isoformat() if view.valid_until else None, "state": view.state,
    } for view in views], as_json=as_json, empty="no officer")
