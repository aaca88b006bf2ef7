"""`zhongtai migrate`."""
from __future__ import annotations

from typing import Any

import click

from shared_components.configuration.loading import told
from shared_components.runtime.discovery import chosen_services, service_folder
from shared_components.cli.output import print_rows
from shared_components.cli.settings import configuration_of, json_option


@click.command("migrate")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a migration is waiting.")
@json_option
@click.pass_context
def command(context: click.Context, services: tuple[str, ...], check: bool, as_json: bool) -> int:
    """Bring the databases of all services, or of those named, to their newest version."""
    url = configuration_of(context)["database"]["url"]
    rows = migrate_services(url, services, check=check)
    print_rows(rows, as_json=as_json, empty="no service has a database")
    return 1 if check and any(row["revisions"] for row in rows) else 0


def migrate_services(url: str, services: tuple[str, ...] = (), *, check: bool = False) -> list[dict[str, Any]]:
    """One row a service that has a database: what was run, or with `check` what is waiting."""
    from shared_components.db import DatabaseUnavailable, migrate, pending

    rows = []
    for service in chosen_services(services):
        if not (service_folder(service) / "migrations").is_dir():
            continue
        try:
            revisions = pending(url, service) if check else migrate(url, service)
        except DatabaseUnavailable as error:
            raise DatabaseUnavailable(f"{told('database', 'url', url)}: {error.message}") from error
        state = "up to date" if not revisions else "!waiting" if check else "migrated"
        rows.append({"service": service, "state": state, "revisions": revisions})
    return rows
