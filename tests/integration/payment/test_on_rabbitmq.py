"""The same story on RabbitMQ and PostgreSQL."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.payment.test_on_bus import EXPECTED, run_story


@pytest.mark.integration
def test_money_goes_its_way_on_rabbitmq_and_postgresql(broker_url: str, postgres_url: str, tmp_path: Path) -> None:
    assert run_story(broker_url, postgres_url, tmp_path, "--duplicates", "2", "--disorder-s", "0.5") == EXPECTED
