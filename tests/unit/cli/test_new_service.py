"""A generated service is complete: it passes lint, its own tests and the contract tests at once, in a copy of all."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.cli.errors import WrongUse
from shared_components.cli.new_service import FILES, check_name

ROOT = Path(__file__).parents[3]
# As long as a name may be, so that a line of the templates that is too long for it shows.
NAME = "a23456789_b23456789_c23456789_d2"
UNWANTED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout with the new service in it."""
    copy = copy_of_checkout(tmp_path_factory.mktemp("checkout"))
    ran = run(copy, "shared_components.cli.main", "new-service", NAME)
    assert ran.returncode == 0, ran.stderr
    assert f"services/{NAME} is complete" in ran.stdout
    return copy


def copy_of_checkout(copy: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", copy)
    for folder in ("services", "shared_components", "docs", "deploy", "tests"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, copy / folder, ignore=UNWANTED)
    if (types := ROOT / ".mypy_cache").is_dir():
        # What lint found out a minute ago: mypy looks at each file's time and content before it believes it.
        shutil.copytree(types, copy / types.name)
    return copy


def run(folder: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A module of the copy's, not of this checkout's."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ZHONGTAI_", "PYTEST_"))}
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False)


def test_all_files_are_there(checkout: Path) -> None:
    missing = [path for path in FILES.values() if not (checkout / path.format(name=NAME)).is_file()]
    assert missing == []
    left = [path for path in checkout.rglob(f"*/{NAME}/**/*.py") if "{{" in path.read_text(encoding="utf-8")]
    assert left == []


@pytest.mark.parametrize("command", [
    ("ruff", "check", "--no-cache", f"services/{NAME}", f"tests/unit/{NAME}", f"tests/integration/{NAME}"),
    ("mypy", "--strict", f"services/{NAME}"),
    ("zhongtai", "contracts", "check", NAME),
    ("zhongtai", "graph", NAME),
], ids=lambda command: command[0] + " " + command[1])
def test_it_passes_every_check(checkout: Path, command: tuple[str, ...]) -> None:
    module = {"zhongtai": "shared_components.cli.main"}.get(command[0], command[0])
    ran = run(checkout, module, *command[1:])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_it_keeps_the_rules_of_imports(checkout: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-cache", "--no-logo"]
    ran = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=110, check=False)
    assert ran.returncode == 0, ran.stdout


def test_its_own_tests_and_the_contract_tests_pass(checkout: Path) -> None:
    folders = (f"tests/unit/{NAME}", f"tests/integration/{NAME}", "tests/contract")
    ran = run(checkout, "pytest", "-q", "-m", "not integration", "-k", f"{NAME} or code", *folders)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout


@pytest.mark.parametrize(("name", "said"), [
    ("Parking", "a-z, 0-9 and single _ are allowed"),
    ("9lives", "a letter first"),
    ("a__b", "single _"),
    ("a-b", "a-z, 0-9"),
    ("../evil", "a-z, 0-9"),
    ("", "is ''"),
    ("a" * 33, "up to 32"),
    ("class", "reserved word"),
    ("match", "reserved word"),
    ("order", "reserved word"),
    ("operator", "reserved word"),
    ("close", "reserved word"),
    ("payment", "services/payment exists"),
    ("kernel", "reserved word"),
])
def test_a_name_that_would_break_something_is_refused(name: str, said: str) -> None:
    with pytest.raises(WrongUse) as caught:
        check_name(name, ROOT)
    assert said in caught.value.message


@pytest.mark.parametrize("name", ["parking", "parking_permit", "x", "tax2", "a" * 32])
def test_a_good_name_passes(name: str) -> None:
    check_name(name, ROOT)
