"""The command that lets subjects from before be found by their contacts."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.identity.subjects import schemas, usecases
from shared_components.cli.app import zhongtai as command
from shared_components.db import migrate
from shared_components.kernel.calls import CallContext
from tests.unit.identity.credentials.world import World
from tests.unit.identity.test_subjects import PERSON


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHONGTAI_DATABASE_URL", f"sqlite:///{tmp_path}/zhongtai.db")
    monkeypatch.setenv("ZHONGTAI_SECURITY_MASTER_KEY_FILE", str(tmp_path / "development.key"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Any:
    done = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_subjects_from_before_are_found_by_their_contacts_once_they_are_indexed(tmp_path: Path) -> None:
    from services.identity.credentials.domain.identifiers import meant_by
    from services.identity.credentials.usecases.contacts import index_piece

    world = World(tmp_path)
    context = CallContext("app-hall", "default", op_id="op-1")
    with world.transactions.begin("default") as tx:
        request = schemas.RegisterPerson().load({**PERSON, "mobile": "13800138000"})
        subject_id = usecases.register_person(tx, request, context).subject_id

    def find(tx: Any) -> str | None:
        meant = meant_by("13800138000", tx.policy.documents, today=world.clock.now().date())
        return str(found) if (found := tx.accounts.find("city", meant)) else None

    assert world.in_tx(find) is None
    assert world.in_tx(lambda tx: index_piece(tx, after="", limit=10), "*") == [subject_id]
    assert world.in_tx(lambda tx: index_piece(tx, after=subject_id, limit=10), "*") == []
    assert world.in_tx(find) == subject_id
    world.transactions.database.dispose()


def test_the_command_counts_the_subjects_that_it_has_indexed(folder: Path) -> None:
    migrate(f"sqlite:///{folder}/zhongtai.db", "identity")
    assert run("identity", "index-contacts") == [{"indexed": 0}]
