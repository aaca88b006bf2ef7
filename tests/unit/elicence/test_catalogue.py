from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.elicence import schemas, usecases
from services.elicence.domain.errors import LicenceTypeInvalid
from shared_components.kernel.numbers import NumberError
from tests.unit.elicence.world import DRIVING_LICENCE, OTHER_TENANT, TENANT, World, only, request


def listed(world: World, tenant: str = TENANT, **data: object) -> list[dict[str, object]]:
    return list(page(world, tenant, **data)["items"])


def page(world: World, tenant: str = TENANT, **data: object) -> dict[str, Any]:
    with world.begin() as tx:
        found = usecases.list_types(tx, [request(schemas.ListTypes, data, tenant=tenant)])
    return dict(only(schemas.LicenceTypes, found))


def test_a_changed_type_is_a_new_version_and_the_same_one_is_not(world: World) -> None:
    assert world.put_type()["version"] == 1
    assert world.put_type(name="驾驶证")["version"] == 2
    assert world.put_type(name="驾驶证")["version"] == 2
    assert [(one["name"], one["version"]) for one in listed(world)] == [("驾驶证", 2)]
    assert world.put_type()["version"] == 3


def test_licences_keep_the_name_they_were_issued_under(world: World) -> None:
    licence = world.issued()
    world.put_type(name="驾驶证")
    assert world.get(licence_id=licence["licence_id"])["type_name"] == "机动车驾驶证"


def test_types_come_back_as_they_were_put_and_are_paged(world: World) -> None:
    world.put_type(type_code="11330000000000107P002")
    first, second = listed(world)
    assert {key: first[key] for key in DRIVING_LICENCE if key != "fields"} == {
        key: value for key, value in DRIVING_LICENCE.items() if key != "fields"
    }
    one = page(world, limit=1)
    assert one["items"] == [first]
    assert page(world, limit=1, after=one["next"]) == {"items": [second], "next": None}
    assert listed(world, OTHER_TENANT) == []


def test_codes_of_bodies_are_checked(world: World) -> None:
    with pytest.raises(NumberError):
        world.put_type(type_code="11330000000000108P001")
    with pytest.raises(NumberError):
        world.put_type(issuer_code="1133010600000030X4")
    with pytest.raises(LicenceTypeInvalid):
        world.put_type(fields=[{"name": "photo"}, {"name": "photo"}])


@pytest.mark.parametrize("wrong", [
    {"type_code": "1"}, {"validity_years": [0]}, {"validity_years": ["6"]}, {"name": ""}, {"unknown": 1},
    {"fields": [{"name": "A B"}]}, {"fields": [{"name": "a", "data_class": "secret"}]},
])
def test_a_wrong_request_is_refused_by_its_schema(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        request(schemas.PutType, {**DRIVING_LICENCE, **wrong})
