"""`zhongtai status --watch`: the load of each service, again and again."""
from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared_components.cli.output import print_json, print_rows
from shared_components.cli.platform_access import broker_view
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import service_folder
from shared_components.runtime.load_view import LoadView, ServiceLoad

if TYPE_CHECKING:
    from rich.table import Table

    from shared_components.db import Database

NUMBERS = ("processes", "calls_s", "failed_s", "waiting", "running", "wait_p95_ms", "p95_ms", "queue", "outbox", "dead")


def watch(
    configuration: Mapping[str, Any], services: Sequence[str], *, every_s: float, times: int | None, as_json: bool,
) -> int:
    """Show until Ctrl-C, or so many times. JSON: one line a look."""
    with ExitStack() as stack:
        looks = _looks(stack, configuration, services, every_s, times)
        if as_json:
            for at, rows in looks:
                print_json({"at": at, "services": rows})
                sys.stdout.flush()
        elif sys.stdout.isatty():
            _show_live(looks)
        else:
            for _, rows in looks:
                print_rows(rows)
                sys.stdout.flush()
    return 0


def _looks(
    stack: ExitStack, configuration: Mapping[str, Any], services: Sequence[str], every_s: float, times: int | None,
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    broker = broker_view(configuration)
    stack.callback(broker.close)
    view = LoadView(broker)
    outboxes = {name: _Outbox(stack, configuration["database"]["url"], name) for name in services}
    done = 0
    while True:
        began = time.monotonic()
        rows = [_row(load, outboxes[load.service]) for load in view.read(services)]
        yield datetime.now(UTC).isoformat(timespec="milliseconds"), rows
        done += 1
        if done == times:
            return
        time.sleep(max(every_s - (time.monotonic() - began), 0.0))


def _row(load: ServiceLoad, outbox: _Outbox) -> dict[str, Any]:
    told = {**asdict(load), "outbox": outbox.rows()}
    return {"service": load.service, **{name: told[name] for name in NUMBERS}}


class _Outbox:
    """Rows of one service's outbox, over one connection."""

    def __init__(self, stack: ExitStack, url: str, service: str) -> None:
        self._database: Database | None = None
        if (service_folder(service) / "migrations").is_dir():
            from shared_components.db import Database

            self._database = Database(url, service, pool_size=1)
            stack.callback(self._database.dispose)

    def rows(self) -> int | None:
        """None for a service without a database, and while the database cannot be asked."""
        from shared_components.db import ALL_TENANTS, outbox

        if self._database is None:
            return None
        try:
            with self._database.reading(ALL_TENANTS) as session:
                return outbox.lag(session).waiting
        except AppError:
            return None


def _show_live(looks: Iterator[tuple[str, list[dict[str, Any]]]]) -> None:
    from rich.live import Live

    with Live(auto_refresh=False) as live:
        for at, rows in looks:
            live.update(_table(at, rows), refresh=True)


def _table(at: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(caption=f"{at}; Ctrl-C ends it")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="left" if name == "service" else "right")
    for row in rows:
        troubled = bool(row["dead"] or row["failed_s"] or not row["processes"])
        table.add_row(*("-" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)
                        for value in row.values()), style="red" if troubled else None)
    return table
