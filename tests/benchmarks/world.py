"""Private servers, and on them the product's services and the stock ones, each in processes of its own."""
from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import amqp.exceptions
from kombu.connection import Connection

from shared_components.db import migrate
from shared_components.devstack.nats import PrivateNats
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, SupervisedProcess, free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from tests.benchmarks import users
from tests.benchmarks.load.requests import MERCHANT
from tests.benchmarks.logins import prepare_tokens
from tests.benchmarks.rows import EDGE, NATS, Side
from tests.benchmarks.setup import prepare_payment
from tests.benchmarks.stock.database import URL_VARIABLE

START_TIMEOUT_S = 60.0
STOCK_VHOST = "stock"
# One summary line for a hundred calls; failed calls are always written. The table says so.
LOG_SAMPLE = 0.01
TENANT = "demo"
HTTP_PATHS = {"echo": "/v1/echo/echo", "create_order": "/v1/payment/create-order"}
ANSWERING = "answering"
LISTENING = "events.listener.on_sent"


class World:
    """Everything switched on: broker users, validation, operation ids, deadlines, logs, metrics, trace headers."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-bench-"))
        self.broker = PrivateRabbitMQ()
        self.database = PrivatePostgreSQL(durable=True)
        self._passwords: dict[str, str] = {}
        self._http_port, self._stock_http_port, self._edge_port = free_port(), free_port(), free_port()
        self._key, self._channel_secret = secrets.token_hex(16), secrets.token_hex(16)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.broker)
            stack.enter_context(self.database)
            content, self._passwords = users.deployed()
            self.broker.import_definitions(content)
            self.stock_url = self.broker.add_vhosts([STOCK_VHOST])[0]
            self.database_url = self.database.create_database("bench")
            self.stock_database_url = self.database.create_database("stock")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stack.close()
        if kind is None:  # else its logs tell why
            shutil.rmtree(self.folder, ignore_errors=True)

    def url_of(self, user: str) -> str:
        return self.broker.url_for(user, self._passwords[user])

    def configuration(self, user: str, **more: Any) -> Path:
        """The configuration file of one user's processes, as deploy/zhongtai.yaml has it."""
        path = self.folder / f"{user}.yaml"
        path.write_text(json.dumps({
            "broker": {"url": self.url_of(user)},
            "database": {"url": self.database_url},
            "health": {"port": 0},
            "log": {"level": "info", "format": "json", "sample": LOG_SAMPLE},
            "bus": {"caller_authentication": "broker", "app_tenants": {users.APP: TENANT}},
            "security": {"master_key_file": str(self.folder / "master.key")},
            **more,
        }))  # fmt: skip
        return path

    def _limits(self, side: Side) -> dict[str, Any]:
        """For the plain loops: the servers, and a load that makes the orders whose rows are inserted."""
        in_flight, calls = (1, 5) if side.work == "serial" else (1024, 4096)
        orders = {"url": self.url_of(users.APP), "work": "create_order", "in_flight": in_flight, "connections": 1,
                  "seconds": 0, "calls": calls, "warm_up": in_flight}
        dsn = self.database_url.replace("+psycopg2", "", 1)
        return {"url": self.broker.url, "dsn": dsn, "orders": orders}

    def address(self, side: Side, *, stock: bool) -> dict[str, Any]:
        """Where a load generator finds what it asks, and with which key."""
        if side.module == NATS:
            return {"url": self.nats_url}
        if side.module == "limits":
            return self._limits(side)
        if side.module == "http":
            path = f"/{side.work}" if stock else HTTP_PATHS[side.work]
            return {"url": f"http://{LOOPBACK}:{self._stock_http_port if stock else self._http_port}{path}",
                    "key": self._key}
        if side.prepared:
            return {"url": self.url_of(side.user), "tenant": TENANT, "secret": self._channel_secret,
                    "prepared": str(self.folder / "prepared.jsonl")}
        ours = self.url_of(users.APP)
        if "identity" in side.needs:
            return {"url": ours, "tenant": TENANT, "tokens": str(self._tokens)}
        if EDGE in side.needs:
            ours = ours.replace(f":{self.broker.port}/", f":{self._edge_port}/")
        return {"url": self.stock_url if stock else ours}

    @contextmanager
    def running(self, needs: Collection[str], workers: int = 1) -> Iterator[dict[str, str]]:
        """Start the services that the rows need, each in a process of its own; `workers` of echo and payment."""
        with ExitStack() as stack:

            missing: dict[str, str] = {}

            def start(need: str) -> None:
                part = self._part(need, workers)
                try:
                    part.__enter__()
                except ServerUnavailable as error:
                    if need != NATS:
                        raise
                    missing[need] = str(error)
                else:
                    stack.push(part)

            with ThreadPoolExecutor() as pool:
                list(pool.map(start, sorted(needs)))
            if "payment" in needs:
                prepare_payment(self.url_of(users.OPERATOR), TENANT)
            if "identity" in needs:
                prepare_tokens(
                    self.folder / "identity.yaml", self.url_of(users.OPERATOR), tenant=TENANT, app=users.APP,
                    into=self._tokens)
            yield missing

    def _part(self, need: str, workers: int) -> AbstractContextManager[None]:
        kind, _, name = need.partition(".")
        if kind == "stock":
            return self._stock(name or kind)
        if kind == "payment":
            return self._payment(workers)
        if kind == "identity":
            return self._identity()
        if kind == "gateway":
            return self._gateway()
        if kind == EDGE:
            return self._edge()
        if kind == NATS:
            return self._nats()
        return self._ours(kind, workers if kind == "echo" else 1)

    @contextmanager
    def _payment(self, workers: int) -> Iterator[None]:
        """`zhongtai run payment`, which migrates first."""
        # Its server is never asked: orders are paid by a notification that the load signs as the channel would.
        channel = {"base_url": f"http://{LOOPBACK}:9", "merchant_id": MERCHANT, "secret": self._channel_secret,
                   "notify_url": f"http://{LOOPBACK}:9/callbacks/payment/sandbox"}  # fmt: skip
        configuration = self.configuration("payment", services={"payment": {"sandbox": channel}})
        command = ["shared_components.cli.main", "--config", str(configuration), "run", "payment",
                   "--workers", f"payment:{workers}"]  # fmt: skip
        with self._processes("payment", [command]):
            self._wait_consumers(self.broker.url, "rpc-payment", workers)
            yield

    @property
    def _tokens(self) -> Path:
        """The tokens that the load shows to identity."""
        return self.folder / "tokens.txt"

    @contextmanager
    def _identity(self) -> Iterator[None]:
        """`zhongtai run identity`, which migrates first."""
        command = ["shared_components.cli.main", "--config", str(self.configuration("identity")), "run", "identity"]
        with self._processes("identity", [command]):
            self._wait_consumers(self.broker.url, "rpc-identity", 1)
            yield

    @contextmanager
    def _ours(self, service: str, workers: int) -> Iterator[None]:
        """A service of tests/benchmarks/ours."""
        if service != "echo":
            migrate(self.database_url, service, package="tests.benchmarks.ours")
        command = ["tests.benchmarks.ours.main", str(self.configuration(service)), service]
        with self._processes(service, [command] * workers):
            self._wait_consumers(self.broker.url, f"rpc-{service}" if service != "listener" else LISTENING, workers)
            yield

    @contextmanager
    def _gateway(self) -> Iterator[None]:
        app = {"name": users.APP, "tenant": TENANT, "key_sha256": hashlib.sha256(self._key.encode()).hexdigest()}
        path = self.configuration(
            "gateway", http={"port": self._http_port}, services={"gateway": {"apps": [app]}})
        with self._processes("gateway", [["tests.benchmarks.ours.gateway", str(path)]]):
            self._wait_until(lambda: _listens(self._http_port), "the gateway does not listen")
            yield

    @contextmanager
    def _edge(self) -> Iterator[None]:
        """`zhongtai edge`, with its own limits."""
        path = self.configuration(users.APP, edge={"port": self._edge_port})
        with self._processes(EDGE, [["shared_components.cli.main", "--config", str(path), EDGE]]):
            self._wait_until(lambda: _listens(self._edge_port), "the edge does not listen")
            yield

    @contextmanager
    def _nats(self) -> Iterator[None]:
        """NATS, and a process that answers requests."""
        with PrivateNats() as server:
            self.nats_url = server.url
            address = json.dumps({"url": server.url})
            with self._processes(NATS, [["tests.benchmarks.load.nats", address, "serve"]]):
                log = self.folder / f"{NATS}-0.log"
                self._wait_until(lambda: ANSWERING in log.read_text(errors="replace"), "nobody answers on NATS")
                yield

    @contextmanager
    def _stock(self, name: str) -> Iterator[None]:
        queue = {"stock": "rpc-stock", "listener": "rpc-stock_listener", "gateway": ""}[name]
        command = ["tests.benchmarks.stock.main", self.stock_url, str(self._stock_http_port), name]
        with self._processes(f"stock-{name}", [command]):
            if queue:
                self._wait_consumers(self.stock_url, queue, 1)
            else:
                self._wait_until(lambda: _listens(self._stock_http_port), "the stock gateway does not listen")
            yield

    @contextmanager
    def _processes(self, name: str, commands: Sequence[Sequence[str]]) -> Iterator[None]:
        environment = {**os.environ, URL_VARIABLE: self.stock_database_url}
        for variable in ("ZHONGTAI_BROKER_URL", "ZHONGTAI_DATABASE_URL", "ZHONGTAI_CONFIG"):
            environment.pop(variable, None)
        started = [
            SupervisedProcess(Launch(
                [sys.executable, "-W", "ignore", "-m", *command], Path.cwd(), self.folder / f"{name}-{number}.log",
                environment, disposable=False, stop_timeout_s=40,
            ))
            for number, command in enumerate(commands)
        ]  # fmt: skip
        try:
            yield
        finally:
            for process in started:
                process.stop()

    def _wait_consumers(self, url: str, queue: str, count: int) -> None:
        self._wait_until(lambda: _consumers(url, queue) >= count, f"{queue} has no {count} consumers")

    def _wait_until(self, condition: Callable[[], bool], failure: str) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while not condition():
            if time.monotonic() > until:
                raise ServerUnavailable(f"{failure}; the logs are in {self.folder}")
            time.sleep(0.1)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def _consumers(url: str, queue: str) -> int:
    with Connection(url) as connection, suppress(amqp.exceptions.NotFound):
        return int(connection.channel().queue_declare(queue, passive=True).consumer_count)
    return 0
