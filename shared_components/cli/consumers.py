"""`zhongtai contracts verify-pacts`, `can-deploy` and `record-deployment`: consumers of contracts."""
from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from shared_components.bus.green.patching import is_green
from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.contracts.consumers.can_deploy import Objection, objections
from shared_components.contracts.consumers.deployments import (
    Deployment,
    read_deployments,
    record_deployment,
    running_in,
)
from shared_components.contracts.consumers.registry import Consumers, read_consumers
from shared_components.contracts.store import FILE, read_contract
from shared_components.runtime.discovery import service_folder, service_names

REGISTRY = Path("consumers")
TABLE = REGISTRY / "deployments.txt"
consumers_option = click.option(
    "--consumers", "registry", type=click.Path(path_type=Path), default=REGISTRY, show_default=True, metavar="FOLDER",
    help="Pacts, contract copies and definitions of consumers.")
table_option = click.option(
    "--table", type=click.Path(dir_okay=False, path_type=Path), default=TABLE, show_default=True, metavar="FILE",
    help="What runs in each environment.")


@click.command("verify-pacts")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
def verify_pacts(folder: Path, as_json: bool) -> int:
    """Run the pacts below FOLDER against the real services in one process; exit 1 when one would break."""
    from shared_components.devstack.platform_process import running_platform
    from shared_components.testing.pacts.states import STATES
    from shared_components.testing.pacts.verification import check_pacts, verify

    if is_green():
        raise WrongUse("pacts are not verified in a green process; this command has one of its own")
    pacts = read_consumers(folder).pacts
    if not pacts:
        raise WrongUse(f"folder '{folder}' has no pact")
    check_pacts(pacts)
    with TemporaryDirectory(prefix="zhongtai-pacts-") as place, running_platform(Path(place)) as platform:
        found = list(verify(
            pacts, url=platform.url, key=platform.app_key, make_state=lambda name: STATES[name](platform)))
    print_rows([{
        "consumer": one.consumer, "provider": one.provider, "interaction": one.interaction,
        "breaks": f"!{'; '.join(one.problems)}" if one.problems else "nothing"} for one in found], as_json=as_json)
    return 1 if any(one.problems for one in found) else 0


@click.command("can-deploy")
@click.argument("what", metavar="SERVICE[@VERSION] | APP@VERSION")
@click.option("--to", "environment", required=True, help="The environment, such as production.")
@consumers_option
@table_option
@json_option
def can_deploy(what: str, environment: str, registry: Path, table: Path, as_json: bool) -> int:
    """Tell whether a version may run beside what runs in an environment; exit 1 when it may not, and why.

    A service is judged by its contract.json here, against the apps and services that run there and all definitions. An
    app is judged against the contracts of the services here, and so is a service that calls others.
    """
    name, _, version = what.partition("@")
    running = running_in(read_deployments(table), environment)
    consumers = read_consumers(registry)
    if name in service_names():
        found = _judge_service(name, version, consumers, frozenset(running))
        if name in consumers.copies:
            found += _judge_app(name, consumers)
    else:
        found = _judge_app(name, consumers)
    if as_json:
        print_json([{"consumer": one.consumer, "by": one.by} for one in found])
    else:
        for one in found:
            print(f"breaks {one}")
        print(f"{what} {'may NOT be' if found else 'may be'} deployed to {environment}")
    return 1 if found else 0


@click.command("record-deployment")
@click.argument("what", metavar="NAME@VERSION")
@click.option("--to", "environment", required=True, help="The environment, such as production.")
@table_option
def record(what: str, environment: str, table: Path) -> int:
    """Write that a service or an app runs in a version from now on; commit the table."""
    name, _, version = what.partition("@")
    new = Deployment(environment, name, version)
    if not new.is_wellformed:
        raise WrongUse(f"'{what[:80]}' to '{environment[:40]}'; NAME@VERSION in small letters, digits and - is allowed")
    record_deployment(table, new)
    print(f"{name} {version} runs in {environment}")
    return 0


def _judge_service(name: str, version: str, consumers: Consumers, running: frozenset[str]) -> list[Objection]:
    contract = read_contract(service_folder(name) / FILE)
    if version and version != contract["version"]:
        raise WrongUse(f"{name} is {contract['version']} here, not {version[:20]}; check out that version")
    return objections(contract, consumers, running)


def _judge_app(name: str, consumers: Consumers) -> list[Objection]:
    known = {use.consumer for use in consumers.uses} | set(consumers.copies)
    if name not in known:
        there = ", ".join(sorted(known)) or "none"
        raise WrongUse(f"no consumer '{name[:64]}' in the registry; consumers are: {there}")
    contracts: list[Any] = [read_contract(service_folder(service) / FILE) for service in service_names()]
    return [one for contract in contracts for one in objections(contract, consumers, frozenset({name}))
            if not one.consumer.startswith("matter ")]


COMMANDS = (verify_pacts, can_deploy, record)
