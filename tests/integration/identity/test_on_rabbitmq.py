"""The same story on RabbitMQ and PostgreSQL."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.identity.test_on_bus import EXPECTED, check_log, run_story


@pytest.mark.integration
def test_a_person_is_registered_and_raised_on_rabbitmq_and_postgresql(
    broker_url: str, postgres_url: str, tmp_path: Path
) -> None:
    seen, log = run_story(broker_url, postgres_url, tmp_path)
    assert seen == EXPECTED
    check_log(log)
