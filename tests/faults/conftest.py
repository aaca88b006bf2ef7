"""The laboratory on the session's servers, for the short forms of experiments."""
from __future__ import annotations

from pathlib import Path

import pytest

from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.servers import PostgreSQL, RabbitMQ
from tests.faults.lab import Lab


@pytest.fixture
def lab(rabbitmq: RabbitMQ, postgres: PostgreSQL, tmp_path: Path) -> Lab:
    return lab_on(rabbitmq, postgres, tmp_path)


def lab_on(rabbitmq: RabbitMQ, postgres: PostgreSQL, folder: Path) -> Lab:
    """Skips where the servers are not the session's own."""
    if not isinstance(rabbitmq, PrivateRabbitMQ) or not isinstance(postgres, PrivatePostgreSQL):
        pytest.skip("servers named by the environment are not for breaking")
    return Lab(rabbitmq, postgres, folder=folder)
