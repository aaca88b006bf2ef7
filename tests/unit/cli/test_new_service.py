"""Generated code is complete: it passes lint, its own tests and the contract tests at once, in a copy of all."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.cli.errors import WrongUse
from shared_components.cli.new_service.files import FLAT_SERVICE, TOPIC, values_of, write_files
from shared_components.cli.new_service.names import check_service_name, check_topic_name

ROOT = Path(__file__).parents[3]
# As long as names may be, so that a line of the templates that is too long for them shows.
NAME = "a23456789_b23456789_c23456789_d2"
TOPICS = ("a23456789_b23456", "a23456789_b23457")
FLAT, SPLIT = "archive", "registry"
UNWANTED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
MADE = (
    (NAME, "--topic", TOPICS[0]), (NAME, "--topic", TOPICS[1]),
    (SPLIT, "--topic", "permits", "--first-topic", "records"),
)
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout with new services: one without topics, one with two, one that got a second one later."""
    copy = copy_of_checkout(tmp_path_factory.mktemp("checkout"))
    for name in (FLAT, SPLIT):
        write_files(FLAT_SERVICE, copy, values_of(name))
    for arguments in MADE:
        ran = run(copy, "shared_components.cli.main", "new-service", *arguments)
        assert ran.returncode == 0, ran.stderr
        assert f"services/{'/'.join(arguments[0::2][:2])} is complete" in ran.stdout
    return copy


def copy_of_checkout(copy: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", copy)
    for folder in ("services", "shared_components", "consumers", "docs", "deploy", "tests"):
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
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_all_files_are_there(checkout: Path) -> None:
    of_flat = [path.format(name=FLAT, folder=f"services/{FLAT}", tests=FLAT) for path in FLAT_SERVICE.values()]
    of_topics = [path.format(name=NAME, folder=f"services/{NAME}/{topic}", tests=f"{NAME}/{topic}")
                 for topic in TOPICS for path in TOPIC.values()]
    assert [path for path in (*of_flat, *of_topics) if not (checkout / path).is_file()] == []
    left = [path for name in (FLAT, NAME, SPLIT) for path in checkout.rglob(f"*/{name}/**/*")
            if path.suffix in (".py", ".json") and "{{" in path.read_text(encoding="utf-8")]
    assert left == []


def folders(*above: str) -> list[str]:
    return [f"{folder}/{name}" for folder in above for name in (FLAT, NAME, SPLIT)]


@pytest.mark.parametrize("command", [
    ("ruff", "check", "--no-cache", *folders("services", "tests/unit", "tests/integration")),
    ("mypy", "--strict", *folders("services")),
    ("zhongtai", "contracts", "check", FLAT, NAME, SPLIT),
    ("zhongtai", "graph", NAME),
], ids=lambda command: command[0] + " " + command[1])
def test_it_passes_every_check(checkout: Path, command: tuple[str, ...]) -> None:
    module = {"zhongtai": "shared_components.cli.main"}.get(command[0], command[0])
    ran = run(checkout, module, *command[1:])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_it_keeps_the_rules_of_imports(checkout: Path) -> None:
    assert lint_imports(checkout) == ""


@pytest.mark.parametrize(("importer", "imported", "contract"), [
    (f"{NAME}/{TOPICS[0]}", f"{NAME}.{TOPICS[1]}", f"a topic of {NAME}"[:40]),
    (f"{SPLIT}/records", f"{SPLIT}.permits", f"a topic of {SPLIT} imports only those before it"),
])
def test_an_earlier_topic_may_not_import_a_later_one(
    checkout: Path, importer: str, imported: str, contract: str,
) -> None:
    path = checkout / "services" / importer / "domain" / "record.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + f"\nimport services.{imported}.domain.record\n", encoding="utf-8")
    try:
        assert contract in lint_imports(checkout)
    finally:
        path.write_text(before, encoding="utf-8")


def lint_imports(checkout: Path) -> str:
    """Run import-linter; empty when the checkout keeps all rules."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-cache", "--no-logo"]
    ran = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=300, check=False)
    return "" if ran.returncode == 0 else ran.stdout


def test_its_own_tests_and_the_contract_tests_pass(checkout: Path) -> None:
    tests = [*folders("tests/unit", "tests/integration"), "tests/contract", "tests/architecture/test_rooms.py"]
    wanted = f"{FLAT} or {NAME} or {SPLIT} or code"
    ran = run(checkout, "pytest", "-q", "-m", "not integration", "-k", wanted, *tests)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout


def test_tables_and_events_of_both_topics_are_in_the_contract_and_the_database(checkout: Path, tmp_path: Path) -> None:
    program = (
        "from shared_components.db.migrate import drift, migrate\n"
        "from shared_components.runtime.discovery import contract_of\n"
        f"url = 'sqlite:///{tmp_path}/zhongtai.db'\n"
        f"print(migrate(url, '{SPLIT}'), drift(url, '{SPLIT}'))\n"
        f"print(sorted(event.type for event in contract_of('{SPLIT}').events))\n"
        f"print(sorted(contract_of('{SPLIT}').examples.methods))\n")
    (checkout / "program.py").write_text(program)
    ran = run(checkout, "program")
    assert ran.stdout.splitlines() == [
        "['0001', '0002'] []",
        "['permits-record-closed', 'permits-record-opened', 'record-closed', 'record-opened']",
        "['close_permits_record', 'close_record', 'get_permits_record', 'get_record', 'list_permits_records', "
        "'list_records', 'open_permits_record', 'open_record']",
    ], ran.stderr


@pytest.mark.parametrize(("arguments", "said"), [
    ((FLAT, "--topic", "permits"), "--first-topic NAME is needed"),
    ((FLAT, "--topic", "permits", "--first-topic", "permits"), "and not the new topic"),
    ((FLAT, "--topic", "permits", "--first-topic", "domain"), "reserved word"),
    ((SPLIT, "--topic", "stamps", "--first-topic", "archives"), "and not the new topic"),
    ((SPLIT, "--topic", "permits"), "has 'permits' already"),
    ((SPLIT, "--topic", "records"), "has 'records' already"),
    ((SPLIT, "--topic", "Permits"), "topic name is 'Permits'"),
    ((SPLIT, "--topic", "usecases"), "reserved word"),
    (("gateway", "--topic", "pages"), "only a service with a database has topics"),
    (("new_one", "--topic", "a" * 17), "up to 16"),
    (("new_one", "--first-topic", "permits"), "--first-topic is 'permits'"),
])
def test_a_topic_that_cannot_be_is_refused_and_nothing_is_written(
    checkout: Path, arguments: tuple[str, ...], said: str,
) -> None:
    before = sorted(checkout.rglob("services/**/*.py"))
    ran = run(checkout, "shared_components.cli.main", "new-service", *arguments)
    assert ran.returncode == 2 and said in ran.stderr, ran.stderr
    assert sorted(checkout.rglob("services/**/*.py")) == before


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
        check_service_name(name, ROOT)
    assert said in caught.value.message


@pytest.mark.parametrize("name", ["parking", "parking_permit", "x", "tax2", "a" * 32])
def test_a_good_name_passes(name: str) -> None:
    check_service_name(name, ROOT)


@pytest.mark.parametrize("name", ["permits", "driving_permits", "x", "a" * 16])
def test_a_good_topic_name_passes(name: str) -> None:
    check_topic_name(name)
