"""`zhongtai directory sync`: bring the broker's users of apps to what the directory says."""
from __future__ import annotations

import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import FrameType

import click

from services.identity.commands.transactions import SERVICE, IdentityTransactions, identity_transactions
from services.identity.directory.usecases.broker_users import BrokerUser, broker_users, note_broker_key
from services.identity.providers import configured_apps
from shared_components.bus.deployment.administration import BrokerAdministration, BrokerNotManaged
from shared_components.bus.deployment.app_users import AppUser, Drift, definitions_of, drift
from shared_components.bus.deployment.definitions import read_contracts
from shared_components.bus.deployment.management_api import ManagementApi, ManagementUrlInvalid
from shared_components.bus.deployment.rabbitmqctl import Rabbitmqctl
from shared_components.cli.errors import WrongUse, wrong_use
from shared_components.cli.output import print_rows
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import service_folder

MANAGEMENT_URL = "ZHONGTAI_BROKER_MANAGEMENT_URL"
REVOKED = "the app key is revoked"
WATCH_EVERY_S, LOOK_ANYWAY_S = 1.0, 300.0
"""How often the directory is asked, and after how long the broker is, though the directory has not changed."""


@click.command("sync")
@click.option("--check", is_flag=True, help="Show the drift and change nothing; exit 1 when there is any.")
@click.option("--watch", is_flag=True, help="Go on until stopped: follow each change of the directory within seconds.")
@click.option("--rabbitmqctl", "command", default="rabbitmqctl", show_default=True, metavar="COMMAND",
              help="How rabbitmqctl is started, such as 'docker compose exec -T rabbitmq rabbitmqctl'.")
@click.option("--management-url", "url", envvar=MANAGEMENT_URL, metavar="URL",
              help=f"Ask the broker's management plugin instead; better in ${MANAGEMENT_URL}: it has a password.")
@json_option
@click.pass_context
def sync(context: click.Context, check: bool, watch: bool, command: str, url: str | None, as_json: bool) -> int:
    """Bring the broker's users of apps to what the directory says. Again, it changes nothing.

    A key of an app is its password; during a change the newest key is. Users that the directory has not made stay,
    also where an app of the directory has the name of a configured app of another tenant ('namesake').
    Connections of a user whose password was a revoked key are closed.
    """
    if check and watch:
        raise click.UsageError("--check and --watch exclude each other / --check 与 --watch 不能同时使用")
    configured = configured_apps(configuration_of(context))
    broker = _broker(command, url)
    if watch:
        _watch(context, broker, configured, tell=lambda found: _print(found, as_json=as_json))
        return 0
    with identity_transactions(context, None) as transactions:
        found = synchronise(transactions, broker, check=check, configured=configured)
    _print(found, as_json=as_json)
    return 1 if check and found else 0


def _broker(command: str, url: str | None) -> BrokerAdministration:
    if not url:
        return Rabbitmqctl(shlex.split(command))
    try:
        return ManagementApi(url)
    except ManagementUrlInvalid as error:
        raise wrong_use(error) from error


def _print(found: Sequence[Drift], *, as_json: bool) -> None:
    print_rows([{"user": each.user, "drift": each.what} for each in found], as_json=as_json, empty="no drift")
    sys.stdout.flush()


def _watch(
    context: click.Context, broker: BrokerAdministration, configured: Mapping[str, str], *,
    tell: Callable[[Sequence[Drift]], None],
) -> None:
    """Wait until the directory's tables are there and migrated, then follow it."""
    stop, waits = _until_stopped(), False
    while not stop.is_set():
        try:
            with identity_transactions(context, None) as transactions:
                follow(transactions, broker, configured=configured, stop=stop, tell=tell)
        except WrongUse as waiting:
            if not waits:
                sys.stderr.write(f"zhongtai: {waiting}\n")
            waits = True
            stop.wait(WATCH_EVERY_S)


def _until_stopped() -> threading.Event:
    stop = threading.Event()

    def stopped(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopped)
    return stop


def follow(
    transactions: IdentityTransactions, broker: BrokerAdministration, *, configured: Mapping[str, str],
    stop: threading.Event, tell: Callable[[Sequence[Drift]], None], every_s: float = WATCH_EVERY_S,
) -> None:
    """Synchronise at once, then after each change of the directory, until told to stop.

    A broker or a database that does not answer is asked again after every_s.
    """
    done: Sequence[BrokerUser] | None = None
    looked_at = float("-inf")
    while not stop.is_set():
        with suppress(AppError):
            users = wanted_users(transactions)
            wanted = [replace(user, is_noted=True, had_revoked=False) for user in users]
            if wanted != done or time.monotonic() - looked_at > LOOK_ANYWAY_S:
                try:
                    found = bring(transactions, broker, users, check=False, configured=configured)
                except BrokerNotManaged as failed:
                    sys.stderr.write(f"zhongtai: {failed}\n")
                else:
                    # What was brought to the broker, not what the directory says by now: that is the next round's.
                    done, looked_at = wanted, time.monotonic()
                    if found:
                        tell(found)
        stop.wait(every_s)


def wanted_users(transactions: IdentityTransactions) -> list[BrokerUser]:
    with transactions.reading_all() as tx:
        return list(broker_users(tx))


def synchronise(
    transactions: IdentityTransactions, broker: BrokerAdministration, *, check: bool, configured: Mapping[str, str],
) -> list[Drift]:
    """The drift that was found, and mended unless it is only looked at. Raises BrokerNotManaged.

    configured: name → tenant of configured apps; their users are given to no other app.
    """
    return bring(transactions, broker, wanted_users(transactions), check=check, configured=configured)


def bring(
    transactions: IdentityTransactions, broker: BrokerAdministration, users: Sequence[BrokerUser], *, check: bool,
    configured: Mapping[str, str],
) -> list[Drift]:
    """Bring the broker to these users, as `synchronise` does."""
    contracts = read_contracts(service_folder(SERVICE).parent)
    namesakes = {user.name for user in users if configured.get(user.name, user.tenant) != user.tenant}
    ours = [user for user in users if user.name not in namesakes]
    wanted = [AppUser(user.name, user.password_hash) for user in ours]
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
        _note(transactions, broker, ours)
    return found


def _note(transactions: IdentityTransactions, broker: BrokerAdministration, users: Sequence[BrokerUser]) -> None:
    """Record which key each user has now. Until then services refuse calls of users whose key was revoked."""
    for user in users:
        if user.had_revoked:
            # Before calls count again: these connections have logged in by the revoked key, or by an older one.
            broker.close_connections(user.name, REVOKED)
        if not user.is_noted:
            with transactions.begin_in_all() as tx:
                note_broker_key(tx, user)
