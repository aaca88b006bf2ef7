from __future__ import annotations

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from services.elicence import usecases
from services.elicence.domain.errors import FieldUnknown, LicenceNotFound, LicenceNotUsable
from shared_components.kernel.numbers import LicenceIdentifier
from tests.unit.elicence.world import OTHER_TENANT, World, licence_request


def reasons(verdict: dict[str, object]) -> list[str]:
    checks = verdict["checks"]
    assert isinstance(checks, list)
    return [check["reason"] for check in checks if not check["ok"]]


def test_a_code_shows_what_the_holder_chose_and_no_more(world: World) -> None:
    licence = world.issued()
    shown = world.present(licence["licence_id"], fields=["address", "holder_name"])
    (verdict,) = world.verify({"code": shown["code"]})
    assert verdict["valid"] and verdict["state"] == "issued" and verdict["purpose"] == "酒店入住"
    assert verdict["licence"]["content"] == {"address": "文三路1号"}
    assert verdict["licence"]["holder_name"] == "张测试1"
    assert "19900307" not in verdict["licence"]["holder_id_number"]


def test_without_a_choice_only_public_fields_are_shown(world: World) -> None:
    shown = world.present(world.issued()["licence_id"])
    assert shown["fields"] == ["vehicle_class"]
    (verdict,) = world.verify({"code": shown["code"]})
    assert verdict["licence"]["content"] == {"vehicle_class": "C1"}
    assert verdict["licence"]["holder_name"] == "张***"


def test_a_code_counts_once_also_within_one_group(world: World) -> None:
    code = world.present(world.issued()["licence_id"])["code"]
    verdicts = world.verify({"code": code}, {"code": code})
    assert [one["valid"] for one in verdicts] == [True, False]
    assert reasons(verdicts[1]) == ["used"]
    (again,) = world.verify({"code": code})
    assert not again["valid"] and again["licence"] == {} and reasons(again) == ["used"]


def test_a_code_lives_for_a_minute(world: World) -> None:
    licence_id = world.issued()["licence_id"]
    code = world.present(licence_id)["code"]
    world.clock.advance(timedelta(seconds=60))
    (late,) = world.verify({"code": code})
    assert not late["valid"] and reasons(late) == ["expired"]
    code = world.present(licence_id)["code"]
    world.clock.advance(timedelta(seconds=59))
    assert world.verify({"code": code})[0]["valid"]


def test_a_code_for_one_verifier_or_purpose_is_no_use_to_others_and_is_not_spent_by_them(world: World) -> None:
    code = world.present(world.issued()["licence_id"], verifier="app-hotel")["code"]
    (other,) = world.verify({"code": code}, caller="app-bank")
    assert reasons(other) == ["other-verifier"] and other["licence"] == {}
    (wrong,) = world.verify({"code": code, "purpose": "开户"})
    assert reasons(wrong) == ["other-purpose"]
    assert world.verify({"code": code, "purpose": "酒店入住"})[0]["valid"]


def test_who_knows_half_a_code_learns_nothing(world: World) -> None:
    code = world.present(world.issued()["licence_id"])["code"]
    for guess in (code[:9] + "2222-2222-2222-2222", code[:-1] + ("2" if code[-1] != "2" else "3"), "x", "----"):
        (verdict,) = world.verify({"code": guess})
        assert not verdict["valid"] and reasons(verdict) == ["unknown"]
        assert (verdict["state"], verdict["state_label"]) == ("unknown", "未查到")
    assert world.verify({"code": code.lower().replace("-", " ")})[0]["valid"]


def test_only_the_holder_shows_a_valid_licence(world: World) -> None:
    licence_id = world.issued()["licence_id"]
    with pytest.raises(LicenceNotFound):
        world.present(licence_id, "sub_2")
    with pytest.raises(LicenceNotFound):
        world.present(licence_id, "sub_1", subject="sub_2")
    with pytest.raises(FieldUnknown, match="vehicle_class"):
        world.present(licence_id, fields=["photo"])
    world.change("suspend", licence_id)
    with pytest.raises(LicenceNotUsable):
        world.present(licence_id)


def test_a_licence_revoked_after_it_was_shown_is_not_valid(world: World) -> None:
    licence = world.issued()
    code = world.present(licence["licence_id"])["code"]
    world.change("revoke", licence["licence_id"])
    by_code, by_identifier = world.verify({"code": code}, {"identifier": licence["identifier"]})
    for verdict in (by_code, by_identifier):
        assert not verdict["valid"]
        assert (verdict["state"], verdict["state_label"]) == ("revoked", "撤销")
        assert verdict["as_of"] == "2026-03-01T04:00:00+00:00"


def test_an_identifier_shows_public_facts_and_nobody(world: World) -> None:
    (verdict,) = world.verify({"identifier": world.issued()["identifier"]})
    assert verdict["valid"]
    assert verdict["licence"]["content"] == {"vehicle_class": "C1"}
    assert not {"holder_name", "holder_id_number"} & set(verdict["licence"])
    assert "张" not in str(verdict) and "文三路" not in str(verdict)


def test_an_identifier_is_checked_before_it_is_looked_up(world: World) -> None:
    licence = world.issued()
    identifier = licence["identifier"]
    flipped = identifier[:-1] + ("0" if identifier[-1] != "0" else "1")
    unissued = licence_request(1)["type_code"]
    never = LicenceIdentifier(unissued, "1133010600000030X3", "20269999999").text
    verdicts = world.verify({"identifier": flipped}, {"identifier": "x"}, {"identifier": never})
    assert [reasons(one) for one in verdicts] == [["check"], ["form"], ["unknown"]]
    (abroad,) = world.verify({"identifier": identifier}, tenant=OTHER_TENANT)
    assert reasons(abroad) == ["unknown"]


def test_a_licence_before_its_first_day_or_after_its_last_is_not_valid(world: World) -> None:
    early = world.issued(1, valid_from="2026-03-02")["identifier"]
    ended = world.issued(2, valid_from="2020-01-01", valid_until="2026-02-28")["identifier"]
    first, second = world.verify({"identifier": early}, {"identifier": ended})
    assert reasons(first) == ["not-begun"] and first["state"] == "issued" and not first["valid"]
    assert reasons(second) == ["expired", "ended"] and second["state"] == "expired"


def test_old_codes_are_forgotten(world: World) -> None:
    licence_id = world.issued()["licence_id"]
    world.present(licence_id)
    world.clock.advance(timedelta(hours=25))
    world.present(licence_id)
    assert usecases.purge_presentations(world) == 1
    assert usecases.purge_presentations(world) == 0


@pytest.mark.parametrize("request_", [{}, {"code": "a", "identifier": "b"}, {"code": None}])
def test_exactly_one_of_code_and_identifier_is_asked_for(world: World, request_: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        world.verify(request_)
