"""`zhongtai payment ledger balance|close`."""
from __future__ import annotations

from datetime import date

import click

from services.payment.commands.options import Day, currency_option, tenant_option
from services.payment.commands.transactions import payment_transactions, yuan
from services.payment.ledger.usecases.close_day import CloseDay, close_day
from services.payment.ledger.usecases.ledger import GetTrialBalance, trial_balance
from services.payment.ledger.usecases.views import BalanceView
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option


@click.group("ledger", cls=HelpfulGroup)
def ledger() -> None:
    """The books."""


@ledger.command("balance")
@currency_option
@tenant_option
@json_option
@click.pass_context
def balance(context: click.Context, currency: str, tenant: str | None, as_json: bool) -> int:
    """Show the sums of every account; exit 1 when debits are not credits."""
    with payment_transactions(context, tenant) as transactions, transactions.reading() as tx:
        trial = trial_balance(tx, GetTrialBalance(currency), transactions.context())
    if as_json:
        print_json(trial)
    else:
        total: BalanceView = {
            "account": "all", "debit_minor": trial["total_debit_minor"], "credit_minor": trial["total_credit_minor"],
            "balance_minor": trial["total_debit_minor"] - trial["total_credit_minor"],
        }
        rows = [
            {
                "account": each["account"], "debit 元": yuan(each["debit_minor"]),
                "credit 元": yuan(each["credit_minor"]), "balance 元": yuan(each["balance_minor"]),
            }
            for each in (*trial["accounts"], total)
        ]
        print_rows(rows if trial["accounts"] else [], empty=transactions.nothing(f"no entry in {currency}"))
    return 0 if trial["balanced"] else 1


@ledger.command("close")
@click.argument("day", metavar="DATE", type=Day())
@tenant_option
@json_option
@click.pass_context
def close(context: click.Context, day: date, tenant: str | None, as_json: bool) -> None:
    """Close DATE and every day before it: what is settled for them changes no more. Again, it changes nothing."""
    with payment_transactions(context, tenant) as transactions, transactions.begin(transactions.tenant) as tx:
        done = close_day(tx, CloseDay(day), transactions.context())
    if as_json:
        print_json(done)
        return
    print_rows([{
        "tenant": transactions.tenant, "closed through": done["business_day"], "after": done["since"],
        "entries": f"{done['entry_count']:,}", "closed at": done["closed_at"].isoformat(), "by": done["closed_by"],
    }])
