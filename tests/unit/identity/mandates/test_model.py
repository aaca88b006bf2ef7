"""Model-based test: whatever happens in whatever order, nobody acts without a live mandate, or beyond its scopes."""
from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from services.identity.subjects.domain import states as subject_states
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.mandates.test_mandates import expire, set_state
from tests.unit.identity.mandates.world import LI, LIN, WANG, ZHANG, Mandates
from tests.unit.identity.worlds import SqlTransactions

PEOPLE = (LIN, ZHANG, LI, WANG)
RESOURCES = ("order", "licence", "licence:driving-licence", "case")


@dataclass
class Promise:
    """A mandate as the model knows it. given_under: the promise by which it was appointed."""

    principal: str
    agent: str
    scopes: frozenset[str]
    until: date | None
    state: str = "proposed"
    given_under: Promise | None = field(default=None, repr=False)


class MandateMachine(RuleBasedStateMachine):
    mandates_known = Bundle("mandates_known")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        clock = FixedClock(AT)
        self.world = Mandates(SqlTransactions(Path(self.folder.name), clock), clock)
        self.promised: dict[str, Promise] = {}
        self.frozen: set[str] = set()
        proved = self.world.prove(LIN)
        self.company, self.first = proved.principal_id, proved.mandate_id
        self.promised[proved.mandate_id] = Promise(
            self.company, LIN, frozenset({"*"}), proved.valid_until, "active")

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.transactions.database.dispose()
            self.folder.cleanup()
        keep_copies(NO_COPIES)

    @rule(
        target=mandates_known, principal=st.sampled_from(PEOPLE), agent=st.sampled_from(PEOPLE),
        scopes=st.sets(st.sampled_from(RESOURCES), min_size=1), days=st.none() | st.integers(1, 5))
    def appoint(self, principal: str, agent: str, scopes: set[str], days: int | None) -> Any:
        until = None if days is None else self.world.today() + timedelta(days=days)
        return self._appointed(self.world.session(principal), agent, scopes, until, principal=principal)

    @rule(
        target=mandates_known, under=mandates_known, agent=st.sampled_from(PEOPLE),
        kind=st.sampled_from(("manager", "handler")), scopes=st.sets(st.sampled_from(RESOURCES), min_size=1))
    def appoint_under(self, under: str, agent: str, kind: str, scopes: set[str]) -> Any:
        return self._under(under, agent, scopes, kind)

    @rule(target=mandates_known, agent=st.sampled_from(PEOPLE), scopes=st.sets(st.sampled_from(RESOURCES), min_size=1),
          kind=st.sampled_from(("manager", "handler")))
    def appoint_for_company(self, agent: str, scopes: set[str], kind: str) -> Any:
        return self._under(self.first, agent, scopes, kind)

    @rule(known=mandates_known, by=st.sampled_from(PEOPLE))
    def accept(self, known: str, by: str) -> None:
        promise = self.promised[known]
        try:
            self.world.accept(by, known)
        except AppError:
            return
        assert promise.agent == by and promise.state == "proposed", "only the named agent accepts, once"
        promise.state = "active"

    @rule(known=consumes(mandates_known), by=st.sampled_from(PEOPLE))
    def refuse(self, known: str, by: str) -> None:
        try:
            self.world.refuse(by, known)
        except AppError:
            return
        promise = self.promised[known]
        assert promise.agent == by and promise.state == "proposed"
        promise.state = "refused"

    @rule(known=mandates_known, by=st.sampled_from(PEOPLE))
    def revoke(self, known: str, by: str) -> None:
        promise = self.promised[known]
        try:
            self.world.revoke(self.world.session(by), known)
        except AppError:
            return
        assert by in (promise.principal, promise.agent), "nobody else revokes"
        promise.state = "revoked"

    @rule(who=st.sampled_from(PEOPLE), frozen=st.booleans())
    def freeze(self, who: str, frozen: bool) -> None:
        if (who in self.frozen) is frozen:
            return
        set_state(self.world, who, subject_states.FROZEN if frozen else subject_states.ACTIVE)
        (self.frozen.add if frozen else self.frozen.discard)(who)

    @rule(days=st.integers(1, 3), swept=st.booleans())
    def wait(self, days: int, swept: bool) -> None:
        self.world.clock.advance(timedelta(days=days))
        if swept:
            expire(self.world)

    @invariant()
    def nobody_acts_without_a_live_mandate(self) -> None:
        if not hasattr(self, "promised"):
            return
        copies = self.world.copies()
        for mandate_id, promise in self.promised.items():
            expected = self._is_live(promise)
            for person in PEOPLE:
                found = self.world.live(mandate_id, person)
                assert (found is not None) == (expected and person == promise.agent), (mandate_id, promise)
                if found is not None:
                    assert mandate_id in copies.live_mandates, "what is live is in the copy"
                    self._check_scopes(found.for_session(frozenset(RESOURCES) | {"mandate"}).scopes, promise)
            if promise.state != "active" or promise.agent in self.frozen or promise.principal in self.frozen:
                assert mandate_id not in copies.live_mandates, "what has ended is in no copy"

    def _check_scopes(self, scopes: frozenset[str], promise: Promise) -> None:
        """Check that the mandate, and those under which it was given, cover all that a token names."""
        above: Promise | None = promise
        while above is not None:
            held = above.scopes
            assert all(
                "*" in held or scope in held or scope.split(":")[0] in held or (scope == "mandate" and above is promise)
                for scope in scopes - {"mandate"}), (scopes, above)
            above = above.given_under

    def _is_live(self, promise: Promise) -> bool:
        over = promise.until is not None and self.world.clock.now().date() > promise.until
        return promise.state == "active" and not over and not {promise.agent, promise.principal} & self.frozen

    def _under(self, under: str, agent: str, scopes: set[str], kind: str) -> Any:
        giver = self.promised[under]
        if not self._is_live(giver):
            return multiple()
        acting = self.world.session(giver.agent, under)
        return self._appointed(acting, agent, scopes, giver.until, principal=giver.principal, kind=kind, giver=giver)

    def _appointed(
        self, acting: Any, agent: str, scopes: set[str], until: date | None, *, principal: str, kind: str = "handler",
        giver: Promise | None = None,
    ) -> Any:
        try:
            view = self.world.appoint(
                acting, agent, scopes=sorted(scopes), kind=kind, valid_until=until and until.isoformat())
        except AppError:
            return multiple()
        self.promised[view.mandate_id] = Promise(principal, agent, frozenset(scopes), until, given_under=giver)
        return view.mandate_id


MandateMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestMandates = MandateMachine.TestCase
