"""`zhongtai serve`: the named services in this one process. `zhongtai run` starts it, and so does a container."""
from __future__ import annotations

import click

from shared_components.bus.green.patching import settle_memory
from shared_components.cli.settings import configuration_of
from shared_components.kernel.callers import GATEWAY
from shared_components.observability.logs import configure_from
from shared_components.runtime.discovery import chosen_services
from shared_components.runtime.platform import Platform, StopSignal, serve_gateway_alone
from shared_components.runtime.supervisor import end_with_supervisor


@click.command("serve")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.pass_context
def command(context: click.Context, services: tuple[str, ...]) -> int:
    """Serve services in one process until SIGTERM or Ctrl-C. Migrates nothing."""
    configuration = configuration_of(context)
    names = chosen_services(services)
    configure_from(configuration["log"])
    stop = StopSignal()
    end_with_supervisor()
    if names == [GATEWAY]:
        settle_memory()
        serve_gateway_alone(configuration, stop)
        return 0
    platform = Platform(configuration, names)
    platform.start()
    settle_memory()
    try:
        platform.wait_until(lambda: stop.is_set)
    finally:
        clean = platform.stop()
    return 0 if clean else 1
