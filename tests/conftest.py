"""Fixtures for every test: servers are started when a test first asks for them, once a session."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.servers import PostgreSQL, RabbitMQ, start_postgresql, start_rabbitmq

VHOSTS_A_BATCH = 8


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a test module that patches the process when it is imported: every later test would wait for ever."""
    eventlet = sys.modules.get("eventlet.patcher")
    if eventlet is not None and any(eventlet.already_patched.values()):
        raise pytest.UsageError(
            "a test module has patched this process for green threads; import such stories in a process of their own")


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """The session's broker. A test that stops or kills it starts it again before it ends."""
    with start_rabbitmq() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """The session's database server, without fsync: a killed process still loses nothing."""
    with start_postgresql(durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def _empty_vhosts() -> list[str]:
    return []


@pytest.fixture
def broker_url(rabbitmq: RabbitMQ, _empty_vhosts: list[str]) -> str:
    """A vhost of the test's own, empty. (A server named by the environment has only the one of its URL.)"""
    if not _empty_vhosts:
        # Several at once: it is the rabbitmqctl run that takes time, not the vhost.
        _empty_vhosts += rabbitmq.add_vhosts([unique_name() for _ in range(VHOSTS_A_BATCH)])
    return _empty_vhosts.pop()


@pytest.fixture
def postgres_url(postgres: PostgreSQL) -> Iterator[str]:
    """A database of the test's own, empty, owned by a role that row-level security binds."""
    name = unique_name()
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def tmp_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'zhongtai.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on SQLite and on PostgreSQL."""
    fixture = {"sqlite": "tmp_sqlite_url", "postgres": "postgres_url"}[request.param]
    return str(request.getfixturevalue(fixture))
