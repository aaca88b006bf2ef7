"""`zhongtai status`."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Any

import click

from shared_components.cli.outbox import outbox_state
from shared_components.cli.output import print_rows
from shared_components.cli.platform_access import broker_view, is_embedded
from shared_components.cli.settings import configuration_of, json_option
from shared_components.contracts.registry import SUBSCRIPTION_ATTRIBUTE, service_contract
from shared_components.kernel.callers import GATEWAY
from shared_components.kernel.errors import AppError
from shared_components.kernel.working_days import local_date
from shared_components.runtime.discovery import ServiceBroken, chosen_services, service_class, service_folder

# An event normally leaves its outbox within milliseconds; a sweeper takes what a crash left after seconds.
LATE_S = 60
NEARLY_FULL = 0.9
# A copy decides for 2 s. It may be without a lease for a moment, as while identity restarts.
STALE_COPY_S = 10
HTTP_TIMEOUT_S = 2.0
UNSEEN = "database ok, consumers unseen"


@click.command("status")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--watch", "watched", is_flag=True, help="Show the load of each service again and again, until Ctrl-C: "
              "calls a second, waiting, running, times, queue, outbox, dead letters. With --json, a line a look.")
@click.option("--every", "every_s", type=click.FloatRange(0.2, 3600), default=1.0, show_default=True,
              help="With --watch: seconds from one look to the next.")
@click.option("--times", type=click.IntRange(1), help="With --watch: end after so many looks.")
@json_option
@click.pass_context
def command(
    context: click.Context, services: tuple[str, ...], watched: bool, every_s: float, times: int | None, as_json: bool,
) -> int:
    """Show services, their consumers and queue lengths, outbox lag and dead letters; exit 1 when one is not well.

    Below, each process that runs: its service, host, process id, version, and since when. One that died is told of
    for up to ten seconds.

    calls, events: messages that wait; retries: events that wait for another try; oldest_s: seconds that the oldest
    unpublished event has waited; copy_s: seconds since the copy of the directory was up to date, of which 2 are normal;
    dead: messages that nobody could handle (`zhongtai dlq`). On inproc:// the queues are seen while `zhongtai run` runs
    in this folder; else the state says that they are unseen.
    """
    from shared_components.bus.amqp.instances import identity_of

    configuration = configuration_of(context)
    if watched:
        from shared_components.cli.status_watch import watch

        return watch(configuration, chosen_services(services), every_s=every_s, times=times, as_json=as_json)
    with _Broker(configuration) as broker:
        names = chosen_services(services)
        instances = [identity_of(one) for one in broker.instances() if one.service in names]
        rows = [_row(name, configuration, broker) for name in names]
    for row in rows:
        own = [one for one in instances if one["service"] == row["service"]]
        row["instances"] = own if as_json else len(own)
    print_rows(rows, as_json=as_json, empty="no services")
    if instances and not as_json:
        print()
        print_rows(instances)
    return 1 if any(str(row["state"]).startswith("!") for row in rows) else 0


class _Broker:
    """The broker, if it can be looked at. `trouble` says why not."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self.trouble = ""
        self.unseen = False
        self._inspection: Any = None
        try:
            self._inspection = broker_view(configuration)
        except AppError as error:
            # Without a platform there is nothing wrong with the databases.
            self.unseen = is_embedded(configuration)
            self.trouble = "" if self.unseen else error.code

    def __enter__(self) -> _Broker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._inspection is not None:
            self._inspection.close()

    def instances(self) -> list[Any]:
        """None of a broker that cannot be looked at, or has no queue of instances."""
        if self._inspection is None:
            return []
        try:
            return list(self._inspection.instances())
        except AppError as error:
            self.trouble = self.trouble or error.code
            return []

    def queue(self, name: str) -> Any:
        """The queue's state, or None when it can't be told."""
        return self._inspection.queue(name) if self._inspection is not None else None


def _row(name: str, configuration: Mapping[str, Any], broker: _Broker) -> dict[str, Any]:
    row: dict[str, Any] = {"service": name, "contract": None, "state": "ok"}
    troubles = [broker.trouble] if broker.trouble else []
    handlers: list[str] = []
    called, kind = True, None
    try:
        kind = service_class(name)
        contract = service_contract(kind)
        row["contract"], called = contract.version, bool(contract.methods)
        handlers = list(_handlers(kind))
    except ServiceBroken as error:
        troubles.append(error.code)
    queues = _queues(name, handlers, configuration, broker)
    if called and not broker.unseen and not broker.trouble and not queues["consumers"]:
        troubles.append("no consumer")
    if name == GATEWAY and not _answers(configuration["http"]):
        troubles.append("no answer over HTTP")
    database = _database(name, configuration)
    troubles += [str(database["database"]).lstrip("!")] if str(database["database"]).startswith("!") else []
    troubles += ["outbox late"] if (database["oldest_s"] or 0) > LATE_S else []
    troubles += _evidence_troubles(database["unsealed_s"])
    troubles += _copy_troubles(database["copy_s"], queues["consumers"])
    troubles += _dead_letter_troubles(queues["dead"])
    well = ", ".join([UNSEEN if called and broker.unseen else "ok", *_warnings(kind, configuration, name)])
    row["state"] = "!" + ", ".join(troubles) if troubles else well
    return {**row, **queues, "outbox": database["waiting"], "oldest_s": database["oldest_s"],
            "copy_s": database["copy_s"]}


def _warnings(kind: type[Any] | None, configuration: Mapping[str, Any], name: str) -> list[str]:
    """Warnings of a service that is well: its class may have `status_warnings(configuration, settings, today)`."""
    warn = getattr(kind, "status_warnings", None)
    if warn is None:
        return []
    settings = configuration["services"].get(name, {})
    return list(warn(configuration, settings, local_date(datetime.now(UTC))))


def _copy_troubles(copy_s: float | None, consumers: int | None) -> list[str]:
    """A service that runs follows the directory; one that does not run has another trouble."""
    if not consumers or copy_s is None or copy_s <= STALE_COPY_S:
        return []
    return [f"copy of the directory stale for {copy_s:.0f} s"]


def _evidence_troubles(unsealed_s: float | None) -> list[str]:
    from shared_components.evidence_log.lag import LATE_S

    return [f"evidence unsealed for {unsealed_s:.0f} s"] if unsealed_s is not None and unsealed_s > LATE_S else []


def _dead_letter_troubles(letters: int | None) -> list[str]:
    from shared_components.bus.amqp.topology import DEAD_LETTERS

    if letters and letters >= DEAD_LETTERS * NEARLY_FULL:
        return [f"dead letters (of {DEAD_LETTERS} that are kept; then the oldest go)"]
    return ["dead letters"] if letters else []


def _answers(http: Mapping[str, Any]) -> bool:
    """Whether the gateway says that it is ready."""
    connection = HTTPConnection(http["host"], http["port"], timeout=HTTP_TIMEOUT_S)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _queues(name: str, handlers: list[str], configuration: Mapping[str, Any], broker: _Broker) -> dict[str, Any]:
    from shared_components.bus.amqp import names

    calls, dead = broker.queue(names.rpc_queue(name)), broker.queue(names.dead_queue(name))
    events = [broker.queue(names.event_queue(name, handler)) for handler in handlers]
    retries = [
        broker.queue(names.retry_queue(name, handler, delay_s))
        for handler in handlers for delay_s in configuration["bus"]["event_retry_delays_s"]
    ]
    return {
        "consumers": calls.consumers if calls else None, "calls": _sum([calls]), "events": _sum(events),
        "retries": _sum(retries), "dead": _sum([dead]),
    }


def _database(name: str, configuration: Mapping[str, Any]) -> dict[str, Any]:
    if not (service_folder(name) / "migrations").is_dir():
        return {"waiting": None, "oldest_s": None, "unsealed_s": None, "copy_s": None, "database": "none"}
    return outbox_state(configuration["database"]["url"], name)


def _handlers(kind: type[Any]) -> Iterator[str]:
    for name in dir(kind):
        if getattr(getattr(kind, name, None), SUBSCRIPTION_ATTRIBUTE, None) is not None:
            yield name


def _sum(states: list[Any]) -> int | None:
    known = [state.messages for state in states if state is not None]
    return sum(known) if known else None
