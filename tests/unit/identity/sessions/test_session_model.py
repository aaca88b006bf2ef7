"""A model of sessions: whatever happens in whatever order, no token outlives its session, its grant or its key."""
from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, precondition, rule

from services.identity.sessions.domain.errors import RefreshRefused
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.issue_tokens import TokenSet
from services.identity.sessions.usecases.keys import keep_keys, rotate_key
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.directory.world import REALM
from tests.unit.identity.sessions.world import APP, Logins
from tests.unit.identity.worlds import SqlTransactions

GRACE = timedelta(seconds=30)
SKIPS = st.sampled_from([1, 20, 45, 400, 700, 86_000, 90_000])


@dataclass
class Login:
    """The model of one login of one app. used: when each refresh token was used."""

    session: Session
    ends_at: datetime
    used_at: datetime
    idle: timedelta
    ended: bool = False
    revoked: bool = False
    used: dict[str, datetime] = field(default_factory=dict)
    given: list[tuple[str, datetime]] = field(default_factory=list)

    def is_live(self, at: datetime) -> bool:
        return not self.ended and at < min(self.ends_at, self.used_at + self.idle)


class SessionsMachine(RuleBasedStateMachine):
    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-sessions-"))
        self.clock = FixedClock(AT)
        self.transactions = SqlTransactions(self.folder, self.clock)
        self.logins = Logins(self.transactions, self.clock)
        self.subject = self.logins.person()
        self.all: list[Login] = []

    def teardown(self) -> None:
        keep_copies(NO_COPIES)
        self.transactions.database.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @rule(target=tokens)
    def log_in(self) -> tuple[Login, str]:
        session, given = self.logins.login(self.subject)
        login = Login(session, session.ends_at, self.now, session.idle)
        self.all.append(login)
        return self._given(login, given)

    @rule(target=tokens, shown=tokens)
    def refresh_newest(self, shown: tuple[Login, str]) -> object:
        return self.refresh(shown)

    def refresh(self, shown: tuple[Login, str]) -> object:
        login, token = shown
        may = login.is_live(self.now) and not login.revoked and self._is_newest_or_retry(login, token)
        try:
            given = self.logins.refresh(token)
        except RefreshRefused:
            assert not may, "a refresh that is allowed is refused"
            if login.is_live(self.now):
                login.revoked = True
            return multiple()
        assert may, "a refresh that is not allowed is taken"
        login.used.setdefault(token, self.now)
        login.used_at = self.now
        return self._given(login, given)

    @rule(shown=consumes(tokens))
    def log_out(self, shown: tuple[Login, str]) -> None:
        login, _ = shown
        self.logins.end(login.session)
        login.ended = True

    @precondition(lambda self: any(not login.ended for login in self.all))
    @rule()
    def change_a_credential(self) -> None:
        with self.transactions.begin(REALM) as tx:
            tx.session_endings.credential_changed(self.subject)
        for login in self.all:
            login.ended = True

    @rule(rotates=st.booleans())
    def change_keys(self, rotates: bool) -> None:
        if rotates:
            self.logins.run(rotate_key, REALM, None, tenant="*")
            return
        with self.transactions.begin("*") as tx:
            keep_keys(tx, [REALM])

    @precondition(lambda self: any(login.used for login in self.all))
    @rule(data=st.data())
    def show_a_used_token_again(self, data: st.DataObject) -> None:
        """A thief, or an app whose reply was lost: at once, or too late."""
        login = data.draw(st.sampled_from([login for login in self.all if login.used]))
        token = data.draw(st.sampled_from(list(login.used)))
        self.clock.advance(timedelta(seconds=data.draw(st.sampled_from([1, 31]))))
        self.refresh((login, token))

    @rule(seconds=SKIPS)
    def wait(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def no_token_outlives_its_session(self) -> None:
        for login in self.all:
            for text, until in login.given[-3:]:
                taken = self._is_taken(text)
                if login.ended or login.revoked:
                    assert not taken, "a token outlives its session or its grant"
                assert not taken or self.now <= until + GRACE, "a token outlives its time"
                if not login.ended and not login.revoked and self.now < until:
                    assert taken, "a live token is refused"

    def _given(self, login: Login, given: TokenSet) -> tuple[Login, str]:
        until = self.now + timedelta(seconds=given.expires_in)
        assert until <= min(login.ends_at, self.now + timedelta(minutes=10))
        login.given.append((given.access_token, until))
        assert given.refresh_token is not None
        return login, given.refresh_token

    def _is_newest_or_retry(self, login: Login, token: str) -> bool:
        """Whether the token was never used, or was the last one to be used, at once before."""
        used = login.used.get(token)
        return used is None or (self.now - used <= GRACE and token == list(login.used)[-1])

    def _is_taken(self, text: str) -> bool:
        try:
            self.logins.verify(text, APP)
        except AppError:
            return False
        return True


SessionsMachine.TestCase.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
TestSessions = SessionsMachine.TestCase
