"""Runs a service's alembic migrations without an env.py, an ini file or a static import of the service."""
from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from shared_components.db.database import Database
from shared_components.db.errors import DatabaseBusy, WriteRace, typed_failures
from shared_components.db.feeds.tables import copy_metadata
from shared_components.db.settings import DatabaseSettingsError
from shared_components.db.tables import platform
from shared_components.db.types import metadata_of
from shared_components.kernel.rooms import rooms_of

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

# alembic is imported where it is used: a service that serves would carry it for nothing, and start later.
# While a migration waits for a table, new calls wait behind it: it lets go soon, and tries again. Half of PostgreSQL's
# deadlock_timeout, so that the migration is the one that lets go, and never a call.
_LIMITS = {"statement_timeout_s": 600, "lock_timeout_s": 0.5, "pool_size": 1}
PATIENCE_S = 60.0
"""How long a migration tries to get tables that running transactions use."""
_PAUSES_S = (0.5, 1.5)
# alembic's `op` is one for the whole process.
_one_at_a_time = threading.Lock()


def migrate(url: str, service: str, *, package: str | None = None, to: str = "head") -> list[str]:
    """Bring a service's schema to its newest version, or to one on the way; gives the revisions run, oldest first.

    All in one transaction, and one migrator at a time: on PostgreSQL under an advisory lock, on SQLite as the writer.
    Services may run at the same time: a transaction of theirs that is in the way makes the migration begin again.
    package: where `migrations/versions` lies, `services.<service>` if not given.
    Raises DatabaseBusy or WriteRace when it did not get through in PATIENCE_S; then nothing was changed.
    """
    until = time.monotonic() + PATIENCE_S
    with _one_at_a_time, _scripts(service, package) as script:
        while True:
            try:
                return _migrated(url, service, script, to)
            except (DatabaseBusy, WriteRace):
                if time.monotonic() > until:
                    raise
            time.sleep(random.uniform(*_PAUSES_S))


def _migrated(url: str, service: str, script: ScriptDirectory, to: str) -> list[str]:
    run: list[str] = []

    def steps(revision: Any, _context: Any) -> Any:
        found = script._upgrade_revs(to, revision)
        run.extend(step.revision.revision for step in found)
        return found

    with _connection(url, service, lock=True) as connection:
        _run(script, connection, steps)
    return run


def pending(url: str, service: str, *, package: str | None = None) -> list[str]:
    """The revisions that the database has not had yet, oldest first."""
    from alembic.migration import MigrationContext

    with _scripts(service, package) as script, _connection(url, service, lock=False) as connection:
        done = MigrationContext.configure(connection).get_current_heads()
        steps = script.iterate_revisions("heads", done or "base")
        return [step.revision for step in steps][::-1]


def drift(url: str, service: str) -> list[Any]:
    """Where a migrated schema and the service's models differ, as alembic tells it; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for models in rooms_of(f"services.{service}", "models"):
        import_module(models)
    with _connection(url, service, lock=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        known = [metadata_of(service), platform, copy_metadata]
        return list(compare_metadata(context, known))  # type: ignore[arg-type]


def _run(script: ScriptDirectory, connection: Connection, steps: Callable[[Any, Any], Any]) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()


@contextmanager
def _scripts(service: str, package: str | None) -> Iterator[ScriptDirectory]:
    from alembic.script import ScriptDirectory

    name = package or f"services.{service}"
    try:
        root = files(name)
    except ModuleNotFoundError:
        raise DatabaseSettingsError(f"service {service!r} has no package {name!r}; install it first") from None
    with as_file(root) as folder:
        migrations = Path(folder) / "migrations"
        if not (migrations / "versions").is_dir():
            raise DatabaseSettingsError(f"service {service!r} has no folder migrations/versions; every one needs it")
        yield ScriptDirectory(str(migrations))


@contextmanager
def _connection(url: str, service: str, *, lock: bool) -> Iterator[Connection]:
    database = Database(url, service, **_LIMITS)
    try:
        with typed_failures(service), database.engine.begin() as connection:
            if not database.is_sqlite and lock:
                _lock_schema(connection, service)
            yield connection
    finally:
        database.dispose()


def _lock_schema(connection: Connection, service: str) -> None:
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"zhongtai-migrate-{service}"}
    )
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {service}"))
