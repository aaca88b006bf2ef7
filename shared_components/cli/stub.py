"""`zhongtai stub`."""
from __future__ import annotations

import sys
import threading
from pathlib import Path

import click

from shared_components.configuration.listen_addresses import check_free
from shared_components.devstack.processes import LOOPBACK


@click.command("stub")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65535), help="Of HTTP, on 127.0.0.1.")
@click.option("--contracts", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Copies of contract.json that an app keeps; else the contracts of this installation.")
@click.option("--broker", metavar="URL", help="Answer on this broker, too; without it over HTTP only.")
def command(services: tuple[str, ...], port: int, contracts: Path | None, broker: str | None) -> int:
    """Answer as the named services would, or all: from their contracts' examples, or as tests say at /stub/answers."""
    from shared_components.bus.amqp.urls import checked_url
    from shared_components.testing.stub.running import contracts_of, running_stub

    found = contracts_of(services, contracts)
    check_free(LOOPBACK, port)
    with running_stub(found, port=port, url=checked_url(broker) if broker else None) as stub:
        where = f" and {broker.rpartition('@')[2]}" if broker else ""
        print(f"stub of {', '.join(stub.services.services)} at {stub.http_url}{where}\nCtrl-C stops it.",
              file=sys.stderr, flush=True)
        threading.Event().wait()
    return 0
