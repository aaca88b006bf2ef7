"""`zhongtai payment settlement`."""
from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from services.payment.commands.files import writing
from services.payment.commands.options import Day, FilePath, currency_option, tenant_option
from services.payment.commands.units import direct_units, yuan
from services.payment.usecases.settlement import get_settlement
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.money import decimal_text

COLUMNS = {
    "collecting_unit": "执收单位编码",
    "paid_count": "缴款笔数",
    "paid_minor": "缴款金额（元）",
    "refund_count": "退款笔数",
    "refunded_minor": "退款金额（元）",
    "other_minor": "调整金额（元）",
    "net_minor": "应划金额（元）",
}


@click.command("settlement")
@click.argument("day", metavar="DATE", type=Day())
@click.option("--csv", "file", type=FilePath(), help="Write it there, too.")
@currency_option
@tenant_option
@json_option
@click.pass_context
def settlement(
    context: click.Context, day: date, file: Path | None, currency: str, tenant: str | None, as_json: bool
) -> None:
    """Show what each collecting unit is owed for DATE, from the day after on."""
    with direct_units(context, tenant) as units, units.reading() as unit:
        report = get_settlement(unit, units.call({"business_day": day, "currency": currency}))
    if file is not None:
        _write(file, report)
    if as_json:
        print_json(report)
        return
    rows = [*report["units"], {**report, "collecting_unit": "all"}] if report["units"] else []
    print_rows([_shown(row) for row in rows], empty="nothing was paid or given back on that day")
    if not report["final"]:
        click.echo(f"{report['business_day']} is not closed yet; close_day makes it final", err=True)


def _shown(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removesuffix("_minor") + (" 元" if name.endswith("_minor") else ""): (
            yuan(row[name]) if name.endswith("_minor") else str(row[name])
        )
        for name in COLUMNS
    }


def _write(file: Path, report: Mapping[str, Any]) -> None:
    """The byte order mark tells spreadsheets that it is UTF-8. Amounts have no separators: they are numbers."""
    with writing(file), file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["营业日", "币种", *COLUMNS.values()])
        for row in report["units"]:
            writer.writerow([report["business_day"], report["currency"], *(_cell(row, name) for name in COLUMNS)])


def _cell(row: Mapping[str, Any], name: str) -> str:
    if not name.endswith("_minor"):
        return str(row[name])
    return decimal_text(row[name])
