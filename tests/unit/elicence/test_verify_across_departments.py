"""A code is good in every department, once in all of them; what leaves the owner is recorded in the owner's log."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.elicence import schemas, usecases
from shared_components.security.authority.disclosures import Disclosure, collected_disclosures
from tests.unit.elicence.test_present_and_verify import reasons
from tests.unit.elicence.world import OTHER_TENANT, TENANT, World, request


@pytest.fixture
def noted() -> Iterator[list[Disclosure]]:
    """Collect the uses that use cases note, as the bus does for the owner's log."""
    with collected_disclosures() as found:
        yield found


def test_an_app_of_another_department_verifies_a_shown_licence_and_the_owner_knows(
    world: World, noted: list[Disclosure],
) -> None:
    licence = world.issued()
    code = world.present(licence["licence_id"], fields=["address", "holder_name"])["code"]
    (verdict,) = world.verify({"code": code}, tenant=OTHER_TENANT)
    assert verdict["valid"] and verdict["licence"]["content"] == {"address": "文三路1号"}
    (use,) = noted
    assert (use.owner, use.facts.thing, use.basis) == (TENANT, licence["licence_id"], "public")
    assert use.fields is not None and {"content.address", "holder_name", "holder_id_number"} <= set(use.fields)
    assert "文三路1号" not in f"{use.fields} {use.details}" and use.cause == "酒店入住"


def test_within_the_department_nothing_leaves_and_nothing_is_noted(world: World, noted: list[Disclosure]) -> None:
    assert world.verify({"code": world.present(world.issued()["licence_id"])["code"]})[0]["valid"]
    assert noted == []


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
    world: World, noted: list[Disclosure], monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = world.present(world.issued()["licence_id"])["code"]
    call = request(schemas.Verify, {"code": code}, tenant=OTHER_TENANT)
    with world.begin() as tx:
        monkeypatch.setattr(tx.presentations, "use", lambda presentation_ids, at: set())
        (verdict,) = usecases.verify_licences(tx, [call])
    assert not verdict.valid and verdict.licence == {} and noted == []


def test_a_wrong_code_shows_no_other_departments_licence(world: World, noted: list[Disclosure]) -> None:
    code = world.present(world.issued()["licence_id"])["code"]
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    verdicts = world.verify({"code": wrong}, {"code": "a,b"}, {"code": "*"}, tenant=OTHER_TENANT)
    assert [reasons(one) for one in verdicts] == [["unknown"]] * 3 and noted == []
