"""`zhongtai identity merges`: two subjects with one document, which a person confirms or refuses to be one."""
from __future__ import annotations

from dataclasses import asdict

import click

from services.identity.commands.options import realm_option
from services.identity.commands.transactions import identity_transactions
from services.identity.subjects.domain.merging import CONFIRMED, PROPOSED, REFUSED
from services.identity.subjects.usecases.merge import (
    DecideMerge,
    ListMerges,
    confirm_merge,
    list_merges,
    refuse_merge,
)
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.paging import LARGEST_LIMIT

reason_option = click.option("--reason", required=True, help="Why, without personal data; it is kept.")


@click.group("merges")
def merges() -> None:
    """Subjects that have the same document."""


@merges.command("list")
@click.option("--state", type=click.Choice([PROPOSED, CONFIRMED, REFUSED]), default=PROPOSED, show_default=True)
@click.option("--after", help="The `next` of the page before.")
@realm_option
@json_option
@click.pass_context
def list_(context: click.Context, state: str, after: str | None, realm_id: str | None, as_json: bool) -> None:
    """List merges, up to 100 a page."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        page = list_merges(tx, ListMerges(state, LARGEST_LIMIT, after), transactions.context)
    rows = [asdict(each) for each in page.items]
    if as_json:
        print_json({"items": rows, "next": page.next})
        return
    print_rows(rows, empty="no merge")
    if page.next is not None:
        click.echo(f"more: --after {page.next}", err=True)


@merges.command("confirm")
@click.argument("merge_id", metavar="MERGE")
@reason_option
@realm_option
@json_option
@click.pass_context
def confirm(context: click.Context, merge_id: str, reason: str, realm_id: str | None, as_json: bool) -> None:
    """Merge the two subjects of MERGE; the id of the younger leads to the older from now on."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        subject = confirm_merge(tx, DecideMerge(merge_id, reason), transactions.context)
    print_rows([{"merge_id": merge_id, "state": CONFIRMED, "subject_id": subject.subject_id}], as_json=as_json)


@merges.command("refuse")
@click.argument("merge_id", metavar="MERGE")
@reason_option
@realm_option
@json_option
@click.pass_context
def refuse(context: click.Context, merge_id: str, reason: str, realm_id: str | None, as_json: bool) -> None:
    """Keep the two subjects of MERGE apart."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        proposal = refuse_merge(tx, DecideMerge(merge_id, reason), transactions.context)
    print_rows([{"merge_id": merge_id, "state": proposal.state}], as_json=as_json)
