"""The fake mailer keeps the promises of the real one."""
from __future__ import annotations

import pytest

from services.notification.messages.domain.mailer import Mailer
from tests.unit.notification.mailer_suite import Arrived, MailerSuite
from tests.unit.notification.world import FakeMailer


class FakePostbox:
    def __init__(self) -> None:
        self.mailer: FakeMailer = FakeMailer()

    def arrived(self) -> list[Arrived]:
        return [Arrived(one.address, one.subject, one.body, one.message_id) for one in self.mailer.letters]

    def away(self) -> Mailer:
        self.mailer.down = True
        return self.mailer


@pytest.fixture
def postbox() -> FakePostbox:
    return FakePostbox()


class TestFakeMailer(MailerSuite):
    pass
