"""`python -m tests.benchmarks.load.limits JSON`: the parts of a call alone, as plain loops without a platform.

database: insert the rows of a group of orders, and commit. serial: a message through the broker and its reply, then the
rows of one order and a commit. messages: publish and consume messages with 256 calls, and their replies.
"""
from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import amqp
import psycopg2

from shared_components.bus.amqp.wire import encode_call, encode_list, encode_results
from shared_components.kernel.ids import new_id
from tests.benchmarks.load.requests import order
from tests.benchmarks.load.tally import Tally, say

GROUP = 256
SCHEMA, COPY = "payment", "limits"


@dataclass
class Insertion:
    """The rows that one transaction of orders has written, to be inserted into copies of their tables.

    calls: how many orders they are of.
    """

    cursor: Any
    statement: str
    parameters: list[str]
    tables: list[str]
    calls: int

    @classmethod
    def of_orders(cls, dsn: str, *, alone: bool) -> Insertion:
        """alone: of a transaction with one order; else of the one with most orders."""
        connection = psycopg2.connect(dsn)
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SET zhongtai.tenants = '*'")
        cursor.execute(
            f"SELECT xmin::text, count(*) FROM {SCHEMA}.operations WHERE method = 'create_order' "
            f"GROUP BY xmin::text HAVING count(*) {'= 1' if alone else '>= 1'} ORDER BY count(*) DESC LIMIT 1")
        transaction, calls = cursor.fetchone()
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", (SCHEMA,))
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"DROP SCHEMA IF EXISTS {COPY} CASCADE; CREATE SCHEMA {COPY}")
        rows = {name: _rows(cursor, name, transaction) for name in names}
        tables = [name for name in names if rows[name] is not None]
        for name in tables:
            cursor.execute(f'CREATE TABLE {COPY}."{name}" (LIKE {SCHEMA}."{name}" INCLUDING ALL)')
        inserts = [f'INSERT INTO {COPY}."{name}" SELECT * FROM json_populate_recordset(NULL::{COPY}."{name}", %s)'
                   for name in tables]
        statement = "; ".join(["BEGIN", *inserts, "COMMIT"])
        return cls(cursor, statement, [rows[name] or "" for name in tables], tables, calls)

    def insert(self) -> None:
        """One message: all rows, and the commit."""
        self.cursor.execute(self.statement, self.parameters)

    def clear(self) -> None:
        """Make room for the same keys again; not part of what is measured."""
        self.cursor.execute("TRUNCATE " + ", ".join(f'{COPY}."{name}"' for name in self.tables))


def _rows(cursor: Any, table: str, transaction: str) -> str | None:
    cursor.execute(
        f'SELECT json_agg(t)::text FROM {SCHEMA}."{table}" t WHERE xmin::text = %s', (transaction,))
    found: str | None = cursor.fetchone()[0]
    return found


class RoundTrip:
    """Messages to one queue and answers to another, over two connections, as a caller and a service have them."""

    def __init__(self, url: str, request: bytes, reply: bytes) -> None:
        self._request, self._reply = amqp.Message(request), amqp.Message(reply)
        self._caller, self._service = _channel(url), _channel(url)
        self._requests, self._replies = "limits-requests", "limits-replies"
        for channel, queue in ((self._service, self._requests), (self._caller, self._replies)):
            channel.queue_declare(queue, exclusive=False, auto_delete=True, arguments={"x-expires": 60_000})
            channel.queue_purge(queue)
        self.answered = 0
        self._service.basic_consume(self._requests, callback=self._answer)
        self._caller.basic_consume(self._replies, callback=self._done, no_ack=True)

    def ask(self) -> None:
        self._caller.basic_publish(self._request, "", self._requests)
        wanted = self.answered + 1
        self._service.connection.drain_events(timeout=30)
        while self.answered < wanted:
            self._caller.connection.drain_events(timeout=30)

    def _answer(self, message: Any) -> None:
        self._service.basic_publish(self._reply, "", self._replies)
        self._service.basic_ack(message.delivery_tag)

    def _done(self, _message: Any) -> None:
        self.answered += 1


def _channel(url: str) -> Any:
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}", userid=parts.username, password=parts.password,
        virtual_host=parts.path.removeprefix("/") or "/")
    connection.connect()
    return connection.channel()


def messages_of(calls: int) -> tuple[bytes, bytes]:
    """The bytes of a message with so many calls of create_order, and of a message with as many replies."""
    requests = [
        encode_call(call_id=new_id("call"), method="create_order", kwargs=order(n), op_id=new_id("op"),
                    deadline_s=time.time() + 60, context={}) for n in range(calls)]
    reply = {"order_id": new_id("pay"), "state": "created", **order(0), "amount_minor": 1000, "currency": "CNY"}
    return encode_list(requests), encode_results([(new_id("call"), reply) for _ in range(calls)])


def measure(
    step: Callable[[], None], between: Callable[[], None], calls: int, spec: Mapping[str, Any],
) -> dict[str, Any]:
    """Repeat a step; only the steps count as time. calls: how many calls a step is worth."""
    tally = Tally()
    cpu, spent = time.process_time(), 0.0
    until = time.perf_counter() + spec["seconds"] * 2
    steps = -(-spec["calls"] // calls)
    while len(tally.latencies_s) < steps if steps else time.perf_counter() < until:
        at = time.perf_counter()
        step()
        took = time.perf_counter() - at
        spent += took
        tally.latencies_s.append(took)
        between()
    summary = tally.summary(spent, time.process_time() - cpu)
    return {**summary, "rate": summary["calls"] * calls / spent, "calls": summary["calls"] * calls}


def main(spec: Mapping[str, Any]) -> dict[str, Any]:
    """spec: url (of the broker), dsn, orders (the spec of a load that makes orders), work, seconds, calls."""
    if spec["work"] == "messages":
        trip = RoundTrip(spec["url"], *messages_of(GROUP))
        return measure(trip.ask, lambda: None, GROUP, spec)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.load.bus", json.dumps(spec["orders"])],
        check=True, stdout=subprocess.DEVNULL)
    alone = spec["work"] == "serial"
    insertion = Insertion.of_orders(spec["dsn"], alone=alone)
    if not alone:
        return measure(insertion.insert, insertion.clear, insertion.calls, spec)
    trip = RoundTrip(spec["url"], *messages_of(1))

    def step() -> None:
        trip.ask()
        insertion.insert()

    return measure(step, insertion.clear, 1, spec)


if __name__ == "__main__":
    say(main(json.loads(sys.argv[1])))
