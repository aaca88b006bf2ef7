"""The private servers work, restart with their data, and leave nothing behind."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
from kombu.connection import Connection

from shared_components.devstack.external_servers import ExternalPostgreSQL, ExternalRabbitMQ
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import ServerUnavailable
from shared_components.devstack.rabbitmq import PrivateRabbitMQ

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateRabbitMQ]:
    with PrivateRabbitMQ() as server:
        yield server


@pytest.fixture(scope="module")
def database() -> Iterator[PrivatePostgreSQL]:
    with PrivatePostgreSQL(durable=False) as server:
        yield server


def test_a_durable_message_survives_restart_and_kill(broker: PrivateRabbitMQ) -> None:
    with Connection(broker.url) as connection:
        connection.SimpleQueue("kept").put("kept")
    broker.restart()
    broker.kill()
    assert not broker.running
    with pytest.raises(ServerUnavailable, match="not running"):
        broker.ctl("status")
    broker.start()
    with Connection(broker.url) as connection:
        assert connection.SimpleQueue("kept").get(timeout=5).payload == "kept"


def test_a_user_may_do_what_its_permissions_allow_and_no_more(broker: PrivateRabbitMQ) -> None:
    url = broker.add_user("app-demo", "a-password", configure="^mine$", write="^mine$", read="^mine$")
    with Connection(url) as connection:
        channel = connection.default_channel
        channel.queue_declare("mine", auto_delete=True)
        with pytest.raises(connection.channel_errors, match="ACCESS_REFUSED"):
            channel.queue_declare("another")


def test_vhosts_do_not_see_one_another(broker: PrivateRabbitMQ) -> None:
    first, second = broker.add_vhosts(["first", "second"])
    with Connection(first) as connection:
        connection.default_channel.queue_declare("only-here")
    with Connection(second) as connection, pytest.raises(connection.channel_errors, match="NOT_FOUND"):
        connection.default_channel.queue_declare("only-here", passive=True)


def test_ctl_says_what_failed(broker: PrivateRabbitMQ) -> None:
    with pytest.raises(ServerUnavailable, match="delete_user nobody failed"):
        broker.ctl("delete_user", "nobody")


def test_row_security_binds_the_application_role(database: PrivatePostgreSQL) -> None:
    rows = database.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'zhongtai'")
    assert rows == [(False, False)]


def test_committed_rows_survive_restart_and_kill(database: PrivatePostgreSQL) -> None:
    database.create_database("kept")
    database.execute("CREATE TABLE kept (value int)", database="kept")
    database.execute("INSERT INTO kept VALUES (7)", database="kept")
    database.restart()
    database.kill()
    database.start()
    assert database.execute("SELECT value FROM kept", database="kept") == [(7,)]


def test_the_servers_listen_on_loopback_only(broker: PrivateRabbitMQ, database: PrivatePostgreSQL) -> None:
    for server in (broker, database):
        addresses = {listening.laddr.ip for process in _family(server.folder) for listening in _listening(process)}
        assert addresses <= {"127.0.0.1", "::1"}


def test_stop_leaves_no_process_and_no_folder() -> None:
    with PrivateRabbitMQ() as broker, PrivatePostgreSQL(durable=False) as database:
        folders = [broker.folder, database.folder]
        started = [process for folder in folders for process in _family(folder)]
        assert {"beam.smp", "epmd", "postgres"} <= {process.name() for process in started}
    assert not [process for process in started if process.is_running()]
    assert not [folder for folder in folders if folder.exists()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_starting_process_ends(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "shared_components.devstack.servers"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHONGTAI_TEST_")}
    starter = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert starter.stdout is not None
        urls = json.loads(starter.stdout.readline())
        assert set(urls) == {"broker_url", "database_url", "database_admin_url"}
        started = psutil.Process(starter.pid)
        folders = {Path(supervisor.cwd()) for supervisor in started.children()}
        family = started.children(recursive=True)
        starter.send_signal(number)
        starter.wait(timeout=30)
    finally:
        starter.kill()
        starter.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    _wait_until_gone(folders)


def test_a_server_of_somebody_else_is_used_and_never_stopped() -> None:
    broker = ExternalRabbitMQ("amqp://somewhere/")
    broker.stop()
    assert broker.add_vhosts(["first"]) == ["amqp://somewhere/"]
    with pytest.raises(ServerUnavailable, match="ZHONGTAI_TEST_BROKER_URL cannot be killed"):
        broker.kill()
    with pytest.raises(ServerUnavailable, match="starts with 'mysql'; it must start with 'postgresql://'"):
        ExternalPostgreSQL("mysql://somewhere/")


def test_an_external_database_server_gives_databases(database: PrivatePostgreSQL) -> None:
    server = ExternalPostgreSQL(database.dsn_for("postgres", role="postgres"))
    url = server.create_database("external_one")
    with psycopg2.connect(url.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("external_one",)
    connection.close()
    server.drop_database("external_one")


def _family(folder: Path) -> list[psutil.Process]:
    """The supervisor whose folder this is, and all that runs below it."""
    mine = psutil.Process().children(recursive=False)
    supervisors = [process for process in mine if str(folder) in process.cmdline()]
    assert len(supervisors) == 1
    return [supervisors[0], *supervisors[0].children(recursive=True)]


def _listening(process: psutil.Process) -> list[Any]:
    with contextlib.suppress(psutil.NoSuchProcess):  # PostgreSQL's helpers come and go.
        return [socket for socket in process.net_connections("inet") if socket.status == psutil.CONN_LISTEN]
    return []


def _wait_until_gone(folders: set[Path]) -> None:
    until = time.monotonic() + 10
    while any(folder.exists() for folder in folders) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(folders) == 2
    assert not [folder for folder in folders if folder.exists()]
