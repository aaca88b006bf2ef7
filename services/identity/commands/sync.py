"""`zhongtai directory sync`: bring the broker's users of apps to what the directory says."""
from __future__ import annotations

import shlex
from collections.abc import Mapping

import click

from services.identity.commands.transactions import SERVICE, IdentityTransactions, identity_transactions
from services.identity.directory.usecases.broker_users import broker_users
from services.identity.providers import configured_apps
from shared_components.bus.deployment.app_users import AppUser, Drift, definitions_of, drift
from shared_components.bus.deployment.definitions import read_contracts
from shared_components.bus.deployment.rabbitmqctl import Rabbitmqctl
from shared_components.cli.output import print_rows
from shared_components.cli.settings import configuration_of, json_option
from shared_components.runtime.discovery import service_folder


@click.command("sync")
@click.option("--check", is_flag=True, help="Show the drift and change nothing; exit 1 when there is any.")
@click.option("--rabbitmqctl", "command", default="rabbitmqctl", show_default=True, metavar="COMMAND",
              help="How rabbitmqctl is started, such as 'docker compose exec -T rabbitmq rabbitmqctl'.")
@json_option
@click.pass_context
def sync(context: click.Context, check: bool, command: str, as_json: bool) -> int:
    """Bring the broker's users of apps to what the directory says. Again, it changes nothing.

    A key of an app is its password; during a change the newest key is. Users that the directory has not made stay,
    also where an app of the directory has the name of a configured app of another tenant ('namesake').
    """
    configured = configured_apps(configuration_of(context))
    with identity_transactions(context, None) as transactions:
        found = synchronise(transactions, Rabbitmqctl(shlex.split(command)), check=check, configured=configured)
    print_rows([{"user": each.user, "drift": each.what} for each in found], as_json=as_json, empty="no drift")
    return 1 if check and found else 0


def synchronise(
    transactions: IdentityTransactions, broker: Rabbitmqctl, *, check: bool, configured: Mapping[str, str],
) -> list[Drift]:
    """The drift that was found, and mended unless it is only looked at. Raises BrokerNotManaged.

    configured: name → tenant of configured apps; their users are given to no other app.
    """
    contracts = read_contracts(service_folder(SERVICE).parent)
    with transactions.begin_in_all() as tx:
        users = list(broker_users(tx))
    namesakes = {user.name for user in users if configured.get(user.name, user.tenant) != user.tenant}
    wanted = [AppUser(user.name, user.password_hash) for user in users if user.name not in namesakes]
    export = broker.export_definitions()
    found = drift(export, wanted, contracts) + [Drift(name, "namesake") for name in sorted(namesakes)]
    if not check:
        changed = {each.user for each in found if each.what not in ("extra", "namesake")}
        if changed:
            broker.import_definitions(
                definitions_of(export, [user for user in wanted if user.name in changed], contracts))
        for each in found:
            if each.what == "extra":
                broker.delete_user(each.user)
    return found
