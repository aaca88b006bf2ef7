"""A sender is killed -9 in the middle of a delivery: the app hears of it all the same, under the same event id."""
from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from shared_components.kernel.clock import FixedClock, SystemClock
from shared_components.webhooks.webhook import CLAIM
from tests.unit.payment.steps import make_order
from tests.unit.payment.webhooks.receiver import answer_with, receiver
from tests.unit.payment.webhooks.test_webhooks import deliver, happened, log, put
from tests.unit.payment.world import SqlTransactions

PATIENCE_S = 30


@pytest.mark.parametrize("answered", [False, True])
def test_a_delivery_survives_kill_9(
    sql_transactions: SqlTransactions, clock: FixedClock, tmp_sqlite_url: str, answered: bool
) -> None:
    released = threading.Event()
    with receiver() as endpoint:
        put(sql_transactions, endpoint.url)
        happened(sql_transactions, make_order(sql_transactions))

        def hold(handler: object) -> None:
            """Answered or not, the sender dies before it has noted anything."""
            if answered:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")  # type: ignore[attr-defined]
            released.wait(PATIENCE_S)

        endpoint.answer = hold
        command = [
            sys.executable,
            "-m",
            "tests.unit.payment.webhooks.process",
            tmp_sqlite_url,
            str(sql_transactions.keys),
        ]
        process = subprocess.Popen(command)
        try:
            assert endpoint.arrived.wait(PATIENCE_S)
        finally:
            process.kill()
            process.wait()
            released.set()
        (delivery,) = log(sql_transactions)
        assert (delivery["state"], delivery["attempts"]) == ("pending", 1)
        endpoint.answer = answer_with(200)
        clock.advance(SystemClock().now() - clock.now() + CLAIM + timedelta(seconds=1))
        assert deliver(sql_transactions) == 1
        first, second = (headers["X-Zhongtai-Event-Id"] for headers, _ in endpoint.got)
    assert first == second
    assert log(sql_transactions)[0]["state"] == "delivered"
