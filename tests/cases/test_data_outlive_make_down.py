"""Data of `make up` are there after `make down` and the next `make up`, until `make clean-data`."""
from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared_components.devstack.kept_data import KeptFolder
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import ServerUnavailable, free_port
from tests.e2e.commands import Running, python, zhongtai

pytestmark = pytest.mark.integration
STACK = ("-m", "shared_components.devstack.stack")
ORDER = ("call", "payment.create_order", "payer_name=林静", 'lines=[{"item_code":"driving-licence-card"}]')


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where PostgreSQL's own account may come, which pytest's folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="zhongtai-kept-"))
    folder.chmod(0o755)
    yield folder
    python(*STACK, "down", cwd=folder)
    shutil.rmtree(folder)


def up(folder: Path) -> dict[str, str]:
    """Start it, and give the variables that it says to export."""
    ran = python(*STACK, "up", cwd=folder, ZHONGTAI_HTTP_PORT=str(free_port()))
    assert ran.returncode == 0, ran.stdout
    exported = [line.removeprefix("export ") for line in ran.stdout.splitlines() if line.startswith("export ")]
    return dict(line.split("=", 1) for line in exported)


def called(folder: Path, urls: dict[str, str], *arguments: str) -> Any:
    ran = zhongtai(*arguments, cwd=folder, **urls)
    assert ran.returncode == 0, ran.stdout
    return json.loads(ran.stdout)


@pytest.mark.timeout(400)
def test_orders_and_keys_are_there_again_until_they_are_cleaned(folder: Path) -> None:
    urls = up(folder)
    order = called(folder, urls, *ORDER, "--op-id", "kept")
    busy = python(*STACK, "clean-data", cwd=folder)
    assert (busy.returncode, busy.stdout) == (1, "it is up, and its data are in use; `make down` first\n")
    down = python(*STACK, "down", cwd=folder)
    kept = down.stdout.splitlines()[1]
    assert kept.startswith("kept: RabbitMQ in var/stack/rabbitmq (") and "PostgreSQL in var/stack/postgresql (" in kept
    assert "`make clean-data` removes it" in kept

    urls = up(folder)
    assert called(folder, urls, *ORDER, "--op-id", "kept") == order, "decrypted by the same key"
    assert called(folder, urls, "call", "payment.list_orders")["items"][0]["order_id"] == order["order_id"]
    assert python(*STACK, "down", cwd=folder).returncode == 0

    cleaned = python(*STACK, "clean-data", cwd=folder)
    removed = "removed: var/stack/rabbitmq, var/stack/postgresql, var/stack/platform.log"
    assert (cleaned.returncode, cleaned.stdout[:len(removed)]) == (0, removed)
    assert not list((folder / "var").glob("sandbox*/mails"))
    assert python(*STACK, "clean-data", cwd=folder).stdout == "there are no data\n"
    assert "nothing is kept" not in python(*STACK, "down", cwd=folder).stdout


@pytest.mark.timeout(300)
def test_a_run_in_one_process_keeps_its_files_and_says_where(folder: Path) -> None:
    port = str(free_port())
    with Running(folder, more={"ZHONGTAI_HTTP_PORT": port}) as first:
        first.address()
        order_id = called(folder, {}, *ORDER)["order_id"]
        busy = python(*STACK, "clean-data", cwd=folder)
        assert (busy.returncode, "end it first, with Ctrl-C" in busy.stdout) == (1, True)
        assert "data         var/zhongtai.db, a file a service, kept when it stops" in first.text
        assert first.interrupt() == 0
    with Running(folder, more={"ZHONGTAI_HTTP_PORT": port}) as second:
        second.address()
        assert called(folder, {}, "call", "payment.get_order", f"order_id={order_id}")["order_id"] == order_id
        assert second.interrupt() == 0
    assert "var/zhongtai-payment.db" in python(*STACK, "clean-data", cwd=folder).stdout
    assert not list((folder / "var").glob("*.db*"))


def test_data_of_another_postgresql_are_refused_in_words(folder: Path) -> None:
    kept = KeptFolder(folder / "postgresql", lambda: {"passwords": {}, "initialised": True})
    (kept.folder / "data").mkdir()
    (kept.folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerUnavailable, match=r"are of PostgreSQL 9, and PostgreSQL \d+ is installed; install 9"):
        PrivatePostgreSQL(keep=kept.folder).start()
    assert (kept.folder / "data" / "PG_VERSION").exists(), "and nothing is removed"
