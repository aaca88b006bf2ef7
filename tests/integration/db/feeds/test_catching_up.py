"""A process asks once whether its copy is current, and goes on as it did before where it is not."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event, text

from shared_components.bus.server.process_copies import DIRECTORY, ProcessCopies
from shared_components.db import ALL_TENANTS, Database, migrate
from shared_components.db.feeds import FeedStale, Page, append
from shared_components.db.feeds.copies import poll
from shared_components.db.feeds.producer import read_feed
from shared_components.devstack.servers import PostgreSQL
from shared_components.security.authority.copies import NO_COPIES, keep_copies, process_copies
from tests.integration.db.test_postgresql import kill_sessions


@pytest.fixture
def identity(postgres: PostgreSQL, postgres_url: str) -> Iterator[Database]:
    """The producer. Both services are migrated: row security hides the copy from transactions of a tenant."""
    for service in ("identity", "payment"):
        migrate(postgres_url, service)
    database = Database(postgres_url, "identity")
    yield database
    database.dispose()
    keep_copies(NO_COPIES)


@pytest.fixture
def payment(identity: Database, postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url, "payment")
    yield database
    database.dispose()


def end_session(identity: Database, session_id: str) -> None:
    with identity.transaction(ALL_TENANTS) as session:
        append(session, DIRECTORY, "ended-session", session_id, {})


def follow(identity: Database, payment: Database) -> None:
    def ask(n: int, digest: str) -> Page:
        with identity.transaction(ALL_TENANTS) as session:
            return read_feed(session, DIRECTORY, "payment", n, digest)

    poll(payment, DIRECTORY, ask)


def test_where_nothing_is_new_one_message_asks(identity: Database, payment: Database) -> None:
    end_session(identity, "ses_1")
    follow(identity, payment)
    copies = ProcessCopies([DIRECTORY])
    copies.catch_up(payment)
    sent: list[str] = []
    event.listen(payment.engine, "after_cursor_execute", lambda _c, _u, statement, *_: sent.append(statement))
    copies.catch_up(payment)
    assert len(sent) == 1
    assert process_copies().is_ended("ses_1")


def test_what_was_revoked_since_counts_at_once(identity: Database, payment: Database) -> None:
    copies = ProcessCopies([DIRECTORY])
    follow(identity, payment)
    for session_id in ("ses_1", "ses_2"):
        copies.catch_up(payment)
        end_session(identity, session_id)
        follow(identity, payment)
        copies.catch_up(payment)
        assert process_copies().is_ended(session_id)


def test_a_copy_without_a_lease_decides_nothing(identity: Database, payment: Database) -> None:
    copies = ProcessCopies([DIRECTORY])
    with pytest.raises(FeedStale):
        copies.catch_up(payment)
    follow(identity, payment)
    copies.catch_up(payment)
    with payment.transaction(ALL_TENANTS) as session:
        session.execute(text("UPDATE feed_positions SET fresh_until = clock_timestamp() - interval '1 second'"))
    with pytest.raises(FeedStale):
        copies.catch_up(payment)


def test_a_connection_that_died_in_the_pool_is_replaced(
    identity: Database, payment: Database, postgres: PostgreSQL,
) -> None:
    follow(identity, payment)
    copies = ProcessCopies([DIRECTORY])
    copies.catch_up(payment)
    kill_sessions(postgres, payment)
    copies.catch_up(payment)


def test_the_question_leaves_its_connection_without_tenants(identity: Database, payment: Database) -> None:
    follow(identity, payment)
    with payment.engine.connect() as pooled:
        assert pooled.execute(text("SELECT count(*) FROM feed_positions")).scalar() == 0
    ProcessCopies([DIRECTORY]).catch_up(payment)
    with payment.engine.connect() as pooled:
        assert pooled.execute(text("SELECT count(*) FROM feed_positions")).scalar() == 0
