"""A code is good in every department, once in all of them; what leaves the owner is recorded in the owner's log."""
from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from services.elicence import schemas, usecases
from services.elicence.transaction import SqlELicenceTransaction
from shared_components.evidence_log import tables
from tests.unit.elicence.test_present_and_verify import reasons
from tests.unit.elicence.world import OTHER_TENANT, TENANT, World, request


def recorded(world: World) -> list[dict[str, Any]]:
    with world.begin() as tx:
        if not isinstance(tx, SqlELicenceTransaction):
            return list(tx._evidence)
        bodies = tx.licences._session.execute(select(tables.records.c.body)).scalars()
        return [json.loads(bytes(body)) for body in bodies]


def test_an_app_of_another_department_verifies_a_shown_licence_and_the_owner_knows(world: World) -> None:
    licence = world.issued()
    code = world.present(licence["licence_id"], fields=["address", "holder_name"])["code"]
    (verdict,) = world.verify({"code": code}, tenant=OTHER_TENANT)
    assert verdict["valid"] and verdict["licence"]["content"] == {"address": "文三路1号"}
    (record,) = recorded(world)
    assert (record["owner"], record["action"], record["about"], record["basis"]) == (
        TENANT, "licence.verified", licence["licence_id"], "public")
    assert {"content.address", "holder_name", "holder_id_number"} <= set(record["fields"])
    assert "文三路1号" not in json.dumps({**record, "cause": None}, ensure_ascii=False)


def test_within_the_department_nothing_leaves_and_nothing_is_recorded(world: World) -> None:
    assert world.verify({"code": world.present(world.issued()["licence_id"])["code"]})[0]["valid"]
    assert recorded(world) == []


def test_a_code_is_good_once_in_all_departments(world: World) -> None:
    licence_id = world.issued()["licence_id"]
    for first, second in ((TENANT, OTHER_TENANT), (OTHER_TENANT, TENANT)):
        code = world.present(licence_id)["code"]
        assert world.verify({"code": code}, tenant=first)[0]["valid"]
        assert reasons(world.verify({"code": code}, tenant=second)[0]) == ["used"]
    code = world.present(licence_id)["code"]
    calls = [request(schemas.Verify, {"code": code}, tenant=tenant) for tenant in (OTHER_TENANT, TENANT)]
    with world.begin() as tx:
        assert [verdict.valid for verdict in usecases.verify_licences(tx, calls)] == [True, False]


def test_who_loses_a_race_for_a_code_hears_that_it_was_used_and_sees_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = world.present(world.issued()["licence_id"])["code"]
    call = request(schemas.Verify, {"code": code}, tenant=OTHER_TENANT)
    with world.begin() as tx:
        monkeypatch.setattr(tx.presentations, "use", lambda presentation_ids, at: set())
        (verdict,) = usecases.verify_licences(tx, [call])
    assert not verdict.valid and verdict.licence == {} and recorded(world) == []


def test_a_wrong_code_shows_no_other_departments_licence(world: World) -> None:
    code = world.present(world.issued()["licence_id"])["code"]
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    verdicts = world.verify({"code": wrong}, {"code": "a,b"}, {"code": "*"}, tenant=OTHER_TENANT)
    assert [reasons(one) for one in verdicts] == [["unknown"]] * 3 and recorded(world) == []
