"""`zhongtai backup` and `zhongtai restore`."""
from __future__ import annotations

import os
from pathlib import Path

import click
from sqlalchemy.engine import URL

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option
from shared_components.runtime.backup.folder import check_restore, make_backup, restore
from shared_components.runtime.backup.postgresql import server_url

VARIABLE = "ZHONGTAI_ADMIN_DATABASE_URL"
FOLDER = click.Path(path_type=Path, file_okay=False)


def _url() -> URL:
    """Give the address for a superuser, by the environment: everybody on the host sees arguments."""
    text = os.environ.get(VARIABLE, "")
    if not text:
        raise WrongUse(f"${VARIABLE} is not set; the address of the database for a superuser is needed there")
    return server_url(text, f"${VARIABLE}")


@click.command("backup")
@click.argument("folder", type=FOLDER)
@json_option
def command(folder: Path, as_json: bool) -> int:
    """Back the database of all services up into a new FOLDER, with a hash of the ledger and digests of all tables.

    $ZHONGTAI_ADMIN_DATABASE_URL names the database for a superuser: the platform's own user does not see all rows.
    """
    made = make_backup(_url(), folder)
    print_rows([{"folder": str(folder), "tables": len(made["tables"]), "bytes": made["dump_bytes"],
                 "rows": sum(one["rows"] for one in made["tables"].values()), "ledger": made["ledger"][:16],
                 "made_at": made["made_at"]}], as_json=as_json)
    return 0


@click.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--check", is_flag=True, help="Restore into a database of its own on that server, compare, and drop it.")
@json_option
def restore_command(folder: Path, check: bool, as_json: bool) -> int:
    """Restore a backup into the empty database of $ZHONGTAI_ADMIN_DATABASE_URL, and compare every table.

    It tells how long that took. Afterwards: `zhongtai migrate --check`, `zhongtai evidence verify`, the trial balance.
    """
    done = check_restore(folder, _url()) if check else restore(folder, _url())
    print_rows([{"folder": str(folder), "state": "whole", "tables": done.tables, "rows": done.rows,
                 "recovery_s": round(done.seconds, 1)}], as_json=as_json)
    return 0
