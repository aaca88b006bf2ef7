"""The content of the database file, and that the tables are those of the models."""
from __future__ import annotations

from pathlib import Path

from shared_components.db.migrate import drift
from tests.unit.elicence.world import POLICY, database_world, licence_request, person


def test_no_personal_data_is_in_the_database_file(tmp_path: Path) -> None:
    world = database_world(f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path)
    world.put_type()
    licence = world.issued(1, content={"vehicle_class": "C1", "address": "CANARY-ADDRESS"})
    code = world.present(licence["licence_id"], fields=["address"])["code"]
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("zhongtai*.db*"))
    assert licence["identifier"].encode() in raw
    secrets = [*person(1).values(), "CANARY-ADDRESS", code, code.replace("-", "")]
    assert [secret for secret in secrets if secret.encode() in raw] == ["sub_1"]  # an id is no secret


def test_the_migration_makes_the_tables_of_the_models(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'zhongtai.db'}"
    database_world(url, tmp_path)
    assert drift(url, "elicence") == []


def test_codes_cannot_be_guessed(tmp_path: Path) -> None:
    world = database_world(f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path)
    world.put_type()
    licence_id = world.issue(licence_request())[0]["licence_id"]
    codes = {world.present(licence_id)["code"] for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {24 + 5}
    assert POLICY.presentation_ttl_s == 60
