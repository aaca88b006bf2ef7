"""How payments that are known are looked up: what a group costs must not grow with what channels ever paid."""
from __future__ import annotations

from services.payment.adapters.repository.channel_records import of_trades


def test_trades_are_looked_up_by_number_within_each_channel_and_not_as_pairs() -> None:
    query = str(of_trades({("wechat", "1"), ("sandbox", "1"), ("sandbox", "2")}))
    where = query.partition("WHERE")[2]
    assert where.count("trade_no IN") == 2 and " OR " in where
    assert "(payment.channel_payments.channel, " not in where and "(channel_payments.channel, " not in where
