"""Each of import-linter's contracts catches a planted violation; that the code keeps them, `make lint` says."""
from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, python_files

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
CLEAN = {
    "services/alpha/service.py": "import services.alpha.usecases\nimport shared_components.bus\n",
    "services/alpha/schemas.py": "import marshmallow\n",
    "services/alpha/usecases.py": "import services.alpha.domain\n",
    "services/alpha/domain.py": "import shared_components.kernel\n",
    "services/beta/service.py": "",
    "shared_components/bus/__init__.py": "import eventlet\nimport shared_components.kernel\n",
    **{f"shared_components/{name}/__init__.py": "" for name in ("kernel", "contracts", "security", "observability")},
    **{f"shared_components/{name}/__init__.py": "" for name in ("db", "testing", "cli")},
    "shared_components/cli/main.py": "import eventlet\n",
}


def lint(folder: Path) -> str:
    command = [str(LINT_IMPORTS), "--no-logo", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def plant(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        for parent in path.parents:
            if parent != folder and folder in parent.parents and not (parent / "__init__.py").exists():
                (parent / "__init__.py").write_text("")
    return folder


def test_a_clean_house_passes(tmp_path: Path) -> None:
    assert lint(plant(tmp_path, CLEAN)) == ""


ROOMS = "the rooms of a service point inward"
PURE = "domain, use cases and kernel know no framework"


@pytest.mark.parametrize(
    ("path", "content", "contract"),
    [
        ("services/alpha/usecases.py", "import services.alpha.service", ROOMS),
        ("services/alpha/attic.py", "", ROOMS),
        ("services/alpha/service.py", "import services.beta.service", "no service imports another"),
        ("services/alpha/domain.py", "import sqlalchemy", PURE),
        ("services/alpha/usecases.py", "import shared_components.bus", PURE),
        ("shared_components/kernel/__init__.py", "import marshmallow", PURE),
        ("shared_components/cli/main.py", "import services.alpha.service", "shared components know no service"),
        ("shared_components/db/__init__.py", "import shared_components.bus", "the layers of the shared components"),
        ("shared_components/attic/__init__.py", "", "the layers of the shared components"),
        ("services/alpha/service.py", "import eventlet", "eventlet is imported by the bus"),
        ("shared_components/cli/__init__.py", "import eventlet", "eventlet is imported by the bus"),
    ],
)
def test_a_planted_violation_is_caught(tmp_path: Path, path: str, content: str, contract: str) -> None:
    output = lint(plant(tmp_path, {**CLEAN, path: content + "\n"}))
    broken = [line for line in output.splitlines() if "BROKEN" in line]
    # import-linter wraps long names in its report.
    assert contract[:40] in " ".join(broken), output


def test_the_list_of_those_who_may_not_import_eventlet_is_complete() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = next(contract for contract in settings if contract["id"] == "eventlet")["source_modules"]
    packages = {f"shared_components.{path.parent.name}" for path in (ROOT / "shared_components").glob("*/__init__.py")}
    assert packages - {"shared_components.bus"} <= set(listed)


def test_every_business_service_has_its_entrypoints_and_contract() -> None:
    for folder in {path.parent for path in (ROOT / "services").glob("*/__init__.py")} - {ROOT / "services" / "gateway"}:
        for room in ("service", "providers", "schemas", "usecases", "domain"):
            assert (folder / room).is_dir() or (folder / f"{room}.py").is_file(), f"{folder.name} has no {room}"
        assert (folder / "contract.json").is_file(), f"{folder.name} has no contract.json"


def test_every_module_starts_with_what_it_is_for() -> None:
    for folder in ("services", "shared_components"):
        for path, tree in python_files(ROOT / folder):
            assert not tree.body or ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"
