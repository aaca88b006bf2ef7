"""Where the demo happens: the platform, a mail server that delivers to nobody, a payment provider to practise with."""
from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import yaml

from shared_components.configuration.loading import VARIABLES, load_configuration
from shared_components.devstack.demo.failures import DemoFailed
from shared_components.devstack.demo.screen import Screen
from shared_components.devstack.processes import free_port
from shared_components.devstack.sandbox import (
    LOOPBACK,
    Sandbox,
    start_carrier,
    start_mail_server,
    start_pay_channel,
    start_seal_service,
    subprocess_in,
)
from shared_components.observability.logs import configure_logging
from shared_components.runtime.discovery import service_names
from shared_components.runtime.migrations import migrate_services

APP, TITLE, REDIRECT = "app-hall", "掌上办事", "https://hall.example/login"
REALM, DEPARTMENT = "shifan", "示范市公安局交通警察支队"
# The service brings its directory; nothing here imports a service.
DIRECTORY, TRANSACTIONS = "services.identity.sandbox.demo", "services.identity.commands.transactions"
START_TIMEOUT_S = 60.0


@dataclass
class World:
    """The running platform, as the scenario needs it.

    url: of the gateway. app, app_key: the citizen's app, and its key of production; redirect_uri: where its logins
    return to. hospital_key: signs callbacks. carrier_url, carrier_secret: of the carrier of text messages.
    """

    url: str
    app_key: str
    configuration: Mapping[str, Any]
    hospital_key: bytes
    mails: Path
    carrier_url: str = ""
    carrier_secret: str = ""
    app: str = APP
    redirect_uri: str = REDIRECT

    def client(self, caller: str) -> Any:
        """A bus client that acts as `caller`."""
        from shared_components.bus.client.blocking import BusClient

        return BusClient.from_configuration(self.configuration, caller=caller)

    def sent_texts(self, number: str) -> list[dict[str, Any]]:
        """The texts that the carrier has taken for a phone, oldest first."""
        answer = httpx.get(f"{self.carrier_url}/texts", params={"number": number}, trust_env=False, timeout=20)
        return list(answer.raise_for_status().json()["texts"])

    def sent_mails(self) -> list[EmailMessage]:
        return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(self.mails.glob("*.eml"))]


def world_of(
    broker: str, folder: Path, screen: Screen, *, pairwise_ids: bool = True,
) -> AbstractContextManager[World]:
    return (_rabbitmq if broker == "rabbitmq" else _inproc)(folder, screen, pairwise_ids)


@contextmanager
def _inproc(folder: Path, screen: Screen, pairwise_ids: bool) -> Iterator[World]:
    """All services in this process, on inproc:// and SQLite."""
    from shared_components.runtime.platform import running

    with ExitStack() as stack:
        screen.part("Start: all services in this process, inproc:// and SQLite")
        log_file = stack.enter_context((folder / "zhongtai.log").open("a", encoding="utf-8"))
        configure_logging("info", "json", 1.0, stream=log_file)
        world, _ = _prepare(stack, screen, folder, "inproc://", f"sqlite:///{folder}/zhongtai.db", pairwise_ids)
        with screen.step("platform", "start"):
            stack.enter_context(running(world.configuration, service_names()))
            _wait_ready(world.url)
        yield world


@contextmanager
def _rabbitmq(folder: Path, screen: Screen, pairwise_ids: bool) -> Iterator[World]:
    """One process a service, on real RabbitMQ and PostgreSQL (the environment's, else private ones)."""
    with ExitStack() as stack:
        screen.part("Start: one process a service, RabbitMQ and PostgreSQL")
        with screen.step("servers", "start RabbitMQ and PostgreSQL") as line:
            broker_url, database_url = _servers(stack)
            line.says = "private instances" if "ZHONGTAI_TEST_BROKER_URL" not in os.environ else "as configured"
        world, path = _prepare(stack, screen, folder, broker_url, database_url, pairwise_ids)
        with screen.step("platform", "start"):
            log_file = stack.enter_context((folder / "zhongtai.log").open("a", encoding="utf-8"))
            # Variables win over the file, and those that `make up` tells to export are another platform's.
            ours = {name: value for name, value in os.environ.items() if name not in VARIABLES.values()}
            subprocess_in(stack, ["-m", "shared_components.cli.main", "--config", str(path), "run"], log_file, ours)
            _wait_ready(world.url)
        yield world


def _servers(stack: ExitStack) -> tuple[str, str]:
    from shared_components.devstack.servers import start_postgresql, start_rabbitmq

    broker: Any = stack.enter_context(start_rabbitmq())
    database: Any = stack.enter_context(start_postgresql())
    return str(broker.url), str(database.url)


def _prepare(
    stack: ExitStack, screen: Screen, folder: Path, broker_url: str, database_url: str, pairwise_ids: bool,
) -> tuple[World, Path]:
    """Helpers started, configuration written, databases migrated."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    merchant_secret, hospital_key = secrets.token_hex(16), secrets.token_hex(16)
    with screen.step("mail server", "start") as line:
        smtp_port = start_mail_server(stack, folder)
        line.says = f"SMTP on {LOOPBACK}:{smtp_port}"
    with screen.step("pay channel", "start") as line:
        channel = start_pay_channel(stack, merchant_secret)
        line.says = f"sandbox at {channel['base_url']}"
    with screen.step("carrier", "start") as line:
        carrier_url = start_carrier(stack, merchant_secret)
        line.says = f"sandbox at {carrier_url}"
    with screen.step("seal service", "start") as line:
        seals_url = start_seal_service(stack, merchant_secret)
        line.says = f"sandbox at {seals_url}"
    sandbox = Sandbox(
        folder, smtp_port, channel["base_url"], channel["merchant_id"], merchant_secret, hospital_key,
        carrier_url=carrier_url, seals_url=seals_url)
    base = {
        "broker": {"url": broker_url},
        "database": {"url": database_url},
        "http": {"host": LOOPBACK, "port": port, "public_url": url},
        "security": {"master_key_file": str(folder / "master.key"), "pairwise_ids": pairwise_ids},
        "services": {"notification": {"first_retry_s": 1.0}},
    }
    path = folder / "zhongtai.yaml"
    path.write_text(yaml.safe_dump(sandbox.configured(base)), encoding="utf-8")
    configuration = load_configuration(path, environ={}, known_services=service_names())
    with screen.step("databases", "migrate") as line:
        line.says = ", ".join(row["service"] for row in migrate_services(database_url))
    with screen.step("directory", "realm, department, app (approved)") as line:
        app_key = _directory(configuration)
        line.says = f"{APP} of {DEPARTMENT}"
    return World(
        url, app_key, configuration, hospital_key.encode(), sandbox.mails, carrier_url, merchant_secret), path


def _directory(configuration: Mapping[str, Any]) -> str:
    """Make the directory; the key of the citizen's app."""
    transactions = import_module(TRANSACTIONS).IdentityTransactions(configuration, REALM)
    try:
        key: str = import_module(DIRECTORY).prepare_demo(
            transactions, department=DEPARTMENT, tenant=configuration["bus"]["default_tenant"], app=APP, title=TITLE,
            redirect_uri=REDIRECT)
    finally:
        transactions.close()
    return key


def _wait_ready(url: str) -> None:
    def ready() -> bool:
        try:
            return httpx.get(f"{url}/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    wait_for("start", "the gateway is ready", ready, START_TIMEOUT_S)


def wait_for(step: str, what: str, condition: Callable[[], Any], timeout_s: float = 20.0) -> Any:
    """Ask again and again until the condition gives something; that. Raises DemoFailed."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        given = condition()
        if given:
            return given
        time.sleep(0.05)
    raise DemoFailed(step, f"after {timeout_s:.0f} s still not so: {what}")
