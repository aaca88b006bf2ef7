"""`zhongtai clients`."""
from __future__ import annotations

from pathlib import Path

import click

from shared_components.contracts.clients.python_package import python_package, write_package
from shared_components.runtime.client_contracts import contracts_in, exported_contracts
from shared_components.runtime.discovery import service_names


@click.group("clients")
def command() -> None:
    """Write typed clients from the contracts."""


@command.command("python")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--contracts", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Copies of contract.json that an app keeps; else the contracts of this installation.")
@click.option("--caller", default="app", show_default=True, help="Whose methods: app, operator, or a service.")
def python(folder: Path, contracts: Path | None, caller: str) -> int:
    """Write types, errors and stubs of all methods that apps may call below FOLDER, a package zhongtai_client."""
    found = contracts_in(contracts) if contracts is not None else exported_contracts(service_names())
    files = python_package(found, caller=caller)
    write_package(folder, files)
    print(f"{len(files)} files are written below {folder}")
    return 0
