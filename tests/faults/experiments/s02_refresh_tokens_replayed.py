"""S2: refresh tokens are replayed by a thief, replies of refreshes are lost, and apps refresh at once."""
from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from services.identity.sessions.domain.errors import RefreshRefused
from services.identity.sessions.domain.grant import RefreshToken
from services.identity.sessions.usecases import refresh_tokens
from services.identity.sessions.usecases.issue_tokens import TokenSet
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.unit.identity.sessions.world import APP, Logins
from tests.unit.identity.worlds import SqlTransactions

ID, TITLE = "S2", "refresh tokens replayed; replies of refreshes lost; refreshes of one token at once"
TARGET = "a replay ends the family with its access tokens; one retry at once works; red without the detection"
OPERATIONS, UNIT = 200, "logins"
STEPS, AT_ONCE = 6, 4
LATE = timedelta(seconds=31)


def run(lab: Lab, report: Report) -> None:
    report.faults = "a thief with a copy of any refresh token of a family; replies that never arrive"
    replay(lab, report)
    with patch.object(refresh_tokens, "revoke_these", lambda *_: None):
        seen = replay(lab, Report(ID, TITLE, TARGET, report.seed, 20))
    report.add_blind("families that replays do not end", {"wrong": seen}, seen)
    with patch.object(RefreshToken, "may_be_retried", lambda *_: False):
        seen = replay(lab, Report(ID, TITLE, TARGET, report.seed, 20))
    report.add_blind("no grace for a lost reply", {"wrong": seen}, seen)


def replay(lab: Lab, report: Report) -> int:
    """Logins with random histories; gives how many broke a promise."""
    chosen, counts, wrong = random.Random(report.seed), Counter[str](), []
    with cities(lab) as logins:
        for number in range(report.operations):
            for broken in _history(logins, chosen, counts):
                wrong.append(f"login {number}: {broken}")
    report.add("histories", {"logins": report.operations, **counts, "wrong": len(wrong)}, wrong[:10])
    return len(wrong)


@contextmanager
def cities(lab: Lab) -> Iterator[Logins]:
    """A realm on the laboratory's PostgreSQL, with a clock that the history moves."""
    clock = FixedClock(datetime(2026, 3, 1, 8, tzinfo=UTC))
    with lab.world("S2", "identity") as world, tempfile.TemporaryDirectory(prefix="zhongtai-s2-") as folder:
        transactions = SqlTransactions(Path(folder), clock, url=world.database_url)
        try:
            yield Logins(transactions, clock)
        finally:
            transactions.database.dispose()


def _history(logins: Logins, chosen: random.Random, counts: Counter[str]) -> Iterator[str]:
    """One login: refreshes, of which some replies are lost and some come at once; then a thief, or a logout."""
    session, given = logins.login()
    old: list[str | None] = []
    for _ in range(chosen.randrange(1, STEPS)):
        shown, what = given.refresh_token, chosen.choice(("refreshed", "reply lost", "at once"))
        old.append(shown)
        counts[what] += 1
        try:
            given = _step(logins, shown, what)
        except RefreshRefused:
            yield f"{what}: the app's own refresh is refused"
            return
        logins.clock.advance(timedelta(seconds=chosen.randrange(1, 900)))
    if chosen.random() < 0.2:
        counts["logged out"] += 1
        logins.end(session)
        yield from _must_be_over(logins, given, "a logout")
        return
    stolen = chosen.choice(old)
    if stolen == old[-1]:
        logins.clock.advance(LATE)
    counts["replayed"] += 1
    if _taken(logins, stolen):
        yield "a replayed token is taken"
    yield from _must_be_over(logins, given, "a replay")


def _step(logins: Logins, shown: str | None, what: str) -> TokenSet:
    if what == "at once":
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(lambda _: logins.refresh(shown), range(AT_ONCE)))
        return found[-1]
    given = logins.refresh(shown)
    return logins.refresh(shown) if what == "reply lost" else given


def _must_be_over(logins: Logins, given: TokenSet, why: str) -> Iterator[str]:
    if _taken(logins, given.refresh_token):
        yield f"the newest refresh token is taken after {why}"
    try:
        logins.verify(given.access_token, APP)
    except AppError:
        return
    yield f"the newest access token is taken after {why}"


def _taken(logins: Logins, token: str | None) -> bool:
    try:
        logins.refresh(token)
    except RefreshRefused:
        return False
    return True
