"""`zhongtai status` and `call` against a service that runs on RabbitMQ."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bus_harness import RawBroker, ServiceProcess
from tests.unit.cli.conftest import Zhongtai

pytestmark = pytest.mark.integration


@pytest.fixture
def service(
    broker_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zhongtai: Zhongtai,
) -> Iterator[ServiceProcess]:
    environment = {
        "ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": f"sqlite:///{tmp_path / 'zhongtai.db'}",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    command = ("shared_components.cli.main", "run", "payment")
    with (
        RawBroker(broker_url) as broker,
        ServiceProcess(*command, log=tmp_path / "service.log", environment=environment) as running,
    ):
        yield running.wait_until_consuming(broker, "rpc-payment")
        running.terminate()
        running.wait_exit(seconds=40)


def test_a_running_service_is_seen_and_called(zhongtai: Zhongtai, service: ServiceProcess) -> None:
    (row,) = zhongtai("status", "payment", "--json").data
    assert (row["state"], row["consumers"], row["calls"], row["dead"], row["outbox"]) == ("ok", 1, 0, 0, 0)
    ran = zhongtai("status", "payment", "matter", "--json")
    assert ran.code == 1
    assert "no consumer" in ran.data[1]["state"]

    pairs = [
        "item_code=licence-fee", "name=工本费", 'collecting_unit="113301000024"', "unit=本", 'division="330100"',
        "price_minor=1000",
    ]
    made = zhongtai("call", "payment.put_fee_item", *pairs)
    assert (made.code, made.err) == (0, "")
    assert made.data["price_minor"] == 1000
    listed = zhongtai("call", "payment.list_fee_items", "--tenant", "another")
    assert listed.data["items"] == []

    wrong = zhongtai("call", "payment.get_order", "order=1")
    assert (wrong.code, "[bus.invalid-arguments]" in wrong.err, "order" in wrong.err) == (2, True, True)
    unknown = zhongtai("call", "payment.get_odrer")
    assert (unknown.code, "[bus.unknown-method]" in unknown.err) == (2, True)
    nobody = zhongtai("call", "matter.list_matters", "--timeout", "3")
    assert (nobody.code, "[bus.unknown-service]" in nobody.err) == (1, True)
    for ran in (wrong, unknown, nobody):
        assert ran.err.count("\n") == 1
