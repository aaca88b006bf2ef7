"""The command `zhongtai new-service`."""
from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.new_service.errors import GenerationFailed
from shared_components.cli.new_service.files import FLAT_SERVICE, values_of, write_files
from shared_components.cli.new_service.names import check_service_name
from shared_components.cli.new_service.topics import add_topic, write_service_of_topics
from shared_components.runtime.discovery import SERVICES

# Generated from all services: (file that must be there, command that writes it anew).
ERRORS = "docs/error-codes.md"  # Written with the contracts of all services.
FOLLOWERS = (
    ("deploy/rabbitmq/definitions.json",
     ("shared_components.bus.deployment.definitions", "--write", "deploy/rabbitmq/definitions.json")),
    ("docs/guides/configuration.md", ("shared_components.runtime.configuration_page",)),
)


@click.command("new-service")
@click.argument("name")
@click.option("--topic", help="Write a topic: another one of a service that exists, or the first of a new one.")
@click.option("--first-topic", help="The topic that rooms at the root of an existing service become.")
def command(name: str, topic: str | None, first_topic: str | None) -> None:
    """Write services/NAME with all rooms, a migration, contract.json and tests; nothing needs to be registered."""
    root = checkout()
    if topic is not None and (root / SERVICES / name).is_dir():
        add_topic(root, name, topic, first_topic)
    else:
        if first_topic is not None:
            raise WrongUse(f"--first-topic is '{first_topic}'; it is allowed with --topic and a service that exists")
        check_service_name(name, root)
        if topic is None:
            write_files(FLAT_SERVICE, root, values_of(name))
        else:
            write_service_of_topics(root, name, topic)
    _finish(root, name)
    place = f"{name}/{topic}" if topic else name
    print(
        f"services/{place} is complete. Try it:\n"
        f"  make test ONLY='tests/unit/{place} tests/integration/{place}'\n"
        f"  zhongtai run {name}\n"
        f"Its records are an example: begin with services/{place}/domain. A call from one service to another needs "
        "its edge in tests/architecture/edges.py."
    )
    if first_topic:
        print(f"The entrypoints of {first_topic} are still in services/{name}/service.py. Move them to a mixin in "
              f"services/{name}/{first_topic}/entrypoints.py, as {topic} has it.")


def checkout() -> Path:
    """Find the source folder that services are written to. Raises WrongUse outside of one."""
    package = importlib.import_module(SERVICES)
    root = Path(next(iter(package.__path__))).parent
    if not (root / "pyproject.toml").is_file() or not (root / "tests").is_dir():
        raise WrongUse(f"package '{SERVICES}' lies in '{root.name}', which is no checkout of zhongtai; run it in one")
    return root


def _finish(root: Path, name: str) -> None:
    """Sort the imports, where ruff is installed, and write everything that is generated from the code."""
    if find_spec("ruff"):
        folders = [SERVICES + "/" + name, "tests"]
        _run(root, "ruff", "check", "--quiet", "--no-cache", "--select", "I", "--fix", *folders)
    _run(root, "shared_components.cli.main", "contracts", "export", *() if (root / ERRORS).exists() else (name,))
    for file, arguments in FOLLOWERS:
        if (root / file).exists():
            _run(root, *arguments)


def _run(root: Path, module: str, *arguments: str) -> None:
    """Run a module in a fresh process, because this one has read the packages as they were."""
    command_line = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command_line, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise GenerationFailed(f"`{' '.join([module, *arguments])}` failed: {lines[-1]}")
