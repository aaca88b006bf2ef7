"""`zhongtai graph`."""
from __future__ import annotations

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option
from shared_components.kernel.states import StateMachine
from shared_components.runtime.discovery import chosen_services, domain_modules


@click.command("graph")
@click.argument("service")
@click.argument("machine", required=False)
@json_option
def command(service: str, machine: str | None, as_json: bool) -> None:
    """Print the state machines of SERVICE, or the one named MACHINE, as Mermaid diagrams."""
    show(service, machine, as_json=as_json)


def show(service: str, machine: str | None, *, as_json: bool) -> None:
    """Print the diagrams; a service's own command calls this for itself. Raises WrongUse."""
    machines = state_machines(chosen_services([service])[0])
    if machine is not None and machine not in machines:
        raise WrongUse(f"service '{service}' has no state machine '{machine}'; it has: {', '.join(machines) or 'none'}")
    chosen = {name: found.to_mermaid() for name, found in machines.items() if machine in (None, name)}
    if as_json:
        print_json(chosen)
    elif not chosen:
        print(f"service '{service}' has no state machine")
    else:
        print("\n".join(f"%% {service}: {name}\n{diagram}" for name, diagram in chosen.items()), end="")


def state_machines(service: str, package: str = "services") -> dict[str, StateMachine]:
    """Every state machine in a service's domain, by name."""
    found = {
        value.name: value
        for module in domain_modules(service, package)
        for value in vars(module).values() if isinstance(value, StateMachine)
    }
    return dict(sorted(found.items()))
