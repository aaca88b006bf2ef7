"""The same promises on PostgreSQL, where each transaction is opened for its caller's department alone."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from services.elicence.adapters.licences import LICENCES
from services.elicence.transaction import SqlELicenceTransaction
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.db import Database, migrate
from shared_components.security import Secrets
from tests.unit.elicence.test_present_and_verify import reasons
from tests.unit.elicence.world import OTHER_TENANT, POLICY, TENANT, Transaction, World

pytestmark = pytest.mark.integration


class Town(World):
    """tenant: the department that transactions are opened for."""

    def __init__(self, url: str, folder: Path) -> None:
        migrate(url, "elicence")
        self.database, secrets = Database(url, "elicence"), Secrets.for_development(folder)
        self.tenant = TENANT

        @contextmanager
        def begin(world: World) -> Iterator[Transaction]:
            with self.database.transaction([self.tenant]) as session:
                yield SqlELicenceTransaction(
                    TransactionScope(session, world.recorder(), world.clock, {}, secrets), POLICY)

        super().__init__(begin)


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[Town]:
    found = Town(postgres_url, tmp_path)
    found.put_type()
    yield found
    found.database.dispose()


def test_a_code_opens_its_licence_to_another_department_once_and_opens_no_other(town: Town) -> None:
    shown, other = town.issued(1), town.issued(2)
    code = town.present(shown["licence_id"])["code"]
    town.tenant = OTHER_TENANT
    assert reasons(town.verify({"code": code[:-1] + "!"}, tenant=OTHER_TENANT)[0]) == ["unknown"]
    assert town.verify({"code": code}, tenant=OTHER_TENANT)[0]["valid"]
    with town.database.transaction([OTHER_TENANT]) as session:
        assert session.execute(select(LICENCES)).all() == []
        session.execute(text("SELECT set_config('zhongtai.shown', :id, true)"), {"id": other["licence_id"]})
        assert session.execute(select(LICENCES).with_for_update()).all() == []
    town.tenant = TENANT
    assert reasons(town.verify({"code": code})[0]) == ["used"]
