"""The rows of the table: what is measured, against what, and the floors that were asked for."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STOCK, OURS = "stock", "ours"


@dataclass(frozen=True)
class Side:
    """How one side of a row is loaded. module: of tests/benchmarks/load; needs: what must run for it.

    user: of the broker; empty is the application's. prepared: what is sent is made by load/prepare.py beforehand.
    """

    module: str
    work: str
    in_flight: int = 1
    connections: int = 1
    needs: tuple[str, ...] = ()
    user: str = ""
    prepared: bool = False


@dataclass(frozen=True)
class Floor:
    """ratio: to stock nameko in the same run; rate: calls a second; aim: what one hopes for. None: not asked.

    share: of a limit row, the share that the row beside it must reach.
    """

    ratio: float | None = None
    rate: float | None = None
    aim: float | None = None
    share: float | None = None


@dataclass(frozen=True)
class Row:
    """workers: processes of the measured service. curve, scales: the plot's lines that this point lies on.

    once: measured in the first round only. alone: it starts what it needs itself, and is measured after all others.
    extra: figures that its entry has besides the agreed ones.
    beside: the row that this one is a limit or a rival of; its entry has that row's value as a share of its own.
    """

    name: str
    ours: Side
    stock: Side | None = None
    floor: Floor = field(default_factory=Floor)
    workers: int = 1
    curve: str = ""
    scales: str = ""
    once: bool = False
    alone: bool = False
    unit: str = "calls/s"
    extra: tuple[str, ...] = ()
    beside: str = ""


EDGE, NATS = "edge", "nats"
MANY, MANY_ORDERS, MANY_REQUESTS, MANY_EVENTS = 1024, 1024, 256, 256
ORDERS = "payment.create_order"
IN_FLIGHT = (4, 16, 64, 256)
WORKERS = (2, 4)


def echo(in_flight: int, connections: int = 1, *, edge: bool = False) -> Side:
    return Side("bus", "echo", in_flight, connections, ("echo", EDGE) if edge else ("echo",))


def create_order(in_flight: int) -> Side:
    return Side("bus", "create_order", in_flight, 1, ("payment",))


def stock(work: str, in_flight: int, connections: int = 1) -> Side:
    return Side("stock", work, in_flight, connections, ("stock",))


def http(work: str, service: str) -> Side:
    return Side("http", work, MANY_REQUESTS, needs=(service, "gateway"))


STOCK_HTTP = ("stock", "stock.gateway")

MAIN = (
    Row("bus.echo.serial", echo(1), stock("echo", 1), Floor(ratio=2), curve="bus.echo"),
    Row("bus.echo.concurrent", echo(MANY), stock("echo", MANY), Floor(ratio=75, aim=38_000),
        curve="bus.echo", scales="bus.echo"),
    Row("bus.echo.many_clients", echo(64, 64), stock("echo", 64, 64), Floor(ratio=5)),
    # As an app outside has them: the same calls by way of the edge.
    Row("edge.echo.serial", echo(1, edge=True), stock("echo", 1)),
    Row("edge.echo.concurrent", echo(MANY, edge=True), stock("echo", MANY)),
    Row("payment.create_order.serial", create_order(1), stock("create_order", 1), Floor(),
        curve=ORDERS),
    Row("payment.create_order.concurrent", create_order(MANY_ORDERS), stock("create_order", MANY_ORDERS),
        Floor(ratio=25, aim=8_000), curve=ORDERS, scales=ORDERS),
    Row("payment.create_order_beside_bare.serial", create_order(1), stock("create_bare_order", 1)),
    Row("payment.create_order_beside_bare.concurrent", create_order(MANY_ORDERS),
        stock("create_bare_order", MANY_ORDERS)),
    Row("payment.apply_channel_notification.concurrent",
        Side("bus", "apply_channel_notification", MANY, needs=("payment",), user="gateway", prepared=True)),
    Row("event.publish_to_handled",
        Side("events", "publish", MANY_EVENTS, needs=("emitter", "listener")),
        Side("events", "publish", 16, needs=("stock", "stock.listener"))),
    Row("gateway.echo", http("echo", "echo"), Side("http", "echo", 16, needs=STOCK_HTTP), Floor(rate=5_000)),
    Row("gateway.create_order", http("create_order", "payment"), Side("http", "create_order", 16, needs=STOCK_HTTP),
        Floor(rate=2_500)),
)  # fmt: skip

# Tokens that the service has verified before, and tokens that it has never seen.
LOGINS = (
    Row("identity.introspect_token.concurrent", Side("bus", "introspect_known", MANY, needs=("identity",)),
        floor=Floor(rate=10_000)),
    Row("identity.introspect_token.cold", Side("bus", "introspect_new", MANY, needs=("identity",)), once=True),
)  # fmt: skip


def limit(name: str, beside: str, work: str, share: float | None = None) -> Row:
    return Row(f"{beside}.{name}", Side("limits", work, needs=("payment",)), floor=Floor(share=share), beside=beside)


# What the parts alone can do in the same run, and another broker's request-reply with the same payload.
BESIDE = (
    limit("limit", "payment.create_order.serial", "serial", 0.67),
    limit("limit_database", "payment.create_order.concurrent", "database", 0.7),
    limit("limit_messages", "payment.create_order.concurrent", "messages"),
    Row("bus.echo.serial.nats", Side(NATS, "echo", 1, needs=(NATS,)), beside="bus.echo.serial"),
    Row("bus.echo.concurrent.nats", Side(NATS, "echo", MANY, needs=(NATS,)), beside="bus.echo.concurrent"),
)  # fmt: skip
CURVES = tuple(
    Row(f"{name}.in_flight.{count}", ours(count), stock(work, count), curve=name, once=True)
    for name, work, ours in (("bus.echo", "echo", echo), (ORDERS, "create_order", create_order))
    for count in IN_FLIGHT
)
SCALE = tuple(
    Row(f"{name}.workers.{count}", ours(MANY), workers=count, scales=name)
    for count in WORKERS
    for name, ours in (("bus.echo", echo), (ORDERS, create_order))
)
ALONE = (
    Row("payment.reconcile", Side("reconcile", "reconcile"), floor=Floor(rate=20_000), once=True, alone=True,
        unit="lines/s", extra=("lines", "import_lines_per_s", "reconcile_lines_per_s", "import_peak_mib",
                               "reconcile_peak_mib")),
    Row("identity.refresh", Side("logins", "refresh"), floor=Floor(rate=1_000), once=True, alone=True,
        unit="refreshes/s"),
    Row("identity.client_credentials", Side("app_tokens", "token"), floor=Floor(rate=1_500), once=True, alone=True,
        unit="tokens/s", extra=("identity_cpu_us", "gateway_cpu_us")),
    Row("authority.permit", Side("decisions", "permit"), floor=Floor(rate=200_000), once=True, alone=True,
        unit="decisions/s"),
    Row("identity.login", Side("sign_ins", "password"), floor=Floor(rate=25), once=True, alone=True,
        unit="sign-ins/s a core"),
)  # fmt: skip
ROWS = MAIN + LOGINS + BESIDE + CURVES + SCALE + ALONE


def chosen(only: str, rows: Sequence[Row] = ROWS) -> list[Row]:
    """only: rows whose name begins with it, or with one of several separated by commas; empty is all."""
    prefixes = tuple(part.strip() for part in only.split(",") if part.strip()) if only else ("",)
    return [row for row in rows if row.name.startswith(prefixes)]


def as_result(
    name: str, ours: Mapping[str, Any], stock: Mapping[str, Any] | None, *, unit: str = "calls/s",
    extra: Sequence[str] = (),
) -> dict[str, Any]:
    """An entry of build/bench/results.json. What is no call has no latency."""
    return {
        "name": name, "value": round(ours["rate"], 1), "unit": unit,
        "baseline": round(stock["rate"], 1) if stock else None,
        "ratio": round(ours["rate"] / stock["rate"], 2) if stock else None,
        **{key: round(ours[key], 3) if key in ours else None for key in ("p50_ms", "p99_ms")},
        **{key: ours[key] for key in extra},
    }  # fmt: skip


def not_measured(name: str, reason: str, *, unit: str) -> dict[str, Any]:
    """An entry without figures, which says why."""
    figures = dict.fromkeys(("value", "baseline", "ratio", "p50_ms", "p99_ms"))
    return {"name": name, "unit": unit, **figures, "reason": reason}
