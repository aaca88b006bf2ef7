"""`zhongtai identity pairwise-ids`: ids of subjects as the apps of a department know them, and back."""
from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from shared_components.cli.output import print_rows
from shared_components.cli.settings import configuration_of, json_option
from shared_components.security import Secrets
from shared_components.security.pairwise_ids import PREFIX


@click.command("pairwise-ids")
@click.argument("tenant")
@click.argument("ids", nargs=-1, metavar="[ID…]")
@json_option
@click.pass_context
def pairwise_ids(context: click.Context, tenant: str, ids: tuple[str, ...], as_json: bool) -> int:
    """Print for each ID (else each line of standard input) the real id and the one of TENANT's apps.

    TENANT is the tenant id by which the apps call; that of a sandbox has other ids. Also while security.pairwise_ids is
    false, so that apps can be given their new ids before. Exit code 1 when an id is not TENANT's.
    """
    configuration = configuration_of(context)
    section = {**configuration["security"], "pairwise_ids": True}
    known = Secrets.from_configuration(section, configuration["environment"]).pairwise_ids
    rows = []
    given_ids: Sequence[str] = ids or sys.stdin.read().split()
    for given in given_ids:
        if given.startswith(PREFIX):
            rows.append({"subject_id": known.from_sector(given, tenant) or "!unknown", "pairwise_id": given})
        else:
            rows.append({"subject_id": given, "pairwise_id": known.to_sector(given, tenant)})
    print_rows(rows, as_json=as_json, empty="no id")
    return 1 if any(row["subject_id"] == "!unknown" for row in rows) else 0
