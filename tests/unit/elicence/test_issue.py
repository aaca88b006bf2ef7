from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.elicence import schemas, usecases
from services.elicence.domain.errors import (
    ActiveLicenceExists,
    ContentInvalid,
    LicenceNotFound,
    LicenceTypeUnknown,
    PriorMismatch,
    PriorNotRenewable,
    ValidityInvalid,
)
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import LicenceIdentifier, NumberError, lint_licence_identifier
from tests.outcomes import one
from tests.unit.elicence.world import ISSUER, OTHER_TENANT, TYPE_CODE, World, licence_request, person, request


def test_an_issued_licence_has_a_clean_identifier_and_a_masked_holder(world: World) -> None:
    licence = world.issued()
    assert lint_licence_identifier(licence["identifier"]) == ()
    assert licence["identifier"].startswith(f"1.2.156.3005.2.{TYPE_CODE}.{ISSUER}.20260000001.001.")
    assert (licence["state"], licence["state_label"], licence["version"]) == ("issued", "有效", 1)
    assert licence["holder_name"] == "张***"
    assert "19900307" not in licence["holder_id_number"]
    assert (licence["valid_from"], licence["valid_until"]) == ("2026-03-01", "2032-03-01")
    assert licence["trust_grade"] == "A"
    assert licence["content"] == {"vehicle_class": "C1", "address": "文三路1号"}


def test_serial_numbers_of_a_group_follow_one_another(world: World) -> None:
    first = world.issue(*[licence_request(n) for n in range(1, 5)])
    second = world.issue(*[licence_request(n) for n in range(5, 8)])
    serials = [LicenceIdentifier.parse(one["identifier"]).serial for one in first + second]
    assert serials == [f"2026{n:07d}" for n in range(1, 8)]


def test_a_renewal_is_the_next_version_and_the_prior_one_becomes_void(world: World) -> None:
    first = world.issued()
    second = world.issued(prior_identifier=first["identifier"])
    assert second["version"] == 2
    assert second["prior_identifier"] == first["identifier"]
    old, new = LicenceIdentifier.parse(first["identifier"]), LicenceIdentifier.parse(second["identifier"])
    assert new == old.with_next_version()
    before = world.get(licence_id=first["licence_id"])
    assert (before["state"], before["state_label"]) == ("superseded", "失效")
    assert [event["type"] for event in world.events] == ["licence-issued", "licence-superseded", "licence-issued"]
    assert world.events[1]["aggregate"] == first["licence_id"]
    assert world.events[1]["sequence"] == 2


def test_validity_grows_with_the_versions_until_it_has_no_end(world: World) -> None:
    ends, prior = [], None
    for _ in range(4):
        licence = world.issued(prior_identifier=prior)
        prior = licence["identifier"]
        ends.append(licence["valid_until"])
    assert ends == ["2032-03-01", "2036-03-01", None, None]


def test_the_issuer_may_say_the_end_itself(world: World) -> None:
    assert world.issued(1, valid_until="2027-01-01")["valid_until"] == "2027-01-01"
    assert world.issued(2, valid_until=None)["valid_until"] is None
    assert world.issued(3, valid_from="2024-02-29")["valid_until"] == "2030-02-28"


def test_a_second_licence_of_one_holder_is_refused_and_names_the_first(world: World) -> None:
    first = world.issued()
    (refused,) = world.issue(licence_request())
    assert isinstance(refused, ActiveLicenceExists)
    assert refused.details["identifier"] == first["identifier"]
    world.change("suspend", first["licence_id"])
    (refused,) = world.issue(licence_request())
    assert isinstance(refused, ActiveLicenceExists)


def test_another_scope_or_tenant_is_another_place(world: World) -> None:
    world.issued()
    world.issued(scope="文三路2号")
    world.put_type(tenant=OTHER_TENANT)
    (elsewhere,) = world.issue(licence_request(), tenant=OTHER_TENANT)
    assert elsewhere["state"] == "issued"
    assert LicenceIdentifier.parse(elsewhere["identifier"]).serial == "20260000003"


def test_a_bad_call_does_not_sink_its_neighbours(world: World) -> None:
    prior = world.issued(9)
    replies = world.issue(
        licence_request(1),
        licence_request(1),
        licence_request(2, type_code="11330000000000107P999"),
        licence_request(3, content={"colour": "red"}),
        licence_request(4, valid_until="2020-01-01"),
        licence_request(5, holder_id_number="330106199003070015"),
        licence_request(6, prior_identifier=prior["identifier"]),
        licence_request(7, prior_identifier="1.2.3"),
        licence_request(8, issuer_code="1133010600000030X4"),
        licence_request(9, prior_identifier=prior["identifier"]),
    )
    assert [type(one) for one in replies] == [
        dict, ActiveLicenceExists, LicenceTypeUnknown, ContentInvalid, ValidityInvalid, NumberError,
        PriorMismatch, LicenceNotFound, NumberError, dict,
    ]
    assert replies[3].details["fields"] == {
        "content.colour": ["unknown field"], "content.vehicle_class": ["is missing"]
    }
    assert len(world.held("sub_1")) == 1
    assert [one["version"] for one in world.held("sub_9")] == [2, 1]


def test_errors_tell_nothing_personal(world: World) -> None:
    world.issued()
    wrong = [licence_request(), licence_request(2, holder_id_number="33010619900307002A"),
             licence_request(3, content={"address": "文三路1号"})]
    for error in world.issue(*wrong):
        assert isinstance(error, AppError)
        text = f"{error.message} {error.details}"
        assert not any(secret in text for secret in ("张测试", "19900307", "文三路"))


@pytest.mark.parametrize("what", ["suspend", "revoke", "cancel", "withdraw", "transfer_out"])
def test_a_licence_that_is_not_valid_cannot_be_renewed(world: World, what: str) -> None:
    first = world.issued()
    world.change(what, first["licence_id"])
    (refused,) = world.issue(licence_request(prior_identifier=first["identifier"]))
    assert isinstance(refused, PriorNotRenewable)
    assert len(world.held()) == 1


def test_a_licence_is_renewed_only_once(world: World) -> None:
    first = world.issued()
    world.issued(prior_identifier=first["identifier"])
    (refused,) = world.issue(licence_request(prior_identifier=first["identifier"]))
    assert isinstance(refused, PriorNotRenewable)


def test_an_ended_licence_can_be_renewed_late_and_does_not_stand_in_the_way(world: World) -> None:
    late = world.issued(1, valid_from="2019-12-01")
    assert (late["valid_until"], late["state"]) == ("2025-12-01", "expired")
    assert world.issued(1, prior_identifier=late["identifier"])["version"] == 2
    other = world.issued(2, valid_from="2019-12-01")
    fresh = world.issued(2)
    assert fresh["version"] == 1
    assert world.get(licence_id=other["licence_id"])["state"] == "expired"
    assert [e["data"]["to_state"] for e in world.events if e["type"] == "licence-state-changed"] == ["expired"]


def test_another_issuer_gives_a_number_of_its_own(world: World) -> None:
    first = world.issued()
    second = world.issued(prior_identifier=first["identifier"], issuer_code="11330105002500287C", issuer_name="余杭")
    assert LicenceIdentifier.parse(second["identifier"]).issuer == "11330105002500287C"
    assert second["version"] == 1
    assert world.get(licence_id=first["licence_id"])["state"] == "superseded"


def test_numbers_of_organisations_and_others_are_known_by_their_type(world: World) -> None:
    company = {"holder_id_type": "001", "holder_id_number": "91330106MA2DEM0091"}
    assert world.issued(1, **company)["holder_id_type"] == "001"
    passport = {"holder_id_type": "414", "holder_id_number": "e12345678"}
    assert world.issued(2, **passport)["state"] == "issued"
    (refused,) = world.issue(licence_request(3, **{**passport, "holder_id_number": " E12345678 "}))
    assert isinstance(refused, ActiveLicenceExists)


def test_the_year_of_a_serial_is_chinas(world: World) -> None:
    world.clock.advance(timedelta(days=305, hours=13))  # 31 December, 17:00 UTC
    assert LicenceIdentifier.parse(world.issued()["identifier"]).serial == "20270000001"


def test_holders_are_told_apart_by_number_not_by_subject(world: World) -> None:
    world.issued(1)
    (refused,) = world.issue(licence_request(1, holder_subject="sub_again"))
    assert isinstance(refused, ActiveLicenceExists)
    assert person(1)["holder_id_number"] not in str(refused.details)


@pytest.mark.parametrize(("locale", "label"), [("en", "Valid"), ("zh-CN", "有效")])
def test_a_state_is_labelled_in_the_readers_language(world: World, locale: str, label: str) -> None:
    licence = world.issued()

    def asked(schema: Any, **data: Any) -> Any:
        call = request(schema, data)
        return call._replace(context=call.context._replace(locale=locale))

    with world.begin() as tx:
        found = one(usecases.get_licences(tx, [asked(schemas.Get, licence_id=licence["licence_id"])]))
        (verdict,) = usecases.verify_licences(tx, [asked(schemas.Verify, identifier=licence["identifier"])])
        page = one(usecases.list_by_holder(tx, [asked(schemas.ListByHolder, holder_subject=licence["holder_subject"])]))
    assert [found.state_label, verdict.state_label, page.items[0].state_label] == [label] * 3
