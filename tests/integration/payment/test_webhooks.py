"""Webhooks on PostgreSQL: senders side by side, row security."""
from __future__ import annotations

import pytest
from sqlalchemy import text

from services.payment.domain.webhook_errors import WebhooksTooMany
from services.payment.usecases.webhooks import MOST_PER_APP
from tests.integration.payment.test_postgresql import together
from tests.unit.payment.receiver import receiver
from tests.unit.payment.steps import make_order
from tests.unit.payment.test_webhooks import deliver, happened, log, put, shown
from tests.unit.payment.world import OTHER_TENANT, SqlUnits

pytestmark = pytest.mark.integration


def test_of_many_senders_each_delivery_has_one(units: SqlUnits) -> None:
    with receiver() as endpoint:
        put(units, endpoint.url)
        order_id = make_order(units)
        for number in range(24):
            happened(units, order_id, f"evt_{number}")
        while sum(together(lambda _: deliver(units), range(6))):
            pass
    assert len(endpoint.got) == len({headers["X-Zhongtai-Event-Id"] for headers, _ in endpoint.got}) == 24
    assert {(d["state"], d["attempts"]) for d in log(units)} == {("delivered", 1)}


def test_of_many_who_make_webhooks_at_once_no_more_than_are_allowed_do(units: SqlUnits) -> None:
    def make(number: int) -> bool:
        try:
            put(units, f"http://127.0.0.1:9/{number}")
        except WebhooksTooMany:
            return False
        return True

    assert sum(together(make, range(60))) == MOST_PER_APP
    assert len(shown(units)) == MOST_PER_APP


def test_row_security_hides_webhooks_and_their_log_from_another_tenant(units: SqlUnits) -> None:
    with receiver() as endpoint:
        put(units, endpoint.url)
        happened(units, make_order(units))
        deliver(units)
    for table in ("webhooks", "webhook_deliveries", "webhook_attempts"):
        with units.database.reading([OTHER_TENANT]) as session:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608


def test_a_secret_is_not_readable_in_the_database(units: SqlUnits) -> None:
    secret = put(units, "http://127.0.0.1:9/")["secret"]
    with units.database.reading(["*"]) as session:
        assert secret.encode() not in bytes(session.execute(text("SELECT secret FROM webhooks")).scalar_one())
