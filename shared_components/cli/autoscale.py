"""`zhongtai autoscale`."""
from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Any

import click

from shared_components.cli.output import print_json, print_rows
from shared_components.cli.platform_access import broker_view
from shared_components.cli.scale import chosen_scaler, scaler_options
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.errors import AppError
from shared_components.runtime.autoscaling.loop import Autoscaler, Told
from shared_components.runtime.autoscaling.rules import read_plan
from shared_components.runtime.discovery import service_names
from shared_components.runtime.load_view import LoadView
from shared_components.runtime.platform import StopSignal


@click.command("autoscale")
@click.option("--config", "plan_file", required=True, metavar="FILE", help="Floors, ceilings, aims and schedules.")
@scaler_options
@click.option("--dry-run", is_flag=True, help="Decide and explain, and change nothing.")
@click.option("--once", is_flag=True, help="Look once.")
@click.option("--check", is_flag=True, help="Only read the file; exit 2 when it is not right.")
@json_option
@click.pass_context
def command(
    context: click.Context, plan_file: str, compose: str | None, kubernetes: str | None, dry_run: bool, once: bool,
    check: bool, as_json: bool,
) -> int:
    """Scale services by their load until Ctrl-C: up at once, down when the load was low for minutes.

    The load is how many calls wait and run in each process, and how long 95 % of them wait. Each change is told with
    its reason, and with --dry-run or --json each decision.
    """
    configuration = configuration_of(context)
    plan = read_plan(plan_file, service_names())
    if check:
        return 0
    scaler = chosen_scaler(configuration, compose, kubernetes)
    stop, failed = StopSignal(), False
    with ExitStack() as stack:
        def view() -> LoadView:
            broker = broker_view(configuration)
            stack.callback(broker.close)
            return LoadView(broker)

        scaling = Autoscaler(plan, scaler, view, dry_run=dry_run)
        for told in [scaling.look()] if once else scaling.run(lambda: stop.is_set):
            failed = isinstance(told, AppError)
            _tell(told, everything=dry_run or once, as_json=as_json)
    return 1 if once and failed else 0


def _tell(told: Told, *, everything: bool, as_json: bool) -> None:
    if isinstance(told, AppError):
        if as_json:
            print_json({"error": told.to_wire()})
        else:
            print(f"zhongtai: {told.message} [{told.code}]; trying again", file=sys.stderr)
    else:
        rows: list[dict[str, Any]] = [
            {"service": one.service, "processes": one.current, "wanted": one.wanted, "because": one.because}
            for one in told if everything or as_json or one.changes]
        if as_json:
            print_json({"decisions": rows})
        elif rows:
            print_rows(rows)
    sys.stdout.flush()
