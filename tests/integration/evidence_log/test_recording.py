"""Recording on PostgreSQL, and what only row security has."""
from __future__ import annotations

from sqlalchemy import func, select

from shared_components.evidence_log import tables
from shared_components.evidence_log.lag import keeps_evidence
from tests.unit.evidence_log.recording_suite import Recording
from tests.unit.evidence_log.world import World


class TestRecordingOnPostgresql(Recording):
    pass


def test_an_owner_sees_only_its_own_records(world: World) -> None:
    world.record("health", "civil", "civil")
    for tenant, seen in (("health", 1), ("civil", 2), ("tax", 0)):
        with world.database.reading([tenant]) as session:
            assert session.scalar(select(func.count()).select_from(tables.records)) == seen


def test_a_log_in_the_service_s_own_schema_is_found(world: World) -> None:
    assert keeps_evidence(world.database)
