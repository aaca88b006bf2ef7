"""`zhongtai payment differences` and `resolve`: the work that a reconciliation leaves."""
from __future__ import annotations

import getpass
from datetime import date
from typing import Any

import click

from services.payment.commands.options import CHANNEL, Day, Words, tenant_option
from services.payment.commands.pages import read_pages
from services.payment.commands.transactions import payment_transactions, yuan
from services.payment.reconciliation.domain.errors import DifferenceUnknown
from services.payment.reconciliation.domain.reconciliation import DIFFERENCE, DIFFERENCES, LONGEST_DIFFERENCE_ID, OPEN
from services.payment.reconciliation.usecases import differences as usecases
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import LONGEST_CURSOR


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return "operator"


@click.command("differences")
@click.option("--date", "day", type=Day())
@click.option("--channel", type=CHANNEL)
@click.option("--class", "class_", type=click.Choice(DIFFERENCES))
@click.option("--state", type=click.Choice(DIFFERENCE.states), default=OPEN, show_default=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@click.option("--after", type=Words(LONGEST_CURSOR), help="The next of the page before; --json shows it.")
@tenant_option
@json_option
@click.pass_context
def list_differences(
    context: click.Context, /, day: date | None, limit: int, tenant: str | None, as_json: bool, **wanted: Any
) -> None:
    """Show what does not agree, with all sides."""
    with payment_transactions(context, tenant) as transactions, transactions.reading() as tx:
        found = read_pages(
            lambda request: usecases.list_differences(tx, usecases.ListDifferences(**request), transactions.context()),
            {"day": day, **wanted},
            limit,
        )
    if as_json:
        print_json(found)
        return
    print_rows([_row(each) for each in found["items"]], empty=transactions.nothing("no such difference"))


@click.command("resolve")
@click.argument("difference_id", metavar="DIFFERENCE", type=Words(LONGEST_DIFFERENCE_ID))
@click.option("--note", required=True, type=Words(500), help="How it was settled.")
@click.option("--by", default=_user, type=Words(64), help="Who has settled it; else the user of this machine.")
@tenant_option
@json_option
@click.pass_context
def resolve(
    context: click.Context, difference_id: str, note: str, by: str, tenant: str | None, as_json: bool
) -> None:
    """Close a difference that a person has settled."""
    with payment_transactions(context, tenant) as transactions, transactions.begin(transactions.tenant) as tx:
        acting = transactions.context(subject=by)
        try:
            done = usecases.resolve_difference(tx, usecases.ResolveDifference(difference_id, note), acting)
        except DifferenceUnknown as error:
            raise DifferenceUnknown(
                Bilingual(
                    f"difference '{difference_id}' does not exist; 'zhongtai payment differences' shows those that do",
                    f"差异“{difference_id}”不存在；现有差异见 'zhongtai payment differences'"),
                details=error.details,
            ) from error
    if as_json:
        print_json(done)
        return
    print_rows([_row(done)])


def _row(difference: Any) -> dict[str, Any]:
    there, here, order = difference["there"], difference["here"], difference["order"]
    return {
        "difference": difference["difference_id"], "class": difference["class"], "state": difference["state"],
        "line": there and there["line"], "channel says": there and f"{yuan(there['amount_minor'])} {there['status']}",
        "we have": here and f"{yuan(here['amount_minor'])} {here['status']}",
        "ledger": None if difference["ledger_minor"] is None else yuan(difference["ledger_minor"]),
        "order": order and difference["order_id"], "order state": order and order["state"],
        "note": difference["note"],
    }
