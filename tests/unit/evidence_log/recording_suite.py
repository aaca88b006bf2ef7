"""The promises of recording, on the database of the fixture `world`."""
from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from shared_components.db import ALL_TENANTS
from shared_components.evidence_log import EvidenceRecorder, tables
from shared_components.evidence_log.recorder import cause_of, value_hash
from shared_components.evidence_log.records import EvidenceRecord, key_context
from shared_components.kernel.acting import OFFICER, Acting, Mandate
from tests.unit.evidence_log.world import CALLER, SERVICE, World


def kept(world: World, record_id: str) -> EvidenceRecord:
    with world.database.reading(ALL_TENANTS) as session:
        body = session.scalars(select(tables.records.c.body).where(tables.records.c.record_id == record_id)).one()
    return EvidenceRecord.of(body)


class Recording:
    def test_a_record_says_who_did_what_and_waits_for_its_seal(self, world: World) -> None:
        (record_id,) = world.record("health", fields=["name", "id_number"], case="case_7", basis="agreement")
        record = kept(world, record_id)
        assert (record.owner, record.action, record.about, record.basis, record.case) == (
            "health", "document.read", "doc_1", "agreement", "case_7")
        assert record.by == {"caller": "app-portal", "department": "dept_health", "op_id": "op-1"}
        assert record.fields == ["id_number", "name"]
        with world.database.reading(ALL_TENANTS) as session:
            assert list(session.scalars(select(tables.unsealed.c.record_id))) == [record_id]

    def test_a_record_says_which_person_acted_for_whom(self, world: World) -> None:
        mandate = Mandate("man_1", limit_minor=500)
        acting = Acting("sub_1", "ses_1", kind=OFFICER, level=3, roles=frozenset({"handler"}), department="dept_1",
                        mandate=mandate, principal="sub_2")
        with world.scope("health") as scope:
            record_id = EvidenceRecorder(scope, SERVICE).record_evidence(
                CALLER._replace(acting=acting), owner="health", action="case.accepted", about="case_7")
        assert kept(world, record_id).by["acting"] == {
            "subject": "sub_1", "session": "ses_1", "kind": "officer", "level": 3, "roles": ["handler"],
            "department": "dept_1", "principal": "sub_2", "mandate": "man_1"}

    def test_an_effect_that_is_rolled_back_leaves_no_record(self, world: World) -> None:
        with pytest.raises(ZeroDivisionError), world.scope() as scope:
            EvidenceRecorder(scope, SERVICE).record_evidence(CALLER, owner="health", action="a.b", about="doc_1")
            raise ZeroDivisionError
        with world.database.reading(ALL_TENANTS) as session:
            assert list(session.scalars(select(tables.records.c.record_id))) == []

    def test_values_and_cause_cannot_be_read_from_the_database(self, world: World) -> None:
        values = {"name": "张三", "id_number": "110105194912310021"}
        (record_id,) = world.record("health", values=values, cause="核对低保资格")
        with world.database.reading(ALL_TENANTS) as session:
            body = session.scalars(select(tables.records.c.body)).one()
            sealed_key = session.scalars(select(tables.value_keys.c.sealed_key)).one()
        assert "张三".encode() not in body
        assert "低保".encode() not in body
        record = EvidenceRecord.of(body)
        key = bytes.fromhex(world.secrets.fields.decrypt(sealed_key, aad=key_context(record_id)))
        assert record.values == value_hash(key, values)
        assert record.values != value_hash(key, {**values, "name": "李四"})
        assert cause_of(record, world.secrets) == "核对低保资格"

    def test_a_cause_that_is_too_long_is_refused(self, world: World) -> None:
        with pytest.raises(ValueError, match="cause has 201 characters; at most 200 are allowed"):
            world.record("health", cause="由" * 201)

    @pytest.mark.parametrize("change", [
        update(tables.records).values(action="other"), delete(tables.records),
    ], ids=["update", "delete"])
    def test_the_service_itself_can_neither_change_nor_delete_a_record(self, world: World, change: object) -> None:
        world.clock.at = world.clock.at.replace(year=2999)
        world.record("health")
        with pytest.raises(DBAPIError), world.scope() as scope:
            scope.session.execute(change)  # type: ignore[call-overload]

    def test_a_record_for_another_owner_than_the_calls_tenant_is_kept(self, world: World) -> None:
        assert kept(world, world.record("civil")[0]).owner == "civil"
        with world.database.reading(["civil"]) as session:
            assert session.execute(text("SELECT count(*) FROM evidence_records")).scalar() == 1
