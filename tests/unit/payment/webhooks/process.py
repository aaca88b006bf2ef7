"""Sends what waits for webhooks, in a process that a test may kill. Arguments: database URL, folder of the key."""
from __future__ import annotations

import sys
from pathlib import Path

from shared_components.db import Database
from shared_components.kernel.clock import SystemClock
from shared_components.security.request_signing import sign
from shared_components.webhooks.dispatch import WebhookDispatcher
from shared_components.webhooks.sender import HttpSender
from tests.unit.payment.memory import TARGETS
from tests.unit.payment.world import FakeChannels, SqlTransactions


def main(database_url: str, keys: str) -> None:
    transactions = SqlTransactions(Database(database_url, "payment"), SystemClock(), [], FakeChannels(), Path(keys))
    dispatcher = WebhookDispatcher(transactions, HttpSender(TARGETS, timeout_s=30), sign)
    dispatcher.run()
    dispatcher.finish(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
