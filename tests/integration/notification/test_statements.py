"""On PostgreSQL the statements of a delivery do not grow with the number of letters of a group."""
from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from services.notification.messages.usecases.deliver import GROUP, deliver_group
from shared_components.db import Database, migrate
from shared_components.security import Secrets
from tests.unit.matter.test_statements import counted
from tests.unit.notification.test_delivery_in_groups import attempt_together, sent, states
from tests.unit.notification.world import World


class _Of:
    """The world's transactions, as a use case of several tenants begins them."""

    def __init__(self, world: World) -> None:
        self._world, self.database = world, world.database

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[Any]:
        return self._world.begin(*tenants)


@pytest.mark.integration
def test_many_letters_cost_the_statements_of_one(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "notification")
    world = World(Database(postgres_url, "notification"), Secrets.for_development(tmp_path))
    world.put()
    asked = sent(world, *(f"citizen{number}@example.cn" for number in range(GROUP + 1)))
    transactions, seen = _Of(world), []
    for part in (asked[:1], asked[1:]):
        with counted(transactions) as found:
            deliver_group(transactions, world.mailer, part, attempt_together)
        seen.append((found.statements, found.transactions))
    assert states(world, asked) == ["sent"] * len(asked)
    world.database.dispose()
    assert seen[1] == seen[0] <= (10, 2)
