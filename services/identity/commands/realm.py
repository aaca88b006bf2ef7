"""`zhongtai directory create-realm`."""
from __future__ import annotations

import click

from services.identity.commands.options import TENANT
from services.identity.commands.transactions import identity_transactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option


@click.command("create-realm")
@click.argument("realm_id", metavar="REALM", type=TENANT)
@click.argument("name")
@click.option("--department", required=True, help="Name of the department that owns the population.")
@click.option("--tenant", type=TENANT, help="Existing tenant id of that department; else a new one is made.")
@json_option
@click.pass_context
def create(
    context: click.Context, realm_id: str, name: str, department: str, tenant: str | None, as_json: bool,
) -> None:
    """Create a realm with its sandbox. REALM is the tenant id of its population."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        realm = create_realm(tx, CreateRealm(realm_id, name, department, tenant), transactions.context)
    print_rows([{
        "realm": realm.realm_id, "name": realm.name, "sandbox": realm.sandbox_tenant,
        "department_id": realm.department_id}], as_json=as_json)
