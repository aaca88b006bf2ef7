"""Webhooks on PostgreSQL: senders side by side, row security."""
from __future__ import annotations

import pytest
from sqlalchemy import text

from services.payment.webhooks.domain.errors import WebhooksTooMany
from shared_components.webhooks.keeping import MOST_PER_APP
from tests.integration.payment.test_postgresql import together
from tests.unit.payment.steps import make_order
from tests.unit.payment.webhooks.receiver import receiver
from tests.unit.payment.webhooks.test_webhooks import deliver, happened, log, put, shown
from tests.unit.payment.world import OTHER_TENANT, SqlTransactions

pytestmark = pytest.mark.integration


def test_of_many_senders_each_delivery_has_one(transactions: SqlTransactions) -> None:
    with receiver() as endpoint:
        put(transactions, endpoint.url)
        order_id = make_order(transactions)
        for number in range(24):
            happened(transactions, order_id, f"evt_{number}")
        while sum(together(lambda _: deliver(transactions), range(6))):
            pass
    assert len(endpoint.got) == len({headers["X-Zhongtai-Event-Id"] for headers, _ in endpoint.got}) == 24
    assert {(d["state"], d["attempts"]) for d in log(transactions)} == {("delivered", 1)}


def test_of_many_who_make_webhooks_at_once_no_more_than_are_allowed_do(transactions: SqlTransactions) -> None:
    def make(number: int) -> bool:
        try:
            put(transactions, f"http://127.0.0.1:9/{number}")
        except WebhooksTooMany:
            return False
        return True

    assert sum(together(make, range(60))) == MOST_PER_APP
    assert len(shown(transactions)) == MOST_PER_APP


def test_row_security_hides_webhooks_and_their_log_from_another_tenant(transactions: SqlTransactions) -> None:
    with receiver() as endpoint:
        put(transactions, endpoint.url)
        happened(transactions, make_order(transactions))
        deliver(transactions)
    for table in ("webhooks", "webhook_deliveries", "webhook_attempts"):
        with transactions.database.reading([OTHER_TENANT]) as session:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608


def test_a_secret_is_not_readable_in_the_database(transactions: SqlTransactions) -> None:
    secret = put(transactions, "http://127.0.0.1:9/")["secret"]
    with transactions.database.reading(["*"]) as session:
        assert secret.encode() not in bytes(session.execute(text("SELECT secret FROM webhooks")).scalar_one())
