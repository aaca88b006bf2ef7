"""One service's database: short transactions, typed failures, row security by tenant."""
from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Row, exc, text
from sqlalchemy.orm import Session

from shared_components.db.bulk import flush_inserts
from shared_components.db.engines import make_engine, read_only
from shared_components.db.errors import CommitUnknown, DatabaseBusy, is_disconnect, typed_failures
from shared_components.db.postgresql import without_transaction
from shared_components.db.settings import DatabaseSettingsError, Limits, service_name, service_url
from shared_components.db.transaction_session import UnitSession
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.authority import Reach

ALL_TENANTS = ("*",)
"""For the platform's own work, such as sweepers: row security shows the rows of every tenant."""

_TENANT = re.compile(r"[A-Za-z0-9_.:-]{1,64}|\*")
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
# Holds until the end of its message: the statements of one message are one transaction.
_OF_ALL_TENANTS = "SET LOCAL zhongtai.tenants = '*'"
_DO_NOT_WAIT = "SET LOCAL synchronous_commit = off"
_file_locks: dict[str, threading.Lock] = {}
_file_locks_guard = threading.Lock()


class Database:
    """The engine of one service and its transactions.

    url: `postgresql://…` or `sqlite:///…`; limits: see settings.Limits.
    """

    def __init__(self, url: str, service: str, **limits: Any) -> None:
        self.service = service_name(service)
        self.limits = Limits.of(limits)
        self.url = service_url(url, self.service)
        self.engine: Engine = make_engine(self.url, self.service, self.limits)
        self._read_engine = read_only(self.engine)
        self._writer = _file_lock(str(self.url.database)) if self.is_sqlite else None

    @classmethod
    def from_configuration(cls, section: Mapping[str, Any], service: str) -> Database:
        """From configuration section `database`: its `url` and its limits."""
        limits = {key: value for key, value in section.items() if key != "url"}
        return cls(section["url"], service, **limits)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, tenants: Collection[str] | Reach = (), *, repeatable: bool = False) -> Iterator[Session]:
        """A transaction that commits when its block ends, and rolls back when the block raises.

        tenants: whose rows may be seen and written (PostgreSQL row security), or the reach of a group of calls;
            ALL_TENANTS for the platform's own work.
        repeatable: the commit does not wait for the disk; for what is simply done again when a crash has undone it.
        Raises DatabaseUnavailable, DatabaseBusy or WriteRace when nothing was done, CommitUnknown when nobody can say.
        """
        with self._one_writer(), typed_failures(self.service), self._session(
            self.engine, tenants, [_DO_NOT_WAIT] if repeatable else []
        ) as session:
            yield session
            session.flush()
            self._commit(session)

    @contextmanager
    def reading(self, tenants: Collection[str] | Reach = (), *, snapshot: bool = False) -> Iterator[Session]:
        """A read-only transaction; a write in it is an error.

        snapshot: all statements see the database as the first one did.
        """
        with typed_failures(self.service), self._session(
            self._read_engine, tenants, [_SNAPSHOT] if snapshot else []
        ) as session:
            yield session

    def look(self, statement: str, parameters: tuple[Any, ...]) -> Sequence[Row[Any]]:
        """The platform's own query, in PostgreSQL's and the driver's words, as one message without BEGIN.

        For what is asked before each call: a transaction would be one more message, and its session as much computing.
        """
        with typed_failures(self.service):
            try:
                return self._ask(statement, parameters)
            except exc.DBAPIError as error:
                if not is_disconnect(error):
                    raise
                return self._ask(statement, parameters)  # it had died in the pool, which is empty now

    def _ask(self, statement: str, parameters: tuple[Any, ...]) -> Sequence[Row[Any]]:
        with self._read_engine.connect() as connection:
            without_transaction(connection)
            return connection.exec_driver_sql(f"{_OF_ALL_TENANTS}; {statement}", parameters).fetchall()

    def ping(self) -> None:
        """Raise DatabaseUnavailable or DatabaseBusy when the database does not answer."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def dispose(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _session(
        self, engine: Engine, tenants: Collection[str] | Reach, opening: Sequence[str] = (),
    ) -> Iterator[UnitSession]:
        allowed, told = _told(tenants)
        session = UnitSession(engine, opening=[*told, *opening], tenants=allowed)
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def _commit(self, session: Session) -> None:
        try:
            flush_inserts(session, commit=True)
            session.commit()
        except exc.DBAPIError as error:
            if self.is_sqlite or not is_disconnect(error):
                raise
            raise CommitUnknown(Bilingual(
                f"connection of {self.service} was lost during a commit; ask again with the same operation id",
                f"{self.service} 在提交时连接中断；请以同一操作编号再次查询")) from error

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """SQLite: queue here, where a greenlet can wait, and not in the file's busy loop, which blocks them all."""
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=self.limits.lock_timeout_s):
            raise DatabaseBusy(Bilingual(
                f"database file of {self.service} has another writer",
                f"{self.service} 的数据库文件正被其他进程写入"), details={"retry_after_s": 1})
        try:
            yield
        finally:
            self._writer.release()


def _file_lock(path: str) -> threading.Lock:
    """One lock a file and process, however many Database objects are open on it."""
    with _file_locks_guard:
        return _file_locks.setdefault(path, threading.Lock())


def _told(tenants: Collection[str] | Reach) -> tuple[frozenset[str], list[str]]:
    """The tenants whose rows may be written, and what PostgreSQL is told; read_tenants, subjects and apps read only."""
    if not isinstance(tenants, Reach):
        allowed = _checked(tenants, "tenant", _TENANT)
        return allowed, [_setting("tenants", allowed)]
    allowed = _checked(tenants.write_tenants, "tenant", _TENANT)
    told = [_setting("tenants", allowed)]
    for name in ("read_tenants", "subjects", "apps"):
        values = getattr(tenants, name)
        if values:
            told.append(_setting(name, _checked(values, name, _NAME)))
    return allowed, told


def _setting(name: str, values: frozenset[str]) -> str:
    # What a value may consist of leaves nothing to quote.
    return f"SET LOCAL zhongtai.{name} = '{','.join(sorted(values))}'"


def _checked(values: Collection[str], name: str, pattern: re.Pattern[str]) -> frozenset[str]:
    if isinstance(values, str):  # a str is a collection, too: of letters
        raise DatabaseSettingsError(f"tenants is the text {values!r}; only a list or set of names is allowed")
    for value in values:
        if not pattern.fullmatch(value):  # a comma in one would make it two
            raise DatabaseSettingsError(f"{name} is {value!r}; only letters, digits and _.:- are allowed")
    return frozenset(values)
