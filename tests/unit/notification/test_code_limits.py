"""One-time codes to a number are limited as carriers limit them, and old messages lose what they said."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.notification.messages.domain.errors import TooManyCodes
from services.notification.messages.usecases.views import MessageView
from tests.unit.notification.world import World, app_for, inbox_of


@pytest.fixture
def codes(world: World) -> World:
    world.put(template_code="code", channel="sms", subject=None, body="((code))", purpose="code")
    world.put(template_code="news", channel="sms", subject=None, body="正文")
    return world


def asked(world: World, *numbers: str, template: str = "code") -> list[Any]:
    return world.send_all(*[
        {"template_code": template, "channel": "sms", "address": number, "values": {"code": "1"}}
        for number in numbers])


def outcomes(answers: list[Any]) -> list[bool]:
    assert all(isinstance(one, MessageView | TooManyCodes) for one in answers)
    return [isinstance(one, MessageView) for one in answers]


def test_a_number_gets_one_code_a_minute_whoever_sends_it_and_however_it_is_written(codes: World) -> None:
    assert outcomes(asked(codes, "13800000001", "+86 138 0000 0001", "13800000002")) == [True, False, True]
    (refused,) = asked(codes, "13800000001")
    assert refused.details == {"retry_after_s": 60} and refused.http_status == 429
    codes.clock.advance(timedelta(seconds=60))
    assert outcomes(asked(codes, "13800000001")) == [True]


def test_five_an_hour_and_ten_a_day_in_the_days_of_china(codes: World) -> None:
    taken = 0
    for _ in range(6 * 24):  # from 17:00 in China on
        taken += sum(outcomes(asked(codes, "13800000001")))
        codes.clock.advance(timedelta(minutes=10))
    # 5 from 17 to 18 o'clock, 5 from 18 to 19; the day is full until midnight in China, then 5 and 5 again.
    assert taken == 20


def test_the_wait_is_until_the_window_that_is_full_ends(codes: World) -> None:
    for _ in range(5):
        asked(codes, "13800000001")
        codes.clock.advance(timedelta(minutes=1))
    (refused,) = asked(codes, "13800000001")
    assert refused.details == {"retry_after_s": 55 * 60}


def test_what_is_no_code_is_not_counted(codes: World) -> None:
    assert outcomes(asked(codes, *["13800000001"] * 20, template="news")) == [True] * 20


def test_a_refused_code_leaves_no_message_and_no_number_in_the_clear(codes: World) -> None:
    asked(codes, "13800000001", "13800000001")
    with codes.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM messages")).scalar() == 1
        assert "13800000001" not in repr(session.execute(text("SELECT * FROM code_limits")).all())


def test_after_seven_days_words_and_address_are_gone_and_the_end_stays(codes: World) -> None:
    codes.put(channel="inbox")
    codes.send(channel="inbox", recipient_subject="sub_1")
    (gone,) = asked(codes, "13800000001")
    codes.deliver_texts(gone.message_id)
    (waiting,) = asked(codes, "13900000005")
    codes.deliver_texts(waiting.message_id)
    assert codes.purge(after_days=6.9) == 0
    assert codes.purge(after_days=0.2) == 1
    assert codes.purge(after_days=0) == 0
    message = codes.message(gone.message_id)
    assert (message.state, message.address, message.parts) == ("sent", None, 1)
    assert codes.message(waiting.message_id).address == "+86139****0005"
    with codes.begin() as tx:
        assert [item.body for item in inbox_of(tx, app_for(None)).items] == ["您好"]
        (held,) = tx.messages.lock_many([("transport", gone.message_id)])
        assert held.open().body == ""
