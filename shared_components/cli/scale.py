"""`zhongtai scale`."""
from __future__ import annotations

import re
import socket
import time
from collections.abc import Mapping
from typing import Any

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_rows
from shared_components.cli.platform_access import broker_view, is_embedded
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unavailable
from shared_components.runtime.scalers import ComposeScaler, KubernetesScaler, Scaler, SupervisorScaler
from shared_components.runtime.supervisor_socket import SupervisorClient
from shared_components.runtime.worker_counts import MOST, whole_number

LOOK_EVERY_S = 0.3
WANTED = re.compile(r"([a-z][a-z0-9_]{0,39})=(.*)", re.DOTALL)


class NotServing(Unavailable):
    """The processes were started, and not all of them serve."""

    code = "cli.not-serving"
    texts = {"en": "Not all processes serve yet.", "zh": "并非所有进程都已提供服务。"}


def scaler_options(function: Any) -> Any:
    function = click.option("--compose", metavar="FILE", help="Scale containers of Docker Compose.")(function)
    return click.option("--kubernetes", metavar="NAMESPACE", help="Scale Deployments by kubectl.")(function)


def chosen_scaler(configuration: Mapping[str, Any], compose: str | None, kubernetes: str | None) -> Scaler:
    if compose and kubernetes:
        raise WrongUse("--compose and --kubernetes are given; one of them is allowed")
    if compose:
        return ComposeScaler(compose)
    if kubernetes:
        return KubernetesScaler(kubernetes)
    if is_embedded(configuration):
        raise WrongUse("broker.url is inproc://, whose platform is one process; scaling needs RabbitMQ (`make up`)")
    return SupervisorScaler(configuration["operator"]["socket"])


@click.command("scale")
@click.argument("wanted", nargs=-1, metavar="[SERVICE=N…]")
@scaler_options
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and change nothing.")
@click.option("--wait-s", type=click.FloatRange(0, 3600), default=120.0, show_default=True,
              help="How long to wait until the new processes serve and the others have left; 0 does not wait.")
@json_option
@click.pass_context
def command(
    context: click.Context, wanted: tuple[str, ...], compose: str | None, kubernetes: str | None, dry_run: bool,
    wait_s: float, as_json: bool,
) -> int:
    """Have N processes of a service from now on: `zhongtai scale payment=6`. Without arguments, show the numbers.

    A process that leaves takes no new work and finishes what it has begun; nothing else is restarted.
    """
    configuration = configuration_of(context)
    counts = counts_of(wanted)
    scaler = chosen_scaler(configuration, compose, kubernetes)
    if dry_run and counts:
        print_rows([{"would": line} for line in scaler.described(counts)], as_json=as_json)
        return 0
    before = scaler.counts()
    if counts:
        scaler.scale(counts)
        if wait_s and isinstance(scaler, SupervisorScaler):
            _await(configuration, counts, wait_s)
    after = scaler.counts()
    shown = counts or after
    print_rows([{"service": name, "before": before.get(name), "processes": after.get(name)} for name in shown],
               as_json=as_json, empty="no services")
    return 0


def counts_of(wanted: tuple[str, ...]) -> dict[str, int]:
    """Read `SERVICE=N` arguments. Raises WrongUse."""
    counts: dict[str, int] = {}
    for text in wanted:
        found = WANTED.fullmatch(text)
        count = whole_number(found[2]) if found else None
        if found is None or count is None:
            raise WrongUse(Bilingual(
                f"argument is '{text[:80]}'; SERVICE=N is allowed, with N from 1 to {MOST}",
                f"参数为“{text[:80]}”；格式为 SERVICE=N，N 为 1 至 {MOST}"))
        if found[1] in counts:
            raise WrongUse(Bilingual(
                f"service '{found[1]}' is given twice; once is allowed", f"服务“{found[1]}”给出两次；只允许一次"))
        counts[found[1]] = count
    return counts


def _await(configuration: Mapping[str, Any], counts: Mapping[str, int], wait_s: float) -> None:
    """Wait until those serve that are wanted, and the others have left. Raises NotServing."""
    until = time.monotonic() + wait_s
    with SupervisorClient(configuration["operator"]["socket"]) as supervisor, broker_view(configuration) as broker:
        while True:
            workers = [one for one in supervisor.workers() if one.service in counts]
            told = {one.pid for one in broker.instances() if one.host == socket.gethostname()}
            serving = {name: sum(one.service == name and one.state == "running" and one.pid in told for one in workers)
                       for name in counts}
            leaving = sum(one.state == "leaving" for one in workers)
            if serving == dict(counts) and not leaving:
                return
            if time.monotonic() > until:
                missing = ", ".join(f"{name} {serving[name]} of {count}" for name, count in counts.items())
                raise NotServing(Bilingual(
                    f"after {wait_s:g} s these serve: {missing}; {leaving} are leaving; the platform's log says why",
                    f"{wait_s:g} 秒后正在服务的进程：{missing}；{leaving} 个正在退出；原因见平台日志"))
            time.sleep(LOOK_EVERY_S)
