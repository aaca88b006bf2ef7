"""The servers for tests, `make demo BROKER=rabbitmq` and `make up`: those that the environment names, else private.

`python -m shared_components.devstack.servers` starts both, prints one line of JSON with their URLs, and ends them on
SIGTERM or SIGINT, and when the process that started it ends.
"""
from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shared_components.devstack.external_servers import ExternalPostgreSQL, ExternalRabbitMQ
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import ServerUnavailable
from shared_components.devstack.rabbitmq import PrivateRabbitMQ

RabbitMQ = PrivateRabbitMQ | ExternalRabbitMQ
PostgreSQL = PrivatePostgreSQL | ExternalPostgreSQL
Private = TypeVar("Private", PrivateRabbitMQ, PrivatePostgreSQL)

ATTEMPTS = 3


def start_rabbitmq(*, keep: Path | None = None) -> RabbitMQ:
    """The broker that ZHONGTAI_TEST_BROKER_URL names, else a private one (`keep`: see there).

    `stop()` it, or use it with `with`.
    """
    url = os.environ.get(ExternalRabbitMQ.variable)
    return ExternalRabbitMQ(url) if url else _started(lambda: PrivateRabbitMQ(keep=keep))


def start_postgresql(*, durable: bool = True, keep: Path | None = None) -> PostgreSQL:
    """The database that ZHONGTAI_TEST_DATABASE_URL names, else a private one (`durable`, `keep`: see there)."""
    url = os.environ.get(ExternalPostgreSQL.variable)
    return ExternalPostgreSQL(url) if url else _started(lambda: PrivatePostgreSQL(durable=durable, keep=keep))


def _started(make: Callable[[], Private]) -> Private:
    # Several times: between choosing a free port and listening on it, another process can take it.
    for attempt in range(1, ATTEMPTS + 1):
        server = make()
        try:
            server.start()
            return server
        except BaseException as error:
            server.stop()
            if attempt == ATTEMPTS or not isinstance(error, ServerUnavailable):
                raise
    raise AssertionError("unreachable")


def main() -> int:
    parent = os.getppid()
    ended = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    for number in ended:
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with start_rabbitmq() as broker, start_postgresql() as database:
            urls = {"broker_url": broker.url, "database_url": database.url, "database_admin_url": database.admin_url}
            sys.stdout.write(json.dumps(urls) + "\n")
            sys.stdout.flush()
            while os.getppid() == parent:
                time.sleep(0.5)
    except ServerUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
