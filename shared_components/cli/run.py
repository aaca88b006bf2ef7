"""`zhongtai run`: everything in one process on inproc://, one process a service on RabbitMQ."""
from __future__ import annotations

import sys
from typing import Any

import click

from shared_components.cli.discovery import chosen_services
from shared_components.cli.errors import WrongUse
from shared_components.cli.migrate import migrate_services
from shared_components.cli.platform import GATEWAY, Platform, StopSignal, check_services
from shared_components.cli.settings import configuration_of
from shared_components.cli.supervisor import Supervisor
from shared_components.observability.logs import configure_from


@click.command("run")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--workers", "-w", multiple=True, metavar="[SERVICE:]N",
              help="Processes a service (RabbitMQ only): 2 for each, or payment:3 for one; may be given again.")
@click.pass_context
def command(context: click.Context, services: tuple[str, ...], workers: tuple[str, ...]) -> int:
    """Migrate the databases and run services until Ctrl-C; all of them when none is named."""
    configuration = configuration_of(context)
    names = chosen_services(services)
    counts = worker_counts(workers, names)
    check_services(configuration, names)
    migrate_services(configuration["database"]["url"], tuple(names))
    if configuration["broker"]["url"].startswith("inproc"):
        if any(count != 1 for count in counts.values()):
            raise WrongUse("--workers needs a broker that processes can share; broker.url is inproc:// (one process)")
        return _run_here(configuration, names)
    return _supervise(context, configuration, counts)


def worker_counts(given: tuple[str, ...], names: list[str]) -> dict[str, int]:
    """Processes wanted of each service. Raises WrongUse."""
    counts = dict.fromkeys(names, 1)
    for text in given:
        name, sign, number = text.rpartition(":")
        if not number.isdecimal() or not 1 <= int(number) <= 256:
            raise WrongUse(f"--workers is '{text}'; N or SERVICE:N is allowed, with N from 1 to 256")
        if sign and name not in counts:
            raise WrongUse(f"--workers names '{name}'; the services to run are: {', '.join(names)}")
        for one in [name] if sign else [n for n in names if n != GATEWAY]:
            counts[one] = int(number)
    return counts


def _run_here(configuration: dict[str, Any], names: list[str]) -> int:
    configure_from(configuration["log"])
    stop = StopSignal()
    platform = Platform(configuration, names)
    platform.start()
    try:
        _greet(configuration, names)
        platform.wait(stop)
    finally:
        clean = platform.stop()
    return 0 if clean else 1


def _supervise(context: click.Context, configuration: dict[str, Any], counts: dict[str, int]) -> int:
    stop = StopSignal()
    supervisor = Supervisor(context.find_root().obj, counts, stop_timeout_s=configuration["bus"]["drain_s"] + 10)
    supervisor.start()
    _greet(configuration, list(counts))
    return supervisor.run_until(stop)


def _greet(configuration: dict[str, Any], names: list[str]) -> None:
    lines = [f"zhongtai runs: {', '.join(names)}"]
    if GATEWAY in names:
        http = configuration["http"]
        lines.append(f"HTTP  http://{http['host']}:{http['port']}  (documentation at /docs)")
    print("\n".join([*lines, "Ctrl-C stops it."]), file=sys.stderr, flush=True)
