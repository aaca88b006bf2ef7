"""The evidence log of a service in an experiment's world."""
from __future__ import annotations

from sqlalchemy import create_engine

from shared_components.db import ALL_TENANTS, Database
from shared_components.evidence_log.lag import seal_lag
from shared_components.evidence_log.proofs import newest_heads
from shared_components.evidence_log.statements import Head
from shared_components.evidence_log.verifying import LogReport, Verifier
from shared_components.kernel.clock import SystemClock
from shared_components.security import Secrets
from tests.evidence_attacks import Attacker
from tests.faults.world import World


class WatchedLog:
    """The log as a verifier, a witness and an attacker see it."""

    def __init__(self, world: World, service: str) -> None:
        self.service = service
        self.database = Database(world.database_url, self.service, pool_size=2)
        self.secrets = Secrets.for_development(world.folder)
        engine = create_engine(world.postgres.url_for(world.database_name, role="postgres"))
        self.attacker = Attacker(engine, self.service)
        self.witness: list[Head] = []

    def close(self) -> None:
        self.attacker.close()
        self.database.dispose()

    def look(self) -> None:
        """Let the witness keep the newest head."""
        with self.database.reading(ALL_TENANTS) as session:
            self.witness += newest_heads(session, self.service)

    def verify(self) -> LogReport:
        with self.database.reading(ALL_TENANTS, snapshot=True) as session:
            verifier = Verifier(session, self.service, self.secrets, now=SystemClock().now())
            owners = verifier.owners()
            return verifier.verify(owners[0] if owners else "default", self.witness)

    def waiting(self) -> int:
        with self.database.reading(ALL_TENANTS) as session:
            return seal_lag(session).waiting

    def delete_unsealed(self) -> bool:
        """Delete a record with its mark; True when there was one that waits for its seal."""
        found = self.attacker.rows("SELECT record_id FROM evidence_unsealed LIMIT 1")
        for row in found:
            self.attacker.run("DELETE FROM evidence_unsealed WHERE record_id = :id",
                              "DELETE FROM evidence_records WHERE record_id = :id", id=row[0])
        return bool(found)
