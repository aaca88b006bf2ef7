"""The guide's handler of an event runs as written in a service that `zhongtai new-service` has made."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.test_new_service import copy_of_checkout, run
from tests.unit.docs.pages import GUIDES, blocks

SERVICE, USECASES = Path("services/archive/service.py"), Path("services/archive/usecases/open_records.py")
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from services.archive.domain.ports import RecordPage
from services.archive.usecases import open_records
from shared_components.kernel.calls import Event
from tests.unit.archive.world import World, context

world = World(Path(sys.argv[1]))
event = Event("evt_1", "order-paid", "payment", datetime(2026, 1, 1, tzinfo=UTC), "pay_1", "harbour",
              {"order_id": "pay_1", "amount_minor": 1000, "currency": "CNY"})
with world.transaction() as tx:
    open_records.note_payment(tx, event)
with world.transaction() as tx:
    (found,) = tx.records.pages([(context(), RecordPage(9))])
    print([(one.title, one.reference) for one in found])
world.close()
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with service `archive`, and in it what the guide says to write."""
    copy = copy_of_checkout(tmp_path_factory.mktemp("checkout"))
    ran = run(copy, "shared_components.cli.main", "new-service", "archive")
    assert ran.returncode == 0, ran.stderr
    imports, handler, type_imports, usecase = (
        block.text for block in blocks(GUIDES / "app-teams.md") if block.language == "py")
    service, usecases = copy / SERVICE, copy / USECASES
    for line in imports.splitlines(keepends=True):
        service.write_text(_instead(service, line.partition(" import ")[0] + " import ", line))
    service.write_text(service.read_text() + "\n" + handler)
    beginning = "    from shared_components.kernel.calls import"
    usecases.write_text(_instead(usecases, beginning, type_imports) + "\n\n" + usecase)
    return copy


def _instead(path: Path, beginning: str, line: str) -> str:
    """The file with another line in the place of the one that begins so."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (place,) = [number for number, old in enumerate(lines) if old.startswith(beginning)]
    lines[place] = line
    return "".join(lines)


def test_it_notes_the_payment(checkout: Path, tmp_path: Path) -> None:
    (checkout / "program.py").write_text(PROGRAM)
    ran = run(checkout, "program", str(tmp_path))
    assert ran.stdout == "[('paid: 1000 CNY', 'pay_1')]\n", ran.stderr


def test_it_is_well_typed_and_the_contract_tells_of_it(checkout: Path) -> None:
    for module, *arguments in (
        ("ruff", "check", "--no-cache", "services/archive"), ("mypy", "--strict", "services/archive"),
        ("shared_components.cli.main", "contracts", "export", "archive"),
        ("shared_components.bus.deployment.definitions", "--write", "deploy/rabbitmq/definitions.json"),
    ):
        ran = run(checkout, module, *arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    contract = json.loads((checkout / "services/archive/contract.json").read_text())
    assert "order-paid" in json.dumps(contract["consumes"])
