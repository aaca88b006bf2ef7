"""Database failures as typed errors: a caller never sees a driver's traceback."""
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Conflict, OutcomeUnknown, Unavailable


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached, or cannot take more; nothing was done."""

    code = "db.unavailable"
    texts = {"en": "The database cannot be used now.", "zh": "数据库暂不可用。"}


class DatabaseBusy(Unavailable):
    """A lock, a pooled connection or a statement took longer than its limit; nothing was done."""

    code = "db.busy"
    texts = {"en": "The database is too busy now.", "zh": "数据库繁忙。"}


class WriteRace(Unavailable):
    """Another transaction did it first. Nothing was done; run the whole transaction again at once."""

    code = "db.write-race"
    texts = {"en": "Another transaction was faster.", "zh": "并发写入冲突,请重试。"}


class KeyTaken(Conflict):
    """Something with the same unique key was written by another transaction. Nothing was done here."""

    code = "db.key-taken"
    texts = {"en": "Somebody else has just written the same object.", "zh": "该对象刚被他人写入,请重新读取。"}


class CommitUnknown(OutcomeUnknown):
    """The connection was lost during the commit: it may or may not have happened."""

    code = "db.commit-unknown"
    texts = {"en": "The outcome of the commit is not known.", "zh": "提交结果未知。"}


_RACES = ("40001", "40P01")
_BUSY = ("55P03", "57014")
_TAKEN = "23505"
_DOWN_CLASSES = ("08", "53", "57", "58")
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_SQLITE_TAKEN = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
_SQLITE_DOWN = ("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_CORRUPT")


def translate(error: exc.SQLAlchemyError, service: str) -> AppError | None:
    """The typed error for a failure of the database itself; None when the failure is a bug of ours."""
    if isinstance(error, exc.TimeoutError):
        return DatabaseBusy(
            Bilingual(
                f"database of {service} has no free connection; try again later",
                f"{service} 的数据库没有空闲连接，请稍后重试"), details={"retry_after_s": 1}
        )
    if not isinstance(error, exc.DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _from_sqlite(getattr(error.orig, "sqlite_errorname", ""), service)
    return _from_postgresql(error, service)


def is_disconnect(error: exc.SQLAlchemyError) -> bool:
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


@contextmanager
def typed_failures(service: str) -> Iterator[None]:
    """Raise a typed error in place of the database's failures; bugs (wrong SQL) pass as they are."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        typed = translate(error, service)
        if typed is None:
            raise
        # The driver's message of a taken key holds the key, which may be personal.
        raise typed from (None if isinstance(typed, KeyTaken) else error)


def _key_taken(service: str) -> KeyTaken:
    return KeyTaken(Bilingual(
        f"a unique key of {service} is taken by what another transaction wrote; read it, then decide",
        f"{service} 的唯一键已被其他事务占用，请重新读取后再处理"))


def _from_sqlite(name: str, service: str) -> AppError | None:
    if name in _SQLITE_TAKEN:
        return _key_taken(service)
    if name.startswith(_SQLITE_BUSY):
        return DatabaseBusy(Bilingual(
            f"database file of {service} is locked; try again later",
            f"{service} 的数据库文件被锁定，请稍后重试"), details={"retry_after_s": 1})
    if name.startswith(_SQLITE_DOWN):
        return DatabaseUnavailable(
            Bilingual(
                f"database file of {service} fails with {name}; check its folder and disk",
                f"{service} 的数据库文件出错（{name}），请检查目录与磁盘"), details={"retry_after_s": 5}
        )
    return None


def _from_postgresql(error: exc.DBAPIError, service: str) -> AppError | None:
    code: str | None = getattr(error.orig, "pgcode", None)
    if code == _TAKEN:
        return _key_taken(service)
    if code in _RACES:
        return WriteRace(Bilingual(
            f"transaction of {service} met a faster one; run it again",
            f"{service} 的事务与其他事务冲突，请重试"), details={"retry_after_s": 0})
    if code in _BUSY:
        return DatabaseBusy(Bilingual(
            f"database of {service} took longer than allowed; try again",
            f"{service} 的数据库操作超时，请重试"), details={"retry_after_s": 1})
    lost = error.connection_invalidated or (code is None and isinstance(error, exc.OperationalError))
    if lost or (code is not None and code.startswith(_DOWN_CLASSES)):
        return DatabaseUnavailable(
            Bilingual(
                f"database of {service} cannot be reached; try again later",
                f"{service} 的数据库无法连接，请稍后重试"), details={"retry_after_s": 2}
        )
    return None
