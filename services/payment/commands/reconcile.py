"""`zhongtai payment reconcile`."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from services.payment.commands.options import CHANNEL, Day, tenant_option
from services.payment.commands.statements import progress_bar
from services.payment.commands.transactions import PaymentTransactions, payment_transactions, yuan
from services.payment.reconciliation.domain.reconciliation import MATCHED, OTHERS
from services.payment.reconciliation.domain.statement import Statement
from services.payment.reconciliation.usecases import find_statement
from services.payment.reconciliation.usecases import reconcile as reconciling
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option


@click.command("reconcile")
@click.argument("day", metavar="DATE", type=Day())
@click.option("--channel", type=CHANNEL, help="Else every channel that has a statement of that day.")
@click.option("--ask", "ask_limit", type=click.IntRange(0), default=reconciling.ASK_LIMIT, show_default=True,
              help="Questions to the channel, at most.")
@click.option("--check", is_flag=True, help="Exit 1 when a difference is left open.")
@tenant_option
@json_option
@click.pass_context
def reconcile(
    context: click.Context, day: date, channel: str | None, ask_limit: int, check: bool, tenant: str | None,
    as_json: bool,
) -> int:
    """Compare the statements of DATE with orders, refunds and ledger, and settle what the channel can settle."""
    with payment_transactions(context, tenant) as transactions:
        results = [_reconcile(transactions, each, ask_limit) for each in _statements(transactions, day, channel)]
    if as_json:
        print_json(results)
    else:
        _print(results)
    return 1 if check and any(result["open_count"] for result in results) else 0


def _statements(transactions: PaymentTransactions, day: date, channel: str | None) -> list[Statement]:
    if channel is None:
        return find_statement.statements_of(transactions, transactions.tenant, day)
    return [find_statement.statement_of(transactions, transactions.tenant, channel, day)]


def _reconcile(transactions: PaymentTransactions, statement: Statement, ask_limit: int) -> Mapping[str, Any]:
    with progress_bar(f"reconcile {statement.channel}", statement.last_line_no) as told:
        return reconciling.reconcile(
            transactions,
            transactions.channels,
            statement,
            ask_limit=ask_limit,
            progress=lambda line: told(line, f"line {line:,}"),
        )


def _print(results: list[Mapping[str, Any]]) -> None:
    print_rows([
        {
            "channel": result["channel"], "date": result["date"], "kind": each["kind"],
            "class": ("" if each["class"] in (MATCHED, OTHERS) else "!") + each["class"], "lines": f"{each['count']:,}",
            "channel says 元": yuan(each["there_minor"]), "we have 元": yuan(each["here_minor"]),
            "fees 元": yuan(each["fee_minor"]),
        }
        for result in results for each in result["classes"] if each["count"]
    ], empty="the statement is empty, and so are our records of that day")
    for result in results:
        open_count, asked = result["open_count"], result["asked_count"]
        fees = _fees(result["fees_minor"])
        told = f"{result['channel']}: {open_count:,} open, {asked:,} asked of the channel, {fees}"
        hint = f"; see 'zhongtai payment differences --date {result['date']}'" if open_count else ""
        click.echo(told + hint, err=True)


def _fees(fees_minor: int | None) -> str:
    return "no fees stated" if fees_minor is None else f"fees {yuan(fees_minor)} 元 on the books"
