"""`zhongtai payment statement import|fetch|list`."""
from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from services.payment.commands.files import opened_statement, writing
from services.payment.commands.options import CHANNEL, Day, FilePath, tenant_option
from services.payment.commands.pages import read_pages
from services.payment.commands.transactions import payment_transactions, yuan
from services.payment.reconciliation.adapters.statement_files import ReadAhead, StatementFile
from services.payment.reconciliation.domain.errors import StatementConflict
from services.payment.reconciliation.domain.statement import ALIPAY, FORMATS, WECHAT, ZHONGTAI
from services.payment.reconciliation.usecases.fetch_statement import fetch_statement
from services.payment.reconciliation.usecases.import_statement import WantedImport, import_statement
from services.payment.reconciliation.usecases.list_statements import ListStatements, list_statements
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.bilingual import Bilingual

CHANNEL_FORMATS = {"wechat": WECHAT, "alipay": ALIPAY}


@click.group("statement", cls=HelpfulGroup)
def statement() -> None:
    """Channels' daily statements."""


@statement.command("import")
@click.argument("file", type=FilePath())
@click.option("--channel", required=True, type=CHANNEL, help="Whose statement it is: wechat, alipay, sandbox, …")
@click.option("--date", "day", required=True, type=Day(), help="The day of its trades, in China.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Else the channel's own, else zhongtai.")
@click.option("--supersede", is_flag=True, help="Put it in the place of another statement of that channel and day.")
@tenant_option
@json_option
@click.pass_context
def import_(
    context: click.Context, file: Path, channel: str, day: date, format_: str | None, supersede: bool,
    tenant: str | None, as_json: bool,
) -> None:
    """Import FILE, of any size. The same file again changes nothing; one that is refused can be brought again."""
    wanted_format = format_ or CHANNEL_FORMATS.get(channel, ZHONGTAI)
    with opened_statement(file) as opened, payment_transactions(context, tenant) as transactions:
        source = ReadAhead(StatementFile(opened, wanted_format))
        wanted = WantedImport(transactions.tenant, channel, day, supersede)
        began = time.monotonic()
        with progress_bar("import", source.size) as told:
            try:
                done = import_statement(
                    transactions, transactions.channels, wanted, source, lambda at, lines: told(at, f"{lines:,} lines")
                )
            except StatementConflict as error:
                known = error.details["statement_id"]
                raise StatementConflict(
                    Bilingual(
                        f"channel '{channel}' has statement {known} of {day} with other content; keep it, or import "
                        "with --supersede",
                        f"渠道“{channel}”已有 {day} 的对账单 {known}，内容不同；请保留它，或用 --supersede 导入"),
                    details=error.details,
                ) from error
        _print(done, as_json, time.monotonic() - began)


@statement.command("fetch")
@click.argument("file", type=FilePath())
@click.option("--channel", required=True, type=CHANNEL)
@click.option("--date", "day", required=True, type=Day())
@json_option
@click.pass_context
def fetch(context: click.Context, file: Path, channel: str, day: date, as_json: bool) -> None:
    """Get a channel's statement of a day into FILE, where the channel offers that."""
    with writing(file), payment_transactions(context, None) as transactions:
        size = file.write_bytes(fetch_statement(transactions.channels, channel, day, now=transactions.clock.now()))
    done = {"file": str(file), "channel": channel, "date": day, "bytes": size}
    if as_json:
        print_json(done)
    else:
        print_rows([done])


@statement.command("list")
@click.option("--channel", type=CHANNEL)
@click.option("--date", "day", type=Day())
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@tenant_option
@json_option
@click.pass_context
def list_(
    context: click.Context, channel: str | None, day: date | None, limit: int, tenant: str | None, as_json: bool
) -> None:
    """Show statements with what became of them, newest first."""
    with payment_transactions(context, tenant) as transactions, transactions.reading() as tx:
        found = read_pages(
            lambda request: list_statements(tx, ListStatements(**request), transactions.context()),
            {"channel": channel, "day": day},
            limit,
        )
    if as_json:
        print_json(found["items"])
        return
    print_rows([_row(each) for each in found["items"]], empty=transactions.nothing("no such statement"))


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[note]}"),
               TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total, note="")
        yield lambda done, note: bar.update(task, completed=done, note=note)


def _unseen(_done: int, _note: str) -> None:
    """Nobody watches."""


def _print(done: Any, as_json: bool, took_s: float) -> None:
    if as_json:
        print_json(done)
        return
    print_rows([_row(done)])
    if sys.stdout.isatty() and took_s > 1:
        click.echo(f"{done['line_count'] / took_s:,.0f} lines/s")


def _row(statement: Any) -> dict[str, Any]:
    failure = statement["failure"]
    return {
        "statement": statement["statement_id"], "channel": statement["channel"], "date": statement["date"],
        "state": ("!" if failure else "") + statement["state"], "payments": statement["payment_count"],
        "元": yuan(statement["payments_minor"]), "refunds": statement["refund_count"],
        "元 back": yuan(statement["refunds_minor"]),
        "fees 元": None if statement["fees_minor"] is None else yuan(statement["fees_minor"]),
        "open": statement["open_count"],
        "failure": failure["message"] if failure else None,
    }
