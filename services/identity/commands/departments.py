"""`zhongtai directory add|rename|credit-code|move|merge|close|show|history`."""
from __future__ import annotations

from dataclasses import asdict

import click

from services.identity.commands.options import TENANT, found_department, loaded, realm_option
from services.identity.commands.transactions import identity_transactions
from services.identity.directory import schemas
from services.identity.directory.usecases import departments, tree_changes
from services.identity.directory.usecases.read import GetDepartment, ListChanges, get_department, list_changes
from services.identity.directory.usecases.views import DepartmentView
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.paging import LARGEST_LIMIT


@click.command("add")
@click.argument("name")
@click.option("--below", metavar="DEPARTMENT", help="Id or code of the department above; else it is a root.")
@click.option("--code", help="The realm's own number of the department.")
@click.option("--credit-code", help="Unified social credit code.")
@click.option("--tenant", type=TENANT, help="Existing tenant id that becomes the department's.")
@realm_option
@json_option
@click.pass_context
def add(
    context: click.Context, name: str, below: str | None, code: str | None, credit_code: str | None,
    tenant: str | None, realm_id: str | None, as_json: bool,
) -> None:
    """Add a department called NAME."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        parent = None if below is None else found_department(tx, transactions.context, below).department_id
        command = loaded(
            schemas.AddDepartment, name=name, parent_id=parent, code=code, credit_code=credit_code, tenant=tenant)
        _print(departments.add_department(tx, command, transactions.context), as_json)


@click.command("rename")
@click.argument("department")
@click.argument("name")
@realm_option
@json_option
@click.pass_context
def rename(context: click.Context, department: str, name: str, realm_id: str | None, as_json: bool) -> None:
    """Give DEPARTMENT (id or code) another NAME."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        command = loaded(schemas.RenameDepartment, department_id=found.department_id, name=name)
        _print(departments.rename_department(tx, command, transactions.context), as_json)


@click.command("credit-code")
@click.argument("department")
@click.argument("credit_code", metavar="CODE", required=False)
@realm_option
@json_option
@click.pass_context
def credit_code(
    context: click.Context, department: str, credit_code: str | None, realm_id: str | None, as_json: bool,
) -> None:
    """Give DEPARTMENT another unified social credit code; none without CODE."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        command = loaded(
            schemas.ChangeCreditCode, department_id=found.department_id, credit_code=credit_code)
        _print(departments.change_credit_code(tx, command, transactions.context), as_json)


@click.command("move")
@click.argument("department")
@click.option("--below", metavar="DEPARTMENT", help="Id or code of the department above.")
@click.option("--root", is_flag=True, help="Make it a root of the tree.")
@realm_option
@json_option
@click.pass_context
def move(
    context: click.Context, department: str, below: str | None, root: bool, realm_id: str | None, as_json: bool,
) -> None:
    """Move DEPARTMENT, with all below it, to another place."""
    if (below is None) != root:
        raise click.UsageError("either --below or --root is needed", context)
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        parent = None if below is None else found_department(tx, transactions.context, below).department_id
        command = tree_changes.MoveDepartment(found.department_id, parent)
        _print(tree_changes.move_department(tx, command, transactions.context), as_json)


@click.command("merge")
@click.argument("department")
@click.argument("successor")
@realm_option
@json_option
@click.pass_context
def merge(context: click.Context, department: str, successor: str, realm_id: str | None, as_json: bool) -> None:
    """Merge DEPARTMENT into SUCCESSOR, which takes over what is below it, officers, apps and data."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        heir = found_department(tx, transactions.context, successor)
        command = tree_changes.MergeDepartment(found.department_id, heir.department_id)
        _print(tree_changes.merge_department(tx, command, transactions.context), as_json)


@click.command("close")
@click.argument("department")
@realm_option
@json_option
@click.pass_context
def close(context: click.Context, department: str, realm_id: str | None, as_json: bool) -> None:
    """Close DEPARTMENT: memberships end, apps are closed, keys are revoked."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        command = tree_changes.CloseDepartment(found.department_id)
        _print(tree_changes.close_department(tx, command, transactions.context), as_json)


@click.command("show")
@click.argument("department")
@realm_option
@json_option
@click.pass_context
def show(context: click.Context, department: str, realm_id: str | None, as_json: bool) -> None:
    """Show DEPARTMENT and the tenant ids that it owns."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        found = found_department(tx, transactions.context, department)
        view = get_department(tx, GetDepartment(found.department_id), transactions.context)
    row = {**asdict(view.department), "tenants": list(view.tenants)}
    print_rows([{"field": key, "value": value} for key, value in row.items()]) if not as_json else print_json(row)


@click.command("history")
@click.argument("thing", metavar="ID")
@realm_option
@json_option
@click.pass_context
def history(context: click.Context, thing: str, realm_id: str | None, as_json: bool) -> None:
    """Show the last 100 changes of a department, membership or app, newest first."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        page = list_changes(tx, ListChanges(thing, limit=LARGEST_LIMIT), transactions.context)
    print_rows([{
        "revision": change.revision, "at": change.at.isoformat(), "what": change.what, "actor": change.actor,
        "facts": ", ".join(f"{key}={value}" for key, value in change.facts.items() if value is not None),
    } for change in page.items], as_json=as_json, empty="no change")


def _print(view: DepartmentView, as_json: bool) -> None:
    print_rows([{
        "department_id": view.department_id, "name": view.name, "code": view.code, "credit_code": view.credit_code,
        "parent_id": view.parent_id, "tenant": view.tenant, "state": view.state, "successor_id": view.successor_id,
    }], as_json=as_json)
