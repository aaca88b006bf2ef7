"""Callbacks of all channels through the gateway, on RabbitMQ and PostgreSQL."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.payment.channels.test_callbacks_on_bus import EXPECTED, run_story


@pytest.mark.integration
def test_providers_are_heard_and_lies_are_not_on_rabbitmq_and_postgresql(
    broker_url: str, postgres_url: str, tmp_path: Path
) -> None:
    assert run_story(broker_url, postgres_url, tmp_path) == EXPECTED
