"""Attempts against a model: never more than the limit in any window, and strangers never keep out the owner's device.

The model remembers every attempt that was let through, and knows nothing of counters.
"""
from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.identity.credentials.domain.errors import SignInRefused, TooManyAttempts
from tests.unit.identity.credentials.world import RIGHT, WRONG, World, limited

LIMIT, WINDOW = 3, timedelta(minutes=15)
MOBILE = "13800138000"
STEPS = st.sampled_from([1, 60, 300, 899, 900, 901])


class Guessing(RuleBasedStateMachine):
    """One person; strangers guess by number and mobile, the owner signs in from home."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-attempts-"))
        self.world = World(self.folder, limited(
            identifier=LIMIT, account=LIMIT, known_device=LIMIT, device=1000, address=1000))
        self.compared = 0
        verify = self.world.hasher.verify

        def counting(password: str, encoded: str | None) -> bool:
            self.compared += encoded is not None
            return verify(password, encoded)

        self.world.hasher.verify = counting  # type: ignore[method-assign]
        self.subject = self.world.person(mobile=MOBILE)
        self.number = self.world.numbers[self.subject]
        self.world.sign_in(self.number, device="home")
        self.guesses: list[datetime] = []
        self.home: list[datetime] = []

    @rule(by=st.sampled_from(["number", "mobile", "nobody"]), device=st.sampled_from([None, "evil"]))
    def a_stranger_guesses(self, by: str, device: str | None) -> None:
        identifier = {"number": self.number, "mobile": MOBILE, "nobody": "nobody@example.cn"}[by]
        before = self.compared
        self._refused(identifier, device)
        if self.compared > before:
            self.guesses.append(self.world.clock.now())

    @rule()
    def the_owner_mistypes_at_home(self) -> None:
        before = self.compared
        self._refused(self.number, "home")
        if self.compared > before:
            self.home.append(self.world.clock.now())

    @rule()
    def the_owner_signs_in_at_home(self) -> None:
        recent = [at for at in self.home if self.world.clock.now() - at < WINDOW]
        try:
            proof = self.world.sign_in(self.number, RIGHT, device="home")
        except TooManyAttempts:
            assert len(recent) >= 1, "only the owner's own mistakes keep this device out"
            return
        assert proof.subject_id == self.subject
        self.home.clear()

    @rule(seconds=STEPS)
    def time_passes(self, seconds: int) -> None:
        self.world.wait(seconds=seconds)

    @invariant()
    def no_window_has_more_guesses_than_the_limit(self) -> None:
        for series in (getattr(self, "guesses", []), getattr(self, "home", [])):
            for begin in series:
                assert sum(begin <= at < begin + WINDOW for at in series) <= LIMIT

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.transactions.database.dispose()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _refused(self, identifier: str, device: str | None) -> None:
        try:
            self.world.sign_in(identifier, WRONG, device=device)
        except (SignInRefused, TooManyAttempts):
            return
        raise AssertionError("a wrong password got in")


Guessing.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestGuessing = Guessing.TestCase
