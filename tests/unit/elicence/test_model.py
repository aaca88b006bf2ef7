"""The life of licences against a model: whatever is done in whatever order, these hold."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.elicence import usecases
from services.elicence.domain.states import ACTIVE, LICENCE
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import LicenceIdentifier
from shared_components.kernel.states import IllegalTransition
from tests.unit.elicence.world import TARGETS, TYPE_CODE, memory_world

HOLDERS = st.integers(1, 3)
PEOPLE = [f"sub_{number}" for number in range(1, 4)]


class Licences(RuleBasedStateMachine):
    """Revoked is final, one active a holder, versions grow, a code counts once, the answer is the state."""

    licences = Bundle("licences")
    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.world = memory_world()
        self.world.put_type(validity_years=[1])
        self.ended: dict[str, str] = {}
        self.spent: set[str] = set()
        self.versions: dict[str, int] = {}

    @rule(target=licences, number=HOLDERS)
    def issue(self, number: int) -> str:
        return self._issued(number)

    @rule(target=licences, number=HOLDERS, prior=licences)
    def renew(self, number: int, prior: str) -> str:
        prior_identifier = self.world.get(licence_id=prior)["identifier"] if prior else None
        return self._issued(number, prior_identifier)

    @rule(licence_id=licences, what=st.sampled_from(sorted(TARGETS)))
    def change(self, licence_id: str, what: str) -> None:
        if not licence_id:
            return
        before = self.world.get(licence_id=licence_id)["state"]
        try:
            after = self.world.change(what, licence_id)["state"]
        except IllegalTransition:
            assert TARGETS[what] not in LICENCE.targets(before)
            return
        assert after == TARGETS[what] and after in LICENCE.targets(before)

    @rule(days=st.integers(1, 200))
    def time_passes(self, days: int) -> None:
        self.world.clock.advance(timedelta(days=days))

    @rule()
    def sweep(self) -> None:
        before = [self.world.held(one) for one in PEOPLE]
        usecases.expire_ended(self.world)
        after = [self.world.held(one) for one in PEOPLE]
        # What is written down is what was answered all along.
        assert [[one["state"] for one in held] for held in before] == [[x["state"] for x in held] for held in after]

    @rule(target=codes, licence_id=licences)
    def present(self, licence_id: str) -> str:
        if not licence_id:
            return ""
        licence = self.world.get(licence_id=licence_id)
        try:
            return str(self.world.present(licence_id, licence["holder_subject"])["code"])
        except AppError:
            assert licence["state"] != "issued"
            return ""

    @rule(code=codes)
    def verify(self, code: str) -> None:
        if not code:
            return
        (verdict,) = self.world.verify({"code": code})
        assert not (verdict["valid"] and code in self.spent)
        if verdict["valid"]:
            assert verdict["state"] == "issued"
        self.spent.add(code)

    @invariant()
    def each_holder_has_at_most_one_active_licence(self) -> None:
        for one in PEOPLE:
            held = self.world.held(one)
            assert sum(licence["state"] in ACTIVE for licence in held) <= 1
            self._ends_are_final(held)

    @invariant()
    def verification_says_what_the_licence_says(self) -> None:
        for licence in self.world.held(PEOPLE[0]):
            (verdict,) = self.world.verify({"identifier": licence["identifier"]})
            assert verdict["state"] == licence["state"]
            assert verdict["valid"] == (licence["state"] == "issued")

    def _issued(self, number: int, prior: str | None = None) -> str:
        today = self.world.clock.now().date().isoformat()
        try:
            licence = self.world.issued(number, valid_from=today, prior_identifier=prior)
        except AssertionError:
            return ""  # refused; what may be refused is in test_issue.py
        identifier = LicenceIdentifier.parse(licence["identifier"])
        assert identifier.type_code == TYPE_CODE
        assert identifier.version == self.versions.get(identifier.serial, 0) + 1
        self.versions[identifier.serial] = identifier.version
        return str(licence["licence_id"])

    def _ends_are_final(self, held: list[dict[str, Any]]) -> None:
        for licence in held:
            assert licence["state"] == self.ended.get(licence["licence_id"], licence["state"])
            if LICENCE.is_final(licence["state"]):
                self.ended[licence["licence_id"]] = licence["state"]


TestLicences = Licences.TestCase
TestLicences.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
