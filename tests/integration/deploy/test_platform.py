"""The services run as they are deployed: shipped configuration, definitions and database role, each as its own user."""
from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import amqp
import psutil
import pytest
import yaml
from kombu.connection import Connection

from shared_components.bus.client.blocking import BusClient
from shared_components.bus.deployment.definitions import main as write_definitions
from shared_components.bus.deployment.definitions import password_variable, read_contracts
from shared_components.bus.deployment.inspection import BrokerView
from shared_components.bus.deployment.rights import VHOST, on_the_bus
from shared_components.devstack import binaries
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.kernel.errors import Forbidden
from shared_components.runtime.supervisor import as_supervised
from shared_components.security.keys import format_key
from tests.integration.edge_harness import EdgeProcess

pytestmark = [pytest.mark.integration, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
ON_THE_BUS = on_the_bus(read_contracts(ROOT / "services"))
SERVICES = [*ON_THE_BUS, "gateway"]
CALLERS = ["operator", "app-demo", "app-nameko"]
READY_TIMEOUT_S = 60.0
APP_KEY = secrets.token_hex(24)


@pytest.fixture(scope="module")
def broker_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The shipped definitions with passwords from the environment, loaded as the compose file's job does it."""
    users = [*SERVICES, *CALLERS]
    passwords = {user: secrets.token_hex(24) for user in users}
    target = tmp_path_factory.mktemp("definitions") / "definitions.json"
    with pytest.MonkeyPatch.context() as environment, PrivateRabbitMQ() as broker:
        for user, password in passwords.items():
            environment.setenv(password_variable(user), password)
        base = str(DEPLOY / "rabbitmq" / "definitions.json")
        assert write_definitions(["--base", base, "--passwords-from-environment", "--write", str(target)]) == 0
        broker.import_definitions(target)
        yield {user: broker.url_for(user, password, VHOST) for user, password in passwords.items()}


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """The shipped script makes the role and the database."""
    with PrivatePostgreSQL(durable=False) as server:
        server.execute("DROP DATABASE zhongtai")
        server.execute("DROP ROLE zhongtai")
        password = secrets.token_hex(24)
        admin = server.dsn_for("postgres", role="postgres").partition("://")[2].partition("@")[0].partition(":")[2]
        environment = {
            "PATH": f"{binaries.postgresql_folder()}:{os.environ['PATH']}", "PGHOST": LOOPBACK,
            "PGPORT": str(server.port), "PGPASSWORD": admin, "POSTGRES_USER": "postgres",
            "ZHONGTAI_DATABASE_PASSWORD": password,
        }  # fmt: skip
        subprocess.run([DEPLOY / "postgres" / "10-application-role.sh"], env=environment, check=True, timeout=30)
        flags = server.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = 'zhongtai'")
        assert flags == [(False, False, False)]
        yield f"postgresql+psycopg2://zhongtai:{password}@{LOOPBACK}:{server.port}/zhongtai"


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration; only what is a container's own is replaced: the key's path and the ports."""
    folder = tmp_path_factory.mktemp("configuration")
    (folder / "master_key").write_text(format_key(1, secrets.token_bytes(32)))
    content = yaml.safe_load((DEPLOY / "zhongtai.yaml").read_text())
    content["security"]["master_key_file"] = str(folder / "master_key")
    content["health"] = {"host": LOOPBACK, "port": "${HEALTH_PORT}"}
    content["http"]["host"], content["http"]["port"] = LOOPBACK, "${HTTP_PORT}"
    path = folder / "zhongtai.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.fixture(scope="module")
def environment(database_url: str, configuration: Path) -> dict[str, str]:
    return os.environ | {
        "ZHONGTAI_CONFIG": str(configuration), "ZHONGTAI_DATABASE_URL": database_url, "HEALTH_PORT": "1",
        "HTTP_PORT": str(free_port()), "APP_DEMO_KEY_SHA256": hashlib.sha256(APP_KEY.encode()).hexdigest(),
        "ZHONGTAI_BROKER_URL": "amqp://rabbitmq/", "ZHONGTAI_PUBLIC_URL": "https://gov.example",
        "SMTP_HOST": LOOPBACK, "SMTP_SENDER": "no-reply@gov.example",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip


@pytest.fixture(scope="module")
def health_ports() -> dict[str, int]:
    return {name: free_port() for name in SERVICES}


@pytest.fixture(scope="module")
def logs(
    environment: dict[str, str], broker_urls: dict[str, str], health_ports: dict[str, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Path]]:
    """Every service in its own process; service → its log."""
    zhongtai(["migrate"], environment)
    folder = tmp_path_factory.mktemp("logs")
    logs = {name: folder / f"{name}.log" for name in SERVICES}
    ports = health_ports
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name in SERVICES:
            own = {"ZHONGTAI_BROKER_URL": broker_urls[name], "HEALTH_PORT": str(ports[name])}
            with logs[name].open("wb") as log:
                processes[name] = subprocess.Popen(
                    image_command("CMD"), env=as_supervised(environment | own | {"SERVICE": name}), stdout=log,
                    stderr=log)
        for name, process in processes.items():
            wait_until_ready(name, process, ports[name], logs[name])
        yield logs
    finally:
        for process in processes.values():
            process.terminate()
        _, late = psutil.wait_procs([psutil.Process(p.pid) for p in processes.values() if p.poll() is None], timeout=40)
        for lasting in late:
            lasting.kill()
    assert not late, "a service did not stop within its time"


def image_command(instruction: str) -> list[str]:
    """Give the command that the image runs as its CMD, or as its HEALTHCHECK."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    found = re.search(rf"(?m)^{instruction}\b[^\[\n]*(\[.*\])$", text)
    assert found is not None
    return list(json.loads(found[1]))


def healthy(environment: Mapping[str, str], url: str) -> bool:
    done = subprocess.run(
        image_command("HEALTHCHECK"), env={**environment, "HEALTH_URL": url}, capture_output=True, timeout=30,
        check=False)  # fmt: skip
    return done.returncode == 0


def zhongtai(arguments: list[str], environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "shared_components.cli.main", *arguments]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait_until_ready(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + READY_TIMEOUT_S
    answer = "no answer"
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=2):
                return
        except urllib.error.HTTPError as error:
            answer = error.read().decode()
        except OSError as error:
            answer = str(error)
        time.sleep(0.2)
    pytest.fail(f"{name} is not ready ({answer}); its log ends:\n{log.read_text()[-3000:]}")


def client(broker_urls: Mapping[str, str], user: str) -> BusClient:
    return BusClient(broker_urls[user], tenant="default")


def test_every_service_is_served_to_an_app(logs: dict[str, Path], broker_urls: dict[str, str]) -> None:
    with client(broker_urls, "app-demo") as app:
        assert app.identity.list_levels(timeout_s=20)["items"]
        assert "items" in app.elicence.list_types(timeout_s=20)
        assert "items" in app.matter.list_matters(timeout_s=20)


def test_an_app_is_refused_what_the_contract_does_not_open(logs: dict[str, Path], broker_urls: dict[str, str]) -> None:
    with client(broker_urls, "app-demo") as app, pytest.raises(Forbidden, match=r"app-demo.*trial_balance"):
        app.payment.trial_balance(timeout_s=20)
    with client(broker_urls, "operator") as operator:
        assert operator.payment.trial_balance(timeout_s=20)["balanced"] is True


def test_a_stock_nameko_client_is_served_as_an_app(
    logs: dict[str, Path], broker_urls: dict[str, str], tmp_path: Path,
) -> None:  # fmt: skip
    """In a process of its own: it is somebody else's program. It comes by the AMQP proxy, which states its user."""
    code = (
        "import sys, json; from nameko.standalone.rpc import ClusterRpcProxy\n"
        "with ClusterRpcProxy({'AMQP_URI': sys.argv[1]}, timeout=20) as proxy:\n"
        "    print(json.dumps(proxy.identity.list_levels()))\n"
        "    try: proxy.payment.trial_balance()\n"
        "    except Exception as error: print(type(error).__name__)\n"
    )
    with EdgeProcess(tmp_path, broker_urls["operator"]) as proxy:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, proxy.url_of(broker_urls["app-nameko"])],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    levels, refusal = done.stdout.splitlines()
    assert json.loads(levels)["items"], done.stderr
    assert refusal == "AccessRefused"


def test_an_operator_looks_at_queues_and_dead_letters(logs: dict[str, Path], broker_urls: dict[str, str],
                                                      environment: dict[str, str]) -> None:
    with BrokerView(broker_urls["operator"]) as view:
        assert view.dead_letters("payment", 10) == []
    status = zhongtai(["status", *ON_THE_BUS, "--json"], environment | {"ZHONGTAI_BROKER_URL": broker_urls["operator"]})
    rows: list[dict[str, Any]] = json.loads(status)
    # What follows a comma is a notice, such as of a year whose working days are not known yet.
    states = {row["service"]: row["state"].partition(",")[0] for row in rows}
    assert states == dict.fromkeys(ON_THE_BUS, "ok")


def test_the_image_s_health_check_tells_a_served_from_a_missing_service(
    logs: dict[str, Path], environment: dict[str, str], health_ports: dict[str, int],
) -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    of_gateway = compose["services"]["gateway"]["build"]["args"]["HEALTH_URL"]
    assert healthy(environment, of_gateway.replace(":8000", f":{environment['HTTP_PORT']}"))
    default = re.search(r"(?m)^ARG HEALTH_URL=(\S+)$", (DEPLOY / "Dockerfile").read_text())
    assert default is not None
    for name in ON_THE_BUS:
        assert healthy(environment, default[1].replace(":8080", f":{health_ports[name]}")), name
    assert not healthy(environment, f"http://{LOOPBACK}:{free_port()}/live")
    assert not healthy(environment, f"http://{LOOPBACK}:{health_ports['payment']}/nothing")


@pytest.mark.parametrize("user", ["payment", "notification", "gateway", "operator", "app-demo", "app-nameko"])
def test_no_user_takes_the_work_of_others(logs: dict[str, Path], broker_urls: dict[str, str], user: str) -> None:
    """As it is deployed: with the committed definitions, while the services run."""
    forbidden: list[Callable[[Any], Any]] = [
        lambda channel: channel.basic_consume("rpc-matter"),
        lambda channel: channel.basic_get("events.matter.on_payment_order_paid"),
        lambda channel: channel.queue_delete("rpc-matter"),
        lambda channel: channel.queue_declare("mine"),
        lambda channel: channel.exchange_delete("matter.events"),
        lambda channel: channel.exchange_delete("nameko-rpc"),
        lambda channel: publish(channel, "matter.events", "case-completed"),
        lambda channel: publish(channel, "nameko-rpc", "matter.tick_never"),
    ]
    if user != "operator":  # who takes dead letters back
        forbidden.append(lambda channel: channel.queue_purge("dead.matter"))
    with Connection(broker_urls[user]) as connection:
        for attempt in forbidden:
            with pytest.raises(amqp.exceptions.AccessRefused):
                attempt(connection.channel())


def publish(channel: Any, exchange: str, key: str) -> None:
    channel.basic_publish(amqp.Message("{}"), exchange=exchange, routing_key=key)
    channel.basic_qos(0, 1, False)  # the refusal shows with the next answer


def test_the_gateway_serves_over_http(logs: dict[str, Path], environment: dict[str, str]) -> None:
    port, headers = int(environment["HTTP_PORT"]), {"Content-Type": "application/json"}
    assert http_status(port, "GET", "/live") == 200
    path = "/v1/identity/list-levels"
    assert http_status(port, "POST", path, headers) == 401
    assert http_status(port, "POST", path, headers | {"Authorization": f"Bearer {APP_KEY}"}) == 200


def http_status(port: int, method: str, path: str, headers: Mapping[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=20)
    connection.request(method, path, body=None if method == "GET" else "{}", headers=headers or {})
    return connection.getresponse().status


def test_no_service_was_refused_anything_by_the_broker(logs: dict[str, Path]) -> None:
    for name, log in logs.items():
        text = log.read_text()
        assert "ACCESS_REFUSED" not in text, name
        assert "bus.connection.refused" not in text, name
        assert "Traceback" not in text, name
