"""`zhongtai payment settlement`."""
from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from services.payment.commands.files import writing
from services.payment.commands.options import Day, FilePath, currency_option, tenant_option
from services.payment.commands.transactions import PaymentTransactions, payment_transactions, yuan
from services.payment.ledger.adapters import settlement_plot
from services.payment.ledger.usecases.settlement import SUMS, GetSettlement, get_settlement
from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.money import decimal_text

DAY, CURRENCY, CLOSED = "营业日", "币种", "已关账"
COLUMNS = {
    "collecting_unit": "执收单位编码",
    "paid_count": "缴款笔数",
    "paid_minor": "缴款金额（元）",
    "refund_count": "退款笔数",
    "refunded_minor": "退款金额（元）",
    "other_minor": "调整金额（元）",
    "net_minor": "应划金额（元）",
}
MOST_DAYS = 92
"""A quarter; more columns than that cannot be told apart."""
Report = Mapping[str, Any]


@click.command("settlement")
@click.argument("day", metavar="[DATE]", required=False, type=Day())
@click.option("--from", "first", type=Day(), help="Instead of DATE: the first of several days.")
@click.option("--to", "last", type=Day(), help="The last of them.")
@click.option("--csv", "table", type=FilePath(), help="Write it there, too.")
@click.option("--plot", "picture", type=FilePath(), help="Draw it there, too: a name that ends with .svg or .pdf.")
@currency_option
@tenant_option
@json_option
@click.pass_context
def settlement(
    context: click.Context, day: date | None, first: date | None, last: date | None, table: Path | None,
    picture: Path | None, currency: str, tenant: str | None, as_json: bool,
) -> None:
    """Show what each collecting unit is owed for DATE, or for several days, each from the day after on."""
    days = _days(day, first, last)
    if picture is not None and picture.suffix.lower() not in settlement_plot.KINDS:
        raise WrongUse(Bilingual(
            f"--plot is '{picture}'; a name that ends with {' or '.join(settlement_plot.KINDS)} is allowed",
            f"--plot 为“{picture}”；文件名须以 {' 或 '.join(settlement_plot.KINDS)} 结尾"))
    with payment_transactions(context, tenant) as transactions, transactions.reading() as tx:
        # The newest first: it is the one that may not be over.
        reports = [
            get_settlement(tx, GetSettlement(each, currency), transactions.context())
            for each in reversed(days)
        ][::-1]
    if table is not None:
        _write(table, reports)
    if picture is not None:
        with writing(picture):
            picture.write_bytes(settlement_plot.plot(reports, picture.suffix.lower()))
    if as_json:
        print_json(reports[0] if day is not None else {"days": reports, **_sums(reports)})
    elif day is not None:
        _print_day(reports[0], transactions)
    else:
        _print_days(reports, transactions)


def _days(day: date | None, first: date | None, last: date | None) -> list[date]:
    """Raises WrongUse."""
    if day is not None and first is None and last is None:
        return [day]
    if day is None and (first is None) != (last is None):
        given, missing = (f"--from is {first}", "--to") if last is None else (f"--to is {last}", "--from")
        raise WrongUse(Bilingual(
            f"{given} and {missing} is missing; both, or DATE alone, are allowed",
            f"只给了 {given.partition(' ')[0]}，缺少 {missing}；须两者都给，或只给 DATE"))
    if day is not None:
        more = " and ".join(f"--{name} {each}" for name, each in (("from", first), ("to", last)) if each is not None)
        raise WrongUse(Bilingual(
            f"days are {day} and also {more}; DATE alone, or --from DATE and --to DATE, is allowed",
            f"日期为 {day}，又给了 --from 或 --to；只能给 DATE，或 --from DATE 和 --to DATE"))
    if first is None or last is None:
        raise WrongUse(Bilingual(
            "which days is not said; DATE, or --from DATE and --to DATE, is allowed",
            "没有指定日期；须给 DATE，或 --from DATE 和 --to DATE"))
    if not 0 <= (last - first).days < MOST_DAYS:
        raise WrongUse(Bilingual(
            f"days are {first} to {last}; 1 to {MOST_DAYS} days that go forward are allowed",
            f"日期为 {first} 至 {last}；止日不得早于起日，允许 1 至 {MOST_DAYS} 天"))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _sums(reports: Sequence[Report]) -> dict[str, int]:
    return {name: sum(report[name] for report in reports) for name in SUMS}


def _print_day(report: Report, transactions: PaymentTransactions) -> None:
    rows = [*report["units"], {**report, "collecting_unit": "合计"}] if report["units"] else []
    shown = [{**_shown(row), CLOSED: _closed(report)} for row in rows]
    print_rows(shown, empty=transactions.nothing("nothing was paid or given back on that day"))
    if not report["final"]:
        click.echo(
            f"{report['business_day']} is not closed yet; {_close(report, transactions)} makes it final", err=True
        )


def _print_days(reports: Sequence[Report], transactions: PaymentTransactions) -> None:
    rows = [
        {DAY: str(report["business_day"]), **_shown(row), CLOSED: _closed(report)}
        for report in reports for row in report["units"]
    ]
    total = {DAY: "合计", **_shown({"collecting_unit": "", **_sums(reports)}), CLOSED: _closed(*reports)}
    empty = transactions.nothing("nothing was paid or given back on those days")
    print_rows([*rows, total] if rows else [], empty=empty)
    still_open = [str(report["business_day"]) for report in reports if not report["final"]]
    if still_open:
        click.echo(
            f"{len(still_open)} of {len(reports)} days are not closed yet, from {still_open[0]} on; "
            f"{_close(reports[-1], transactions)} makes them final", err=True)


def _close(report: Report, transactions: PaymentTransactions) -> str:
    return f"'zhongtai payment ledger close {report['business_day']} --tenant {transactions.tenant}'"


def _shown(row: Mapping[str, Any]) -> dict[str, str]:
    """Under the heads of the spreadsheet, so that the two can be laid side by side."""
    return {
        head: yuan(row[name]) if name.endswith("_minor") else str(row[name]) for name, head in COLUMNS.items()
    }


def _closed(*reports: Report) -> str:
    return "是" if all(report["final"] for report in reports) else "否"


def _write(file: Path, reports: Sequence[Report]) -> None:
    """The byte order mark tells spreadsheets that it is UTF-8. Amounts have no separators: they are numbers."""
    with writing(file), file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([DAY, CURRENCY, *COLUMNS.values(), CLOSED])
        for report in reports:
            for row in report["units"]:
                cells = (_cell(row, name) for name in COLUMNS)
                writer.writerow([report["business_day"], report["currency"], *cells, _closed(report)])


def _cell(row: Mapping[str, Any], name: str) -> str:
    if not name.endswith("_minor"):
        return _harmless(str(row[name]))
    return decimal_text(row[name])


def _harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
