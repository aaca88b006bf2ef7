from __future__ import annotations

from datetime import timedelta

import pytest

from services.elicence import usecases
from services.elicence.domain.errors import LicenceNotFound
from services.elicence.domain.states import FEED_CODES, LABELS, LICENCE
from services.elicence.service import ELicenceService
from shared_components.kernel.states import IllegalTransition
from tests.unit.elicence.world import OTHER_TENANT, World, licence_request


def test_every_state_is_in_the_graph_and_has_a_label() -> None:
    graph = LICENCE.to_mermaid()
    assert set(LICENCE.states) | {"unknown"} == set(LABELS)
    assert all(state in graph for state in LICENCE.states)
    assert set(FEED_CODES) == set(LICENCE.states) - {"issued"}
    assert {edge.event for edge in LICENCE.edges} <= {event.type for event in ELicenceService.emits}


def test_suspend_and_resume(world: World) -> None:
    licence_id = world.issued()["licence_id"]
    assert world.change("suspend", licence_id, "扣证")["state"] == "suspended"
    resumed = world.change("resume", licence_id)
    assert (resumed["state"], resumed["state_reason"]) == ("issued", "测试")
    changes = [event for event in world.events if event["type"] == "licence-state-changed"]
    assert [(e["data"]["from_state"], e["data"]["to_state"], e["sequence"]) for e in changes] == [
        ("issued", "suspended", 2), ("suspended", "issued", 3)
    ]


@pytest.mark.parametrize("end", ["revoke", "cancel", "withdraw", "transfer_out"])
def test_an_end_is_final(world: World, end: str) -> None:
    licence_id = world.issued()["licence_id"]
    state = world.change(end, licence_id)["state"]
    for what in ["suspend", "resume", "revoke", "cancel", "withdraw", "transfer_out"]:
        with pytest.raises(IllegalTransition, match="nothing may follow"):
            world.change(what, licence_id)
    assert world.get(licence_id=licence_id)["state"] == state
    assert world.issued(1)["state"] == "issued"  # but the holder may be given a new one


def test_a_licence_is_valid_on_its_last_day_in_china_and_expired_the_day_after(world: World) -> None:
    licence_id = world.issued(valid_until="2026-03-01")["licence_id"]
    world.clock.advance(timedelta(hours=11, minutes=59))  # 23:59 in China
    assert world.get(licence_id=licence_id)["state"] == "issued"
    world.clock.advance(timedelta(minutes=1))
    assert world.get(licence_id=licence_id)["state"] == "expired"
    with pytest.raises(IllegalTransition):
        world.change("suspend", licence_id)


def test_expiry_is_written_down_once_and_told(world: World) -> None:
    world.issue(*[licence_request(n, valid_until="2026-03-01") for n in range(1, 6)], licence_request(6))
    suspended = world.held("sub_5")[0]["licence_id"]
    world.change("suspend", suspended)
    assert usecases.expire_ended(world) == 0
    world.clock.advance(timedelta(days=1))
    world.events.clear()
    assert usecases.expire_ended(world) == 5
    assert usecases.expire_ended(world) == 0
    assert [event["data"]["to_state"] for event in world.events] == ["expired"] * 5
    assert {e["data"]["from_state"] for e in world.events} == {"issued", "suspended"}
    assert world.get(licence_id=suspended)["state"] == "expired"
    assert world.held("sub_6")[0]["state"] == "issued"


def test_more_than_one_batch_expires_in_one_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.elicence.usecases.scheduled.BATCH", 2)
    world.issue(*[licence_request(n, valid_until="2026-03-01") for n in range(1, 6)])
    world.clock.advance(timedelta(days=1))
    assert usecases.expire_ended(world) == 5


def test_an_expired_licence_can_still_be_revoked(world: World) -> None:
    licence_id = world.issued(valid_until="2026-03-01")["licence_id"]
    world.clock.advance(timedelta(days=30))
    assert world.change("revoke", licence_id)["state"] == "revoked"
    assert world.events[-1]["data"]["from_state"] == "expired"


def test_another_tenants_licence_does_not_exist(world: World) -> None:
    licence = world.issued()
    for known in ({"licence_id": licence["licence_id"]}, {"identifier": licence["identifier"]}):
        with pytest.raises(LicenceNotFound):
            world.get(**known, tenant=OTHER_TENANT)
    with pytest.raises(LicenceNotFound):
        world.change("revoke", licence["licence_id"], tenant=OTHER_TENANT)
    with pytest.raises(LicenceNotFound):
        world.get(licence_id="lic_none")
    assert world.held(tenant=OTHER_TENANT) == []


def test_who_acts_for_somebody_sees_only_their_licences(world: World) -> None:
    licence = world.issued()
    assert world.get(licence_id=licence["licence_id"], subject="sub_1")
    assert world.held(subject="sub_1")
    with pytest.raises(LicenceNotFound):
        world.get(licence_id=licence["licence_id"], subject="sub_2")
    assert world.held("sub_1", subject="sub_2") == []


def test_lists_are_filtered_and_paged_newest_first(world: World) -> None:
    first = world.issued()
    second = world.issued(prior_identifier=first["identifier"])
    assert [one["licence_id"] for one in world.held()] == [second["licence_id"], first["licence_id"]]
    assert [one["licence_id"] for one in world.held(state="superseded")] == [first["licence_id"]]
    page = world.held_page(limit=1)
    assert [one["licence_id"] for one in page["items"]] == [second["licence_id"]]
    assert [one["licence_id"] for one in world.held(limit=1, after=page["next"])] == [first["licence_id"]]
    none_on_this_page = world.held_page(limit=1, state="superseded")
    assert none_on_this_page["items"] == []
    rest = world.held_page(limit=1, state="superseded", after=none_on_this_page["next"])
    assert ([one["licence_id"] for one in rest["items"]], rest["next"]) == ([first["licence_id"]], None)
    assert world.held(type_code="11330000000000107P002") == []
