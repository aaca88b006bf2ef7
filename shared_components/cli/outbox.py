"""`zhongtai outbox`."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from shared_components.cli.output import print_rows
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import chosen_services, service_folder

if TYPE_CHECKING:
    from shared_components.db import Database


@click.group("outbox")
def command() -> None:
    """Events whose effect is committed and that the broker has not confirmed yet."""


@command.command("list")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@json_option
@click.pass_context
def list_(context: click.Context, services: tuple[str, ...], as_json: bool) -> int:
    """Show how many events wait in each outbox, and for how long; exit 1 when a database can't be read."""
    settings = configuration_of(context)["database"]
    rows = []
    for name in chosen_services(services):
        if (service_folder(name) / "migrations").is_dir():
            rows.append({"service": name, **_outbox(settings["url"], name)})
    print_rows(rows, as_json=as_json, empty="no service has a database")
    return 1 if any(row["database"] != "ok" for row in rows) else 0


def outbox_state(url: str, service: str) -> dict[str, Any]:
    """waiting, oldest_s (age of the oldest in seconds), unsealed_s (the same of evidence records), copy_s (age of the
    copy of the directory), and how the database is; never raises for a database down.
    """
    from shared_components.db import ALL_TENANTS, Database, outbox, pending
    from shared_components.db.feeds.ages import age_s

    unknown: dict[str, Any] = {"waiting": None, "oldest_s": None, "unsealed_s": None, "copy_s": None}
    try:
        if pending(url, service):
            return {**unknown, "database": "!not migrated"}
        database = Database(url, service, pool_size=1)
        try:
            with database.reading(ALL_TENANTS) as session:
                lag = outbox.lag(session)
                copy_s = age_s(session)
            unsealed_s = _unsealed_s(database)
        finally:
            database.dispose()
    except AppError as error:
        return {**unknown, "database": f"!{error.code}"}
    age = (datetime.now(UTC) - lag.oldest_at).total_seconds() if lag.oldest_at else 0.0
    return {"waiting": lag.waiting, "oldest_s": round(age, 1), "unsealed_s": unsealed_s,
            "copy_s": None if copy_s is None else round(copy_s, 1), "database": "ok"}


def _unsealed_s(database: Database) -> float | None:
    """The age of the oldest evidence record that is not sealed, in seconds; None for a service without a log."""
    from shared_components.evidence_log.lag import keeps_evidence, seal_lag

    if not keeps_evidence(database):
        return None
    with database.reading(("*",)) as session:
        return round(seal_lag(session).age_s(datetime.now(UTC)), 1)


def _outbox(url: str, service: str) -> dict[str, Any]:
    return {key: value for key, value in outbox_state(url, service).items() if key not in ("unsealed_s", "copy_s")}
