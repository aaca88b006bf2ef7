"""The autoscaler starts processes under load, and `scale` lets them leave: every payment is accounted for."""
from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared_components.runtime.autoscaling.loop import Autoscaler
from shared_components.runtime.autoscaling.rules import Plan, Rule
from shared_components.runtime.load_view import LoadView
from shared_components.runtime.scalers import SupervisorScaler
from shared_components.runtime.supervisor import Supervisor
from shared_components.runtime.supervisor_socket import SupervisorServer
from tests.faults import payments
from tests.faults.account import Account
from tests.faults.compare import compare
from tests.faults.lab import Lab
from tests.faults.load import begun, wait_for
from tests.faults.world import World

pytestmark = pytest.mark.integration
TIMEOUT_S = 60.0
# Two payments at once are a step for a process that is to have one call.
RULE = Rule("payment", floor=1, ceiling=3, calls_per_process=2, wait_p95_ms=10_000, down_after_s=120)


@contextmanager
def supervised(world: World, folder: Path) -> Iterator[SupervisorScaler]:
    supervisor = Supervisor(str(world.folder / "zhongtai.yaml"), {"payment": 1}, stop_timeout_s=30)
    ended = threading.Event()
    supervisor.start()
    watching = threading.Thread(target=supervisor.watch_until, args=(ended.is_set,))
    watching.start()
    server = SupervisorServer(folder / "operator.sock", supervisor)
    server.start()
    try:
        yield SupervisorScaler(str(folder / "operator.sock"))
    finally:
        server.stop()
        ended.set()
        watching.join()
        code = supervisor.stop()
    assert code == 0, "each process ended in order"


@pytest.mark.timeout(400)
def test_a_step_of_load_gets_processes_and_fewer_processes_lose_nothing(lab: Lab, tmp_path: Path) -> None:
    account = Account()
    with lab.world("scaling", "payment") as world, supervised(world, tmp_path) as scaler, world.view() as broker:
        view = LoadView(broker)
        assert wait_for(lambda: serving(view) == 1, TIMEOUT_S)
        payments.prepare(world.client(caller="operator"))
        client, stop = world.client(caller="gateway"), threading.Event()
        scaling = Autoscaler(Plan(1, (RULE,)), scaler, lambda: view)

        def pay(number: int) -> None:
            if not stop.is_set():
                operation = account.intend(f"peak-{number}", f"op-{number}")
                account.perform(operation, lambda: payments.pay(client, operation, TIMEOUT_S), TIMEOUT_S)

        with begun(range(100_000), pay, threads=12):
            try:
                began = time.monotonic()
                assert wait_for(lambda: serving(view) == 3 or not scaling.look(), TIMEOUT_S, pause_s=1)
                print(f"three processes serve {time.monotonic() - began:.1f} s after the step")
                paid = len(account.of("ok"))
                assert wait_for(lambda: len(account.of("ok")) > paid + 30, TIMEOUT_S)
                scaler.scale({"payment": 1})
                assert wait_for(lambda: serving(view) == 1, TIMEOUT_S)
                paid = len(account.of("ok"))
                assert wait_for(lambda: len(account.of("ok")) > paid + 10, TIMEOUT_S)
            finally:
                stop.set()
        assert account.codes() == {}, "no call noticed that processes came and left"
        comparison = compare(account, payments.orders(world))
        assert not comparison.wrong, comparison
        postings, orders = payments.ledger_postings(world), payments.paid_orders(world)
        assert Counter(postings[order] for order in orders.values()) == {1: len(account.of("ok"))}


def serving(view: LoadView) -> int:
    return view.read(["payment"])[0].processes
