"""The promises of sealing, verifying, proofs and purging, on the database of the fixture `world`."""
from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared_components.db import ALL_TENANTS
from shared_components.evidence_log import proofs
from shared_components.evidence_log.lag import seal_lag
from shared_components.evidence_log.purging import purge
from shared_components.evidence_log.sealing import Sealer
from shared_components.evidence_log.statements import Head, signing_purpose
from shared_components.security import Secrets
from tests.evidence_attacks import ATTACKS, AttackedLog
from tests.unit.evidence_log.world import SERVICE, World


class Killed(BaseException):
    """The end of a process in the middle of a transaction."""


def sealed(world: World, *sizes: int, owner: str = "health") -> list[list[str]]:
    """Segments of these sizes; gives their records' ids."""
    made = []
    for size in sizes:
        made.append([world.record(owner)[0] for _ in range(size)])
        world.seal()
    return made


class Sealing:
    def test_an_untouched_log_is_intact(self, world: World) -> None:
        sealed(world, 3, 1, 5)
        report = world.verify("health", world.heads())
        assert (report.segments, report.records, report.unsealed, report.findings) == (3, 9, 0, [])

    def test_each_owner_has_a_log_of_its_own_in_one_sealing(self, world: World) -> None:
        world.record("health", "civil", "health")
        assert world.seal() == 3
        assert [(head.owner, head.number) for head in world.heads()] == [("civil", 1), ("health", 1)]
        assert [world.verify(owner).records for owner in ("civil", "health")] == [1, 2]

    def test_a_segment_is_published_as_one_event(self, world: World) -> None:
        sealed(world, 3, 2)
        assert [(one["tenant"], one["sequence"]) for one in world.events.recorded] == [("health", 1), ("health", 2)]
        head = world.heads()[0]
        data = world.events.recorded[-1]["data"]
        assert (data["head"], data["key_id"]) == (head.root.hex(), "evidence/archive/1")
        assert json.loads(data["statement"])["count"] == 2

    def test_nothing_to_seal_makes_no_segment(self, world: World) -> None:
        assert world.seal() == 0
        assert world.heads() == []

    def test_a_bounded_run_leaves_the_rest_to_the_next(self, world: World) -> None:
        ids = [world.record("health")[0] for _ in range(5)]
        assert [world.seal(2), world.seal(2), world.seal(2)] == [2, 2, 1]
        assert [row.record_id for row in world.attacker.rows(
            "SELECT record_id FROM evidence_leaves ORDER BY leaf_index")] == ids
        assert world.verify("health").intact

    def test_a_sealer_that_ends_midway_loses_and_doubles_nothing(self, world: World) -> None:
        sealed(world, 2)
        world.record("health", "civil")
        with pytest.raises(Killed), world.scope() as scope:
            Sealer(scope, SERVICE).seal()
            raise Killed
        assert world.verify("health").unsealed == 1
        world.seal()
        assert [world.verify(owner, world.heads()).records for owner in ("health", "civil")] == [3, 1]
        assert [world.found(owner) for owner in ("health", "civil")] == [[], []]

    def test_a_record_that_waits_for_more_than_ten_seconds_is_told_of(self, world: World) -> None:
        (record,) = world.record("health")
        assert world.found("health") == []
        world.clock.at += timedelta(seconds=11)
        assert world.found("health") == [("seal-late", None, record)]
        with world.database.reading(ALL_TENANTS) as session:
            assert 11 < seal_lag(session).age_s(world.clock.now()) < 12


class Attacks:
    @pytest.mark.parametrize("name", ATTACKS)
    def test_each_change_after_sealing_is_named(self, world: World, name: str) -> None:
        sealed(world, 2, 3, 1)
        kept, log = world.heads(), AttackedLog(world.attacker)
        expected = log.run(name)
        report = world.verify("health", kept)
        assert [(one.kind, one.segment) for one in report.findings if one.kind != "tail-cut" or name != "end cut"] == [
            one for one in expected if one[0] != "tail-cut"]
        assert {one.kind for one in report.findings} == {kind for kind, _ in expected}
        assert all(one.text.zh for one in report.findings)
        log.restore()
        assert world.found("health", kept) == []

    def test_an_end_that_was_cut_without_a_trace_is_found_by_the_witness(self, world: World) -> None:
        sealed(world, 2, 3)
        state = world.attacker.rows("SELECT segments, records, frontier FROM evidence_heads")[0]
        (after,) = sealed(world, 1)
        kept = world.heads()
        cut_back(world, state, after)
        assert world.found("health") == []
        assert world.found("health", kept) == [("tail-cut", 2, None)]

    def test_a_log_that_was_cut_and_continued_is_found_by_the_witness(self, world: World) -> None:
        sealed(world, 2, 3)
        state = world.attacker.rows("SELECT segments, records, frontier FROM evidence_heads")[0]
        (after,) = sealed(world, 1)
        kept = world.heads()
        cut_back(world, state, after)
        sealed(world, 1, 1)
        assert world.found("health") == []
        assert world.found("health", kept) == [("history-rewritten", 3, None)]

    def test_a_log_that_is_gone_as_a_whole_is_found_by_the_witness(self, world: World) -> None:
        sealed(world, 2)
        kept = world.heads()
        world.attacker.run(
            "DELETE FROM evidence_segments", "DELETE FROM evidence_leaves", "DELETE FROM evidence_records",
            "DELETE FROM evidence_heads")
        assert world.found("health", kept) == [("tail-cut", 0, None)]

    def test_a_head_that_the_service_did_not_sign_is_not_held_against_it(self, world: World) -> None:
        sealed(world, 2)
        (head,) = world.heads()
        lie = Head(head.service, head.owner, 7, head.root, head.key_id, head.signature)
        assert world.found("health", [lie]) == [("witness-forged", 7, None)]

    def test_a_state_that_was_edited_is_found_before_it_spoils_the_next_segment(self, world: World) -> None:
        sealed(world, 2)
        world.attacker.run("UPDATE evidence_heads SET records = 7")
        assert world.found("health") == [("state-edited", None, None)]

    def test_a_segment_number_far_away_is_told_of_in_few_words(self, world: World) -> None:
        sealed(world, 2, 1)
        world.attacker.run("UPDATE evidence_segments SET number = 9000000000000 WHERE number = 2")
        kinds = [kind for kind, _, _ in world.found("health")]
        assert kinds.count("segment-deleted") == 21


class BeforeSealing:
    def test_an_edited_record_is_not_sealed_and_named(self, world: World) -> None:
        edited, kept = world.record("health", "health")
        world.attacker.run("UPDATE evidence_records SET body = :body WHERE record_id = :id", id=edited, body=b"{}")
        world.seal()
        assert world.found("health") == [("edited-before-seal", None, edited)]
        report = world.verify("health")
        assert (report.records, report.unsealed) == (1, 1)
        assert kept in {row[0] for row in world.attacker.rows("SELECT record_id FROM evidence_leaves")}

    def test_a_record_that_somebody_else_has_added_is_not_sealed(self, world: World) -> None:
        (genuine,) = world.record("health")
        world.attacker.run(
            "INSERT INTO evidence_records "
            "SELECT 'evr_forged', owner, action, about, at, body, mac FROM evidence_records",
            "INSERT INTO evidence_unsealed SELECT 'evr_forged', owner, at, refused_at FROM evidence_unsealed",
            "UPDATE evidence_records SET body = :body WHERE record_id = 'evr_forged'", body=b"{}")
        world.seal()
        assert world.found("health") == [("edited-before-seal", None, "evr_forged")]
        assert [row[0] for row in world.attacker.rows("SELECT record_id FROM evidence_leaves")] == [genuine]

    def test_a_record_that_was_deleted_alone_is_named(self, world: World) -> None:
        (record,) = world.record("health")
        world.attacker.run("DELETE FROM evidence_records")
        world.seal()
        assert world.found("health") == [("deleted-before-seal", None, record)]

    def test_a_mark_that_was_deleted_alone_is_named(self, world: World) -> None:
        (record,) = world.record("health")
        world.attacker.run("DELETE FROM evidence_unsealed")
        world.seal()
        assert world.found("health") == [("mark-deleted", None, record)]

    def test_a_record_that_was_deleted_with_its_mark_leaves_no_trace(self, world: World) -> None:
        """The stated window: at most a second, until the sealer comes."""
        world.record("health")
        world.attacker.run("DELETE FROM evidence_unsealed", "DELETE FROM evidence_records")
        assert world.found("health") == []


class Proofs:
    def test_a_record_is_proved_to_who_does_not_have_the_log(self, world: World) -> None:
        (_, (_, record, _), _) = sealed(world, 2, 3, 1)
        proof = self.inclusion(world, record)
        assert proofs.proves_record(json.loads(json.dumps(proof)), keys_of(world))
        assert not proofs.proves_record({**proof, "record": proof["record"].replace("doc_1", "doc_2")}, keys_of(world))
        assert not proofs.proves_record({**proof, "place": 0}, keys_of(world))
        assert not proofs.proves_record(proof, {})

    def test_a_later_head_is_proved_to_continue_an_earlier_one(self, world: World) -> None:
        sealed(world, 2, 3, 1, 1, 1)
        with world.database.reading(ALL_TENANTS) as session:
            proof = proofs.consistency_proof(session, SERVICE, "health", 2)
            other = proofs.consistency_proof(session, SERVICE, "health", 3)
        assert proofs.proves_continuation(json.loads(json.dumps(proof)), keys_of(world))
        assert not proofs.proves_continuation({**proof, "old": other["old"]}, keys_of(world))

    def test_there_is_no_proof_of_a_record_that_waits(self, world: World) -> None:
        (record,) = world.record("health")
        with pytest.raises(proofs.NotSealed):
            self.inclusion(world, record)

    def inclusion(self, world: World, record: str) -> dict[str, Any]:
        with world.database.reading(ALL_TENANTS) as session:
            return proofs.inclusion_proof(session, SERVICE, record)


class Purging:
    KEEP = timedelta(days=200)

    def purge(self, world: World) -> int:
        with world.scope() as scope:
            return purge(scope, SERVICE, "health", keep=self.KEEP)

    def test_old_records_go_and_their_heads_stay(self, world: World) -> None:
        sealed(world, 2, 3)
        early = world.heads()
        world.clock.at += timedelta(days=300)
        sealed(world, 1)
        assert self.purge(world) == 5
        assert world.seal() == 1
        report = world.verify("health", [*early, *world.heads()])
        assert (report.findings, report.segments, report.records, report.purged) == ([], 4, 7, 2)

    def test_a_second_purge_goes_on_where_the_first_ended(self, world: World) -> None:
        sealed(world, 2)
        for _ in range(2):
            world.clock.at += timedelta(days=201)
            assert self.purge(world) in (1, 2)
            world.seal()
            assert world.found("health", world.heads()) == []

    def test_young_records_are_kept(self, world: World) -> None:
        sealed(world, 2)
        assert self.purge(world) == 0
        with world.scope() as scope, pytest.raises(ValueError, match="kept for 30 days; at least 183 are allowed"):
            purge(scope, SERVICE, "health", keep=timedelta(days=30))

    def test_a_purge_that_nobody_recorded_is_a_deletion(self, world: World) -> None:
        (ids,) = sealed(world, 2)
        world.clock.at += timedelta(days=300)
        world.attacker.run("DELETE FROM evidence_records", "DELETE FROM evidence_leaves")
        assert [kind for kind, _, _ in world.found("health")] == ["leaf-deleted"] * len(ids)


class KeyChange:
    def test_a_log_is_verified_across_a_change_of_keys_and_not_without_the_old_key(
        self, world: World, secrets_with_new_key: Secrets, secrets_without_old_key: Secrets,
    ) -> None:
        sealed(world, 2)
        world.secrets = secrets_with_new_key
        sealed(world, 2)
        assert [row[0] for row in world.attacker.rows("SELECT key_id FROM evidence_segments ORDER BY number")] == [
            "evidence/archive/1", "evidence/archive/2"]
        assert world.found("health", world.heads()) == []
        report = world.verify("health", secrets=secrets_without_old_key)
        assert [(one.kind, one.segment) for one in report.findings] == [("key-unknown", 1)]


def cut_back(world: World, state: Any, gone: list[str]) -> None:
    """Cut the log back to an earlier state, and leave no trace in the database."""
    world.attacker.run("DELETE FROM evidence_segments WHERE number > :segments",
                       "DELETE FROM evidence_leaves WHERE leaf_index >= :records",
                       "UPDATE evidence_heads SET segments = :segments, records = :records, frontier = :frontier",
                       segments=state.segments, records=state.records, frontier=bytes(state.frontier))
    for record in gone:
        world.attacker.run("DELETE FROM evidence_records WHERE record_id = :id", id=record)


def keys_of(world: World) -> dict[str, bytes]:
    return world.secrets.signer(signing_purpose(SERVICE)).public_keys()
