"""Migration 0011: a directory that is older than its feed is in the feed, as if each row had been stored since."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from services.identity.directory.adapters.feed import FEED
from services.identity.sessions.adapters.endings import SqlSessionEndings
from shared_components.db import ALL_TENANTS, migrate
from shared_components.db.feeds.copies import FeedCopy, poll
from shared_components.db.feeds.producer import read_feed
from shared_components.db.feeds.tables import entries
from shared_components.kernel.clock import FixedClock
from tests.unit.identity.conftest import AT
from tests.unit.identity.directory.world import Directory
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
DATABASES = ["sqlite", "postgresql"]
ENDINGS = [name for name in vars(SqlSessionEndings) if not name.startswith("_")]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/zhongtai.db"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def directory(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    migrate(url, "identity", to="0010")
    transactions = SqlTransactions(tmp_path, FixedClock(AT), url=url)
    directory = Directory(transactions)
    # Rows are stored by today's adapters, which write this column too; the migration does not look at it.
    _run(directory, "ALTER TABLE apps ADD COLUMN broker_keys JSON")
    with monkeypatch.context() as before_sessions:
        # At that version nobody could sign in, and a revoked key had no grants to end.
        for name in ENDINGS:
            before_sessions.setattr(SqlSessionEndings, name, lambda *given, **named: None)
        _fill(directory)
    yield directory
    transactions.database.dispose()


def _fill(directory: Directory) -> None:
    office, old = directory.add("税务局"), directory.add("地税局")
    directory.join(office.department_id, directory.person(), "handler")
    directory.register("app-tax", office.department_id)
    directory.approve("app-tax", office.department_id)
    directory.issue("app-tax", "production")
    gone = directory.register("app-gone", office.department_id)
    directory.revoke("app-gone", gone.key_id)
    directory.register("app-land", old.department_id)
    directory.merge(old.department_id, office.department_id)


def _said(directory: Directory) -> dict[tuple[str, str], Any]:
    """Give what holds for each key, as a copy would have it."""
    query = select(entries.c.kind, entries.c.key, entries.c.data).where(entries.c.feed == FEED).order_by(entries.c.n)
    with directory.transactions.database.reading(ALL_TENANTS) as session:
        told = {(row.kind, row.key): row.data for row in session.execute(query)}
    return {key: data for key, data in told.items() if data is not None}


def _run(directory: Directory, *statements: str) -> None:
    with directory.transactions.database.transaction(ALL_TENANTS) as session:
        for statement in statements:
            session.execute(text(statement))


def test_rows_from_before_the_feed_are_appended(directory: Directory, url: str) -> None:
    before = _said(directory)
    assert {kind for kind, _ in before} == {"department", "membership", "app", "key"}
    _run(directory, "DELETE FROM feed_entries", "DELETE FROM feed_heads")
    migrate(url, "identity", to="0011")
    appended = _said(directory)
    assert set(appended) == set(before)
    # A later version says more of an app; what the migration says of a row is equal.
    for key, data in appended.items():
        assert data == {name: before[key][name] for name in data}, key


def test_what_the_feed_has_said_already_stays_and_a_copy_reads_the_whole(directory: Directory, url: str) -> None:
    before = _said(directory)
    _run(directory, "DELETE FROM feed_entries WHERE n > 3",
         "UPDATE feed_heads SET n = 3, digest = (SELECT digest FROM feed_entries WHERE n = 3)")
    kept = _said(directory)
    migrate(url, "identity", to="0011")
    assert set(_said(directory)) == set(before)
    assert {key: data for key, data in _said(directory).items() if key in kept} == kept
    database = directory.transactions.database

    def ask(n: int, digest: str) -> Any:
        with database.transaction(ALL_TENANTS) as session:
            return read_feed(session, FEED, "copy", n, digest)

    poll(database, FEED, ask)
    copy = FeedCopy(FEED)
    with database.reading(ALL_TENANTS) as session:
        copy.refresh(session)
    assert copy.data == _said(directory)


def test_a_directory_that_the_feed_has_whole_gains_no_entry(directory: Directory, url: str) -> None:
    count = "SELECT count(*) FROM feed_entries"
    with directory.transactions.database.reading(ALL_TENANTS) as session:
        before = session.execute(text(count)).scalar_one()
    migrate(url, "identity", to="0011")
    with directory.transactions.database.reading(ALL_TENANTS) as session:
        assert session.execute(text(count)).scalar_one() == before
