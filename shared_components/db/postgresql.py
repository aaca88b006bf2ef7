"""Transactions on PostgreSQL with as few round trips as they need.

The driver would send BEGIN in a message of its own, and COMMIT in another. Here BEGIN travels with the first statement,
and COMMIT may travel with the last (bulk.flush_inserts): the driver runs in its autocommit mode, and what is open is
read from libpq, which knows it from the server without asking.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INERROR
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from shared_components.db.settings import READ_ONLY

_BEGIN = "zhongtai.begin"


def listen_to_transactions(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _send_begin, retval=True)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _rollback)
    event.listen(engine, "reset", _reset)


def _prepare(driver: Any, _record: Any) -> None:
    driver.autocommit = True


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.info[_BEGIN] = "BEGIN READ ONLY" if read_only else "BEGIN"


def begin_with(connection: Connection, statements: Sequence[str]) -> None:
    """Say more between BEGIN and the first statement, in the same message; nothing was sent in this transaction yet."""
    if _BEGIN in connection.info:
        connection.info[_BEGIN] = "; ".join([connection.info[_BEGIN], *statements])


def without_transaction(connection: Connection) -> None:
    """Let the next statements of a fresh connection be sent as they are, each committed by itself."""
    connection.begin()
    connection.info.pop(_BEGIN, None)


def _send_begin(
    connection: Connection, cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool,
) -> tuple[str, Any]:
    begin = connection.info.pop(_BEGIN, None)
    if begin is None:
        return statement, parameters
    if executemany:  # the driver repeats the whole text for each row
        cursor.execute(begin)
        return statement, parameters
    return f"{begin}; {statement}", parameters


def _commit(connection: Connection) -> None:
    if connection.info.pop(_BEGIN, None) is not None or not _is_open(connection):
        return  # nothing was begun, or the last message has committed already
    if _status(connection) == TRANSACTION_STATUS_INERROR:
        # The server would answer COMMIT with a rollback, and no error.
        raise RuntimeError("a statement of this transaction has failed and was passed over; nothing is committed")
    connection.exec_driver_sql("COMMIT")


def _rollback(connection: Connection) -> None:
    if connection.invalidated:
        return  # it is gone, and its transaction with it
    if connection.info.pop(_BEGIN, None) is None and _is_open(connection):
        connection.exec_driver_sql("ROLLBACK")


def _is_open(connection: Connection) -> bool:
    driver: Any = connection.connection.dbapi_connection
    return not driver.closed and _status(connection) != TRANSACTION_STATUS_IDLE


def _status(connection: Connection) -> int:
    driver: Any = connection.connection.dbapi_connection
    return int(driver.info.transaction_status)


def _reset(driver: Any, record: Any, _state: Any) -> None:
    """A connection goes back to the pool: nothing of its last user stays open on it."""
    record.info.pop(_BEGIN, None)
    if not driver.closed and driver.info.transaction_status != TRANSACTION_STATUS_IDLE:
        with driver.cursor() as cursor:
            cursor.execute("ROLLBACK")
