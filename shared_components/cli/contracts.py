"""`zhongtai contracts`."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

import click

from shared_components.cli.consumers import COMMANDS, REGISTRY, consumers_option
from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import json_option
from shared_components.contracts.catalogue import catalogue_text, declared_errors
from shared_components.contracts.clients.python_package import python_package, write_package
from shared_components.contracts.consumers.registry import read_consumers
from shared_components.contracts.consumers.uses import broken
from shared_components.contracts.diff import compare, refused
from shared_components.contracts.findings import Finding
from shared_components.contracts.json_schema import ContractInvalid
from shared_components.contracts.store import FILE, Status, check, read_contract, release, write
from shared_components.runtime.client_contracts import exported_contracts
from shared_components.runtime.discovery import (
    chosen_services,
    contract_of,
    domain_modules,
    modules_below,
    service_class,
    service_folder,
    service_names,
)
from shared_components.runtime.own_consumers import export_copies

CATALOGUE = Path("docs") / "error-codes.md"
CLIENT = Path("shared_components") / "client" / "zhongtai_client"


@click.group("contracts")
def command() -> None:
    """Export, check, compare and release what services promise; ask whom a change breaks."""


for each in COMMANDS:
    command.add_command(each)


@command.command("export")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@json_option
def export(services: tuple[str, ...], as_json: bool) -> int:
    """Write contract.json of all services, or of those named; docs/error-codes.md, the types of zhongtai_client, and
    what the services use of each other.

    A change that breaks a caller under the old major version is not written; exit 1.
    """
    found = [write(contract_of(name), service_folder(name) / FILE) for name in chosen_services(services)]
    _print_statuses(found, as_json, written=True)
    if not services and CATALOGUE.parent.is_dir():
        CATALOGUE.write_text(error_catalogue(), encoding="utf-8")
    if not services and CLIENT.is_dir():
        write_package(CLIENT, python_package(exported_contracts(service_names())))
    used = export_copies(REGISTRY) if not services and CLIENT.is_dir() else []
    for one in used:
        click.echo(f"breaks {one}", err=True)
    return 1 if used or any(status.state == "breaking" for status in found) else 0


@command.command("check")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@json_option
def check_(services: tuple[str, ...], as_json: bool) -> int:
    """Compare the code with each contract.json; exit 1 when one is missing, stale or broken."""
    found = [check(contract_of(name), service_folder(name) / FILE) for name in chosen_services(services)]
    _print_statuses(found, as_json)
    return 1 if any(status.state != "current" for status in found) else 0


@command.command("release")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@json_option
def release_(services: tuple[str, ...], as_json: bool) -> int:
    """Keep contract.json as contract.released.json: from now on nothing may break it under its major version.

    Part of a release; exit 1 for a contract.json that is missing, stale or broken: nothing of it is kept.
    """
    found = [release(contract_of(name), service_folder(name) / FILE) for name in chosen_services(services)]
    _print_statuses(found, as_json)
    return 1 if any(status.state != "current" for status in found) else 0


@command.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@consumers_option
@json_option
def diff(old: Path, new: Path, registry: Path, as_json: bool) -> int:
    """Compare two contract.json files; exit 1 when NEW breaks a caller of OLD without a new major version.

    Where the folder of consumers is there, each break names the apps and definitions that use the place.
    """
    try:
        was, now = read_contract(old), read_contract(new)
    except ContractInvalid as unusable:
        # A file that was named on the command line; elsewhere it is one of ours.
        raise WrongUse(unusable.message) from unusable
    if was["service"] != now["service"]:
        raise WrongUse(
            f"{old} is the contract of '{was['service']}', {new} that of '{now['service']}'; both must be one's")
    changes, wrong = compare(was, now), refused(was, now)
    # a version that went back is no difference of content, and still refused
    shown = [*changes, *(finding for finding in wrong if finding not in changes)]
    _print_findings(shown, as_json, _broken_consumers(shown, registry, str(now["service"])))
    if shown and not as_json:
        # Not on standard output, where a program reads the table.
        click.echo(_verdict(shown, len(wrong), old, now["version"]), err=True)
    return 1 if wrong else 0


def _broken_consumers(shown: Sequence[Finding], registry: Path, service: str) -> dict[Finding, list[str]]:
    if registry == REGISTRY and not registry.is_dir():
        return {}
    return dict(broken(shown, read_consumers(registry).all_uses(), service))


def _verdict(shown: Sequence[Finding], refused_count: int, old: Path, version: str) -> str:
    breaking = sum(finding.breaking for finding in shown)
    if refused_count:
        return f"refused under version {version}: {refused_count} of {len(shown)}"
    if breaking:
        return f"version {version} may break a caller of {old}, and does: {breaking} of {len(shown)}"
    return f"nothing of it breaks a caller of {old}"


# Those whose errors somebody outside may meet.
SHARED = (
    "bus", "db", "security", "kernel", "contracts", "configuration", "runtime", "devstack", "cli",
    "inproc", "amqp_proxy", "evidence_log", "testing",
)


def error_catalogue() -> str:
    """docs/error-codes.md, of the platform, every service and the client."""
    # A distribution of its own, beside the platform in a checkout.
    sys.path.append(str(Path(__file__).parents[1] / CLIENT.parent.name))
    for module in ("events", "event_queue"):
        import_module(f"{CLIENT.name}.{module}")
    for package in SHARED:
        list(modules_below(f"shared_components.{package}"))
    for name in service_names():
        # With all that it imports: adapters have codes of their own.
        service_class(name)
        list(domain_modules(name))
    return catalogue_text(declared_errors())


def _print_statuses(found: Iterable[Status], as_json: bool, *, written: bool = False) -> None:
    if as_json:
        print_json([{
            "service": status.service, "state": status.state,
            "changes": [_as_data(change) for change in status.changes],
            "refused": [_as_data(change) for change in status.refused],
        } for status in found])
        return
    for status in found:
        if written and status.state in ("missing", "stale"):
            print(f"contract of '{status.service}' is written")
        else:
            print(status)


def _print_findings(changes: Iterable[Finding], as_json: bool, users: dict[Finding, list[str]]) -> None:
    if as_json:
        print_json([{**_as_data(change), "consumers": users.get(change, [])} for change in changes])
        return
    print_rows([
        {"where": f"!{change.where}" if change.breaking else change.where, "was": change.was, "is": change.now,
         "breaks": ": ".join(filter(None, [", ".join(users.get(change, ())), change.why])) or "nobody"}
        for change in changes
    ], empty="no difference")


def _as_data(change: Finding) -> dict[str, object]:
    return {"where": change.where, "was": change.was, "is": change.now, "breaking": change.breaking, "why": change.why}
