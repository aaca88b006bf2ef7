"""`zhongtai migrate`."""
from __future__ import annotations

import click

from shared_components.cli.output import print_rows, tell_server
from shared_components.cli.settings import configuration_of, json_option
from shared_components.runtime.migrations import check_database, migrate_services


@click.command("migrate")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a migration is waiting.")
@json_option
@click.pass_context
def command(context: click.Context, services: tuple[str, ...], check: bool, as_json: bool) -> int:
    """Bring the databases of all services, or of those named, to their newest version."""
    url = configuration_of(context)["database"]["url"]
    tell_server("database", check_database(url))
    rows = migrate_services(url, services, check=check)
    print_rows(rows, as_json=as_json, empty="no service has a database")
    return 1 if check and any(row["revisions"] for row in rows) else 0
