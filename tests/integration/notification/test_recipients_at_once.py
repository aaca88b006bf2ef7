"""A message and the registration of its recipient at the same moment, on PostgreSQL."""
from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from services.notification.messages.schemas import Send
from services.notification.messages.usecases.send import send_messages
from services.notification.messages.usecases.views import MessageView
from shared_components.db import migrate
from shared_components.kernel.calls import Call
from tests.unit.notification.world import MATTER, make_world, message_of

pytestmark = pytest.mark.integration


def test_a_registration_waits_for_a_message_that_is_being_accepted_and_then_finds_it(
    postgres_url: str, tmp_path: Path,
) -> None:
    migrate(postgres_url, "notification")
    with make_world(postgres_url, tmp_path) as world:
        world.put(channel="inbox")
        command = Send().load({"template_code": "paid", "channel": "inbox", "recipient_subject": "sub_late"})
        with world.begin() as tx:
            (sent,) = send_messages(tx, [Call(command, MATTER)])
            registration = Thread(target=world.know, args=("sub_late",))
            registration.start()
            registration.join(0.5)
            assert registration.is_alive()
        registration.join(10)
        assert not registration.is_alive()
        world.sweep()
        assert isinstance(sent, MessageView) and sent.state == "created"
        with world.begin() as tx:
            assert message_of(tx, sent.message_id, MATTER).state == "delivered"
