"""A level is never above what evidence in force supports, whatever happens in whatever order."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.identity.sandbox import PERSONS, SandboxAuthority
from services.identity.subjects import schemas, usecases
from services.identity.subjects.domain.documents import DocumentRules
from services.identity.subjects.domain.errors import EvidenceRefused, SubjectNotActive
from services.identity.subjects.domain.levels import LevelRule, LevelTable
from services.identity.subjects.domain.policy import IdentityPolicy
from services.identity.subjects.usecases.views import SubjectView
from shared_components.kernel.clock import FixedClock
from tests.unit.identity.fakes import MemoryTransactions
from tests.unit.identity.worlds import World, subject_of

LEVEL_OF = {"name-number-match": 2, "proof-of-presence": 3, "certificate": 4, "counter-check": 4}
DAYS = {2: None, 3: 30, 4: 10}
TOKENS = {
    "name-number-match": {}, "proof-of-presence": {"presence_token": "sandbox-present"},
    "certificate": {"certificate_token": "sandbox-certificate"}, "counter-check": {"counter_token": "sandbox-counter"},
}
RULES = [LevelRule(1, "一", "")] + [
    LevelRule(level, str(level), "", tuple(kind for kind in LEVEL_OF if LEVEL_OF[kind] == level), DAYS[level])
    for level in (2, 3, 4)
]
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Levels(RuleBasedStateMachine):
    """The model keeps what was confirmed and when; the oracle is written without the code under test."""

    @initialize(truthful=st.booleans(), number=st.sampled_from(sorted(PERSONS)))
    def register(self, truthful: bool, number: str) -> None:
        clock = FixedClock(AT)
        table = LevelTable("T", RULES)
        self.world = World(MemoryTransactions(clock, IdentityPolicy(DocumentRules(), table, {"T": table})), clock)
        self.clock, self.truthful, self.state = clock, truthful, "active"
        self.confirmed: list[tuple[str, datetime]] = []
        name = PERSONS[number] if truthful else "某某某某"
        with self.world.transactions.begin("t1") as tx:
            call = self.world.call(schemas.RegisterPerson, name=name, id_number=number)
            self.subject_id = usecases.register_person(tx, *call).subject_id

    @rule(kind=st.sampled_from(sorted(LEVEL_OF)), good=st.booleans(), op=st.integers(0, 5))
    def bring(self, kind: str, good: bool, op: int) -> None:
        data = TOKENS[kind] if good else {"x": "y"}
        call = self.world.call(schemas.AddEvidence, caller="operator", op_id=f"op-{op}", subject_id=self.subject_id,
                               kind=kind, data=data)
        repeated = any(receipt == f"{kind}/{op}" for receipt, _ in self.confirmed)
        try:
            usecases.add_evidence(self.world.transactions, SandboxAuthority(), *call)
        except EvidenceRefused:
            assert self.state == "active" and (not self.truthful or (not good and TOKENS[kind]))
        except SubjectNotActive:
            assert self.state != "active"
        else:
            assert self.truthful and self.state == "active"
            if not repeated:
                self.confirmed.append((f"{kind}/{op}", self.clock.now()))

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    @precondition(lambda self: self.state != "closed")
    @rule(state=st.sampled_from(["active", "frozen", "closed"]))
    def move(self, state: str) -> None:
        if state == self.state:
            return
        with self.world.transactions.begin("t1") as tx:
            call = self.world.call(schemas.ChangeState, caller="operator", subject_id=self.subject_id, reason="x")
            self.state = usecases.change_state(tx, *call, target=state).state

    @invariant()
    def level_is_what_evidence_supports(self) -> None:
        expected = 1
        for receipt, at in self.confirmed:
            level = LEVEL_OF[receipt.split("/")[0]]
            days = DAYS[level]
            if days is None or self.clock.now() < at + timedelta(days=days):
                expected = max(expected, level)
        assert self.shown().level == expected

    @invariant()
    def every_raise_was_told_with_a_growing_sequence(self) -> None:
        sequences = [event["sequence"] for event in self.world.transactions.events]
        assert sequences == sorted(set(sequences))
        raises = [event["data"] for event in self.world.transactions.events if event["type"] == "level-raised"]
        assert all(data["level"] > data["level_before"] for data in raises)
        assert self.truthful or not raises

    def shown(self) -> SubjectView:
        with self.world.transactions.begin("t1") as tx:
            return subject_of(tx, self.world.call(schemas.BySubject, subject_id=self.subject_id))


TestLevels = pytest.mark.timeout(60)(Levels.TestCase)
TestLevels.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
