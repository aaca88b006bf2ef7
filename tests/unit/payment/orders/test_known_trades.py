"""How payments that are known are looked up: what a group costs must not grow with what channels ever paid."""
from __future__ import annotations

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from services.payment.orders.adapters.sql.channel_records import of_trades


@pytest.mark.parametrize(("url", "condition"), [
    ("postgresql+psycopg2://nowhere/none", "trade_no = ANY ("), ("sqlite://", "trade_no IN ("),
])
def test_trades_are_looked_up_by_number_within_each_channel_and_not_as_pairs(url: str, condition: str) -> None:
    engine = create_engine(url)
    with Session(engine) as session:
        query = of_trades(session, {("wechat", "1"), ("sandbox", "1"), ("sandbox", "2")})
    where = str(query.compile(engine)).partition("WHERE")[2]
    assert where.count(condition) == 2 and " OR " in where
    assert "(payment.channel_payments.channel, " not in where and "(channel_payments.channel, " not in where
