"""`zhongtai rehearse`."""
from __future__ import annotations

import asyncio
import ipaddress
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json
from shared_components.cli.platform_access import broker_view, is_embedded
from shared_components.cli.settings import configuration_of, json_option
from shared_components.devstack.rehearsing.load import Result, Second, rehearse
from shared_components.devstack.rehearsing.report import html, plan
from shared_components.devstack.rehearsing.shapes import SHAPES, Peak, peak
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.broker_nodes import nodes_of

TENANT, ITEM, SERVICE = "rehearsal", "rehearsal-fee", "payment"
READS = 0.8
FEE_ITEM = {
    "item_code": ITEM, "name": "演练收费", "collecting_unit": "1133010600000030X3", "unit": "次", "price_minor": 100,
    "currency": "CNY", "division": "420100",
}  # fmt: skip


@click.command("rehearse")
@click.option("--rate", required=True, metavar="N/s", help="Calls a second at the height of the peak.")
@click.option("--for", "seconds", required=True, metavar="TIME", help="How long, such as 90s or 10m.")
@click.option("--shape", default="tax-deadline", show_default=True, help=f"One of {', '.join(SHAPES)}.")
@click.option("--host", metavar="HOST", help="The broker's host, when it is another machine than this.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), default=Path("var") / "rehearsal.html",
              show_default=True, help="Where the report is written.")
@click.option("--target", type=click.IntRange(1, 1_000_000), default=38_000, show_default=True,
              help="Calls a second that the plan is for.")
@json_option
@click.pass_context
def command(
    context: click.Context, rate: str, seconds: str, shape: str, host: str | None, report: Path, target: int,
    as_json: bool,
) -> int:
    """Put a bounded, synthetic load on the platform: orders (20 %) and reads of them (80 %) of tenant `rehearsal`.

    It shows each second, and writes a report with plots and the plan for a larger peak. Reports of other tenants do
    not have its orders, which stay in the database: rehearse on a copy where that matters.
    """
    wanted, configuration = peak(rate, seconds, shape), configuration_of(context)
    if configuration["environment"] == "production":
        raise WrongUse("environment is 'production'; a rehearsal is for a copy of it")
    _check_host(configuration, host)
    with broker_view(configuration) as broker:
        processes = len({one.pid for one in broker.instances() if one.service == SERVICE})
    result = asyncio.run(_run(configuration["broker"]["url"], wanted, as_json=as_json))
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(html(result, processes, target), encoding="utf-8")
    _tell(result, processes, target, report, as_json=as_json)
    return 0 if result.outcomes["ok"] else 1


def _check_host(configuration: Mapping[str, Any], named: str | None) -> None:
    if is_embedded(configuration):
        raise WrongUse("broker.url is inproc://; a rehearsal needs RabbitMQ (`make up`)")
    for host in (urlsplit(node).hostname or "" for node in nodes_of(configuration["broker"]["url"])):
        if not _is_loopback(host) and named != host:
            raise WrongUse(Bilingual(
                f"broker.url is at '{host}', which is another machine; this one is allowed, or --host {host}",
                f"broker.url 位于其他主机“{host}”；只允许本机，或使用 --host {host}"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _run(url: str, wanted: Peak, *, as_json: bool) -> Result:
    from shared_components.bus.client.asyncio_ import AsyncBusClient

    client = AsyncBusClient(url, caller="operator", tenant=TENANT)
    await client.start()
    orders: list[str] = []

    async def call(chance: random.Random) -> object:
        if orders and chance.random() < READS:
            return await client.call(SERVICE, "get_order", {"order_id": chance.choice(orders)})
        order = await client.call(SERVICE, "create_order", {
            "payer_name": "演练", "reference": f"rehearsal-{chance.getrandbits(64):016x}",
            "lines": [{"item_code": ITEM, "quantity": 1}]})
        orders.append(order["order_id"])
        return order

    def tell(number: int, second: Second, in_flight: int) -> None:
        if as_json:
            print_json({"second": number, "due": second.due, "ended": dict(second.ended), "in_flight": in_flight})
        else:
            ok = second.ended["ok"]
            sys.stdout.write(f"{number:>5} s  due {second.due:>6}  ok {ok:>6}  in flight {in_flight:>5}\n")
        sys.stdout.flush()

    try:
        await client.call(SERVICE, "put_fee_item", FEE_ITEM)
        return await rehearse(wanted, call, tell, seed=random.SystemRandom().getrandbits(32))
    finally:
        await client.close()


def _tell(result: Result, processes: int, target: int, report: Path, *, as_json: bool) -> None:
    made = plan(result, processes, target)
    if as_json:
        print_json({
            "outcomes": dict(result.outcomes), "best_rate": round(result.best_rate, 1), "processes": processes,
            "p50_ms": round(result.percentile_ms(0.5), 1), "p95_ms": round(result.percentile_ms(0.95), 1),
            "plan": {"target": target, "processes": made.processes, "server_cores": made.server_cores},
            "report": str(report)})
        return
    outcomes = ", ".join(f"{code} {count:,}" for code, count in result.outcomes.most_common())
    print(f"{outcomes}; p50 {result.percentile_ms(0.5):,.0f} ms, p95 {result.percentile_ms(0.95):,.0f} ms")
    print(made.arithmetic)
    print(f"report in {report}")
