"""`zhongtai demo`: one government matter, 驾驶证期满换证, from its first step to its last."""
from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from shared_components.devstack.demo.failures import DemoFailed
from shared_components.devstack.demo.screen import Screen


@click.command("demo")
@click.option("--broker", type=click.Choice(["inproc", "rabbitmq"]), default="inproc", show_default=True,
              help="inproc: one process, SQLite. rabbitmq: real RabbitMQ and PostgreSQL, one process a service.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep databases, mails and logs here.")
def command(broker: str, keep: Path | None) -> int:
    """Carry one government matter from its first step to its last, and show every step.

    Exits 1 and names the step when one goes wrong.
    """
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        return _carry(broker, keep)
    with TemporaryDirectory(prefix="zhongtai-demo-") as folder:
        return _carry(broker, Path(folder))


def _carry(broker: str, folder: Path) -> int:
    from shared_components.devstack.demo.scenario import DrivingLicenceRenewal
    from shared_components.devstack.demo.worlds import world_of

    screen = Screen()
    began = time.monotonic()
    try:
        with world_of(broker, folder, screen) as world:
            DrivingLicenceRenewal(world, screen).carry()
    except DemoFailed as failure:
        screen.failed(failure, folder)
        return 1
    screen.finished(time.monotonic() - began)
    return 0
