"""`zhongtai new-service`: a complete, working service with every room, its contract and its tests."""
from __future__ import annotations

import importlib
import keyword
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import click

from shared_components.cli.errors import WrongUse
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import SERVICES

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 32
# Prefixes of error codes and callers, and what a client's attributes are called already.
_RESERVED = frozenset({
    "app", "bus", "call", "calls", "cli", "close", "contracts", "db", "from_configuration", "kernel", "observability",
    "operator", "security", "services", "shared_components", "test", "tests", "testing", "with_context", "zhongtai",
})

# template → where it goes
FILES = {
    "package": "services/{name}/__init__.py",
    "service": "services/{name}/service.py",
    "providers": "services/{name}/providers.py",
    "schemas": "services/{name}/schemas.py",
    "examples": "services/{name}/examples.json",
    "models": "services/{name}/models.py",
    "usecases": "services/{name}/usecases/__init__.py",
    "open_records": "services/{name}/usecases/open_records.py",
    "close_record": "services/{name}/usecases/close_record.py",
    "get_record": "services/{name}/usecases/get_record.py",
    "list_records": "services/{name}/usecases/list_records.py",
    "views": "services/{name}/usecases/views.py",
    "events": "services/{name}/usecases/events.py",
    "domain": "services/{name}/domain/__init__.py",
    "states": "services/{name}/domain/states.py",
    "record": "services/{name}/domain/record.py",
    "errors": "services/{name}/domain/errors.py",
    "ports": "services/{name}/domain/ports.py",
    "adapters": "services/{name}/adapters/__init__.py",
    "transaction": "services/{name}/transaction.py",
    "records": "services/{name}/adapters/records.py",
    "rows": "services/{name}/adapters/rows.py",
    "migrations": "services/{name}/migrations/__init__.py",
    "0001_initial": "services/{name}/migrations/versions/0001_initial.py",
    "tests_unit": "tests/unit/{name}/__init__.py",
    "world": "tests/unit/{name}/world.py",
    "test_records": "tests/unit/{name}/test_records.py",
    "tests_integration": "tests/integration/{name}/__init__.py",
    "bus_story": "tests/integration/{name}/bus_story.py",
    "test_on_the_bus": "tests/integration/{name}/test_on_the_bus.py",
}
# What is generated from all services: (file that must be there, command that writes it anew).
FOLLOWERS = (
    ("docs/error-codes.md", ("shared_components.cli.main", "contracts", "export")),
    ("deploy/rabbitmq/definitions.json",
     ("shared_components.bus.deployment.definitions", "--write", "deploy/rabbitmq/definitions.json")),
    ("docs/guides/configuration.md", ("shared_components.runtime.configuration_page",)),
)


class GenerationFailed(AppError):
    code = "cli.generation-failed"
    texts = {"en": "The new service could not be completed.", "zh": "新服务未能生成完整。"}


@click.command("new-service")
@click.argument("name")
def command(name: str) -> None:
    """Write services/NAME with all rooms, a migration, contract.json and tests; nothing needs to be registered."""
    root = checkout()
    check_name(name, root)
    write_service(name, root)
    _run(root, "shared_components.cli.main", "contracts", "export", name)
    for file, arguments in FOLLOWERS:
        if (root / file).exists():
            _run(root, *arguments)
    print(
        f"services/{name} is complete. Try it:\n"
        f"  make test ONLY='tests/unit/{name} tests/integration/{name}'\n"
        f"  zhongtai run {name}\n"
        f"Its records are an example: begin with services/{name}/domain. A call from one service to another needs "
        "its edge in tests/architecture/edges.py."
    )


def checkout() -> Path:
    """The source folder that services are written to. Raises WrongUse outside of one."""
    package = importlib.import_module(SERVICES)
    root = Path(next(iter(package.__path__))).parent
    if not (root / "pyproject.toml").is_file() or not (root / "tests").is_dir():
        raise WrongUse(f"package '{SERVICES}' lies in '{root.name}', which is no checkout of zhongtai; run it in one")
    return root


def check_name(name: str, root: Path) -> None:
    """A service's name is a Python package, a database schema, part of queue names and a client's attribute."""
    from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise WrongUse(
            f"service name is '{name}'; up to {_LONGEST} of a-z, 0-9 and single _ are allowed, a letter first")
    if name in _RESERVED or keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in RESERVED_WORDS:
        raise WrongUse(f"service name is '{name}', which is a reserved word; another one is allowed")
    taken = [path for path in (f"{SERVICES}/{name}", f"tests/unit/{name}", f"tests/integration/{name}")
             if (root / path).exists() or (root / f"{path}.py").exists()]
    if taken:
        raise WrongUse(f"service name is '{name}', and {taken[0]} exists; another name is allowed")


def write_service(name: str, root: Path) -> None:
    """Write all files but contract.json, which the code itself exports."""
    templates = files("shared_components.cli.templates")
    class_name = "".join(part.capitalize() for part in name.split("_"))
    for template, target in FILES.items():
        text = (templates / f"{template}.txt").read_text(encoding="utf-8")
        path = root / target.format(name=name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{{name}}", name).replace("{{Name}}", class_name), encoding="utf-8")


def _run(root: Path, module: str, *arguments: str) -> None:
    """In a fresh process, because this one has read the packages as they were."""
    command_line = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command_line, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise GenerationFailed(f"`{' '.join([module, *arguments])}` failed: {lines[-1]}")
