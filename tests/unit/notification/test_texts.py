"""Text messages: accepted, handed to carriers, and followed by receipts to one end."""
from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from services.notification.carriers.domain.carrier import CarrierText, Outcome
from services.notification.carriers.domain.errors import CarrierNotConfigured, ReceiptNotAuthentic
from services.notification.common.errors import AddressInvalid, TextMessageTooLong
from services.notification.messages.domain.errors import MessageUnknown
from services.notification.messages.usecases.cancel import cancel
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.views import MessageView
from services.notification.transaction import SendingPolicy
from tests.unit.db.platform_suite import counted
from tests.unit.notification.carriers.fake import (
    BUSY,
    DELIVERED,
    FAILED,
    GONE,
    PHONE_OFF,
    REFUSED,
    FakeCarrier,
    fails,
    pool_of,
    times_out,
    times_out_after_work,
)
from tests.unit.notification.world import MATTER, World

SMS = {"channel": "sms", "template_code": "code"}
BODY = "您的验证码为((code))，5分钟内有效。"


@pytest.fixture
def texts(world: World) -> World:
    world.put(template_code="code", channel="sms", subject=None, body=BODY, purpose="code")
    return world


def accepted(world: World, address: str = "13800000001", **given: Any) -> MessageView:
    """A text to a number that has had none for long."""
    with world.begin() as tx:
        tx.code_limits.purge(world.clock.now() + timedelta(days=3))
    return world.send(**{**SMS, "address": address, "values": {"code": "123456"}, **given})


def sent(world: World, address: str = DELIVERED) -> str:
    message_id = accepted(world, address).message_id
    world.deliver_texts(message_id)
    return message_id


def test_a_text_goes_out_and_its_receipt_says_that_it_arrived(texts: World) -> None:
    message = accepted(texts, "138 0000 0001")
    assert (message.state, message.address, message.message_class, message.parts) == (
        "created", "+86138****0001", "urgent", 1)
    texts.deliver_texts(message.message_id)
    assert texts.carrier.bodies() == ["您的验证码为123456，5分钟内有效。"]
    assert texts.message(message.message_id).state == "sent"
    answer = texts.receive(texts.carrier.receipt(message.message_id))
    assert (answer.receipts, answer.changed) == (1, 1)
    assert texts.message(message.message_id).state == "delivered"
    assert texts.event_types() == ["urgent-message-accepted", "message-sent", "message-delivered"]


def test_numbers_and_words_are_sealed_at_rest_and_absent_from_events(texts: World) -> None:
    accepted(texts, "13800000001", values={"code": "canary99"})
    with texts.database.reading() as session:
        row = session.execute(text("SELECT * FROM messages")).one()
    shown = f"{row!r} {texts.events!r}"
    assert [one for one in ("13800000001", "canary99") if one in shown] == []


def test_without_a_carrier_a_text_is_refused_when_it_is_sent(texts: World) -> None:
    texts.carriers = pool_of()
    (error,) = texts.send_all({**SMS, "address": "13800000001", "values": {"code": "1"}})
    assert isinstance(error, CarrierNotConfigured)
    assert error.code == "notification.provider-not-configured"


@pytest.mark.parametrize("address", ["12345", "zhang@example.cn", "+8612345678901"])
def test_what_is_no_number_is_refused_without_being_repeated(texts: World, address: str) -> None:
    with pytest.raises(AddressInvalid) as caught:
        accepted(texts, address)
    assert address not in caught.value.message


def test_a_text_that_is_too_long_with_its_values_is_refused(texts: World) -> None:
    with pytest.raises(TextMessageTooLong):
        accepted(texts, values={"code": "1" * 500})
    assert accepted(texts, values={"code": "1" * 300}).parts == 5


@pytest.mark.parametrize(("number", "state", "code"), [
    (REFUSED, "permanent-failure", "sandbox-BLACKLISTED"), (BUSY, "temporary-failure", "sandbox-FREQUENCY"),
    (FAILED, "temporary-failure", "sandbox-NO-ROUTE"),
])
def test_a_refusal_ends_or_postpones_the_text(texts: World, number: str, state: str, code: str) -> None:
    message = texts.message(sent(texts, number))
    assert (message.state, message.failure_code) == (state, code)


def test_a_busy_number_gets_its_text_by_the_sweep(texts: World) -> None:
    message_id = sent(texts, BUSY)
    texts.sweep(after_s=11)
    assert (texts.message(message_id).state, texts.message(message_id).attempts) == ("sent", 2)


@pytest.mark.parametrize(("number", "state"), [(GONE, "permanent-failure"), (PHONE_OFF, "temporary-failure")])
def test_a_receipt_of_failure_ends_or_postpones_the_text(texts: World, number: str, state: str) -> None:
    message_id = sent(texts, number)
    texts.receive(texts.carrier.receipt(message_id))
    assert texts.message(message_id).state == state


@pytest.mark.parametrize("order", list(permutations(("sent", "delivered", "permanent-failure", "temporary-failure"))))
def test_receipts_in_any_order_and_twice_lead_to_one_state(texts: World, order: tuple[str, ...]) -> None:
    message_id = sent(texts)
    for state in order + order[::-1]:
        texts.receive(texts.carrier.receipt(message_id, state))
    assert texts.message(message_id).state == "delivered"
    assert texts.event_types().count("message-delivered") == 1


@pytest.mark.parametrize("order", list(permutations(("sent", "permanent-failure", "temporary-failure"))))
def test_without_a_delivery_a_permanent_failure_is_the_end_in_any_order(texts: World, order: tuple[str, ...]) -> None:
    message_id = sent(texts)
    for state in order + order:
        texts.receive(texts.carrier.receipt(message_id, state))
    assert texts.message(message_id).state == "permanent-failure"
    assert texts.event_types().count("message-failed") == 1


def test_a_receipt_may_be_quicker_than_the_answer(texts: World) -> None:
    def answers_after_the_receipt(carrier: FakeCarrier, given: Any) -> list[Outcome]:
        outcomes = carrier.take(given)
        texts.receive(*[carrier.receipt(one.message_id) for one in given])
        return outcomes

    texts.carrier.answering = answers_after_the_receipt
    assert texts.message(sent(texts)).state == "delivered"


def test_a_strangers_receipt_changes_nothing(texts: World) -> None:
    message_id = sent(texts)
    answer = texts.receive(texts.carrier.receipt(message_id), token="bad")
    assert isinstance(answer, ReceiptNotAuthentic)
    assert texts.message(message_id).state == "sent"


def test_a_receipt_of_what_was_never_sent_changes_nothing(texts: World) -> None:
    message_id = accepted(texts).message_id
    receipt = {"message_id": message_id, "reference": "r", "state": "delivered", "code": ""}
    assert texts.receive(receipt).changed == 0
    assert texts.receive({**receipt, "message_id": "msg_unknown"}).changed == 0
    assert texts.message(message_id).state == "created"
    assert isinstance(texts.receive({**receipt, "message_id": "", "reference": "early"}), MessageUnknown)


def test_a_hundred_texts_take_few_statements_and_one_request(texts: World) -> None:
    ids = [accepted(texts, f"138000{number:05}").message_id for number in range(100)]
    with counted(texts.database) as statements:
        texts.deliver_texts(*ids)
    assert texts.carrier.requests == 1
    assert {texts.message(message_id).state for message_id in ids} == {"sent"}
    assert len([one for one in statements if not one.startswith("UPDATE")]) <= 5
    with counted(texts.database) as statements:
        texts.receive(*[texts.carrier.receipt(message_id) for message_id in ids])
    assert len([one for one in statements if not one.startswith("UPDATE")]) <= 4


class TestAnAnswerThatIsLate:
    def test_the_carrier_is_asked_and_the_text_is_sent_once(self, texts: World) -> None:
        texts.carrier.answering = times_out_after_work
        message_id = sent(texts)
        message = texts.message(message_id)
        assert (message.state, message.failure_code) == ("temporary-failure", "outcome-unknown")
        texts.carrier.answering = None
        texts.sweep(after_s=11)
        assert texts.message(message_id).state == "sent"
        assert texts.carrier.times[message_id] == 1

    def test_what_the_carrier_never_took_is_sent_again(self, texts: World) -> None:
        texts.carrier.answering = times_out
        message_id = sent(texts)
        texts.carrier.answering = None
        texts.sweep(after_s=11)
        texts.sweep(after_s=1)
        assert texts.message(message_id).state == "sent"
        assert texts.carrier.times[message_id] == 1

    def test_a_receipt_tells_it_too(self, texts: World) -> None:
        texts.carrier.answering = times_out_after_work
        message_id = sent(texts)
        texts.receive(texts.carrier.receipt(message_id))
        assert texts.message(message_id).state == "delivered"
        texts.sweep(after_s=11)
        assert texts.carrier.requests == 1

    def test_no_other_carrier_is_tried_before_the_first_was_asked(self, texts: World) -> None:
        first, second = FakeCarrier("first"), FakeCarrier("second")
        texts.carriers = pool_of(first)
        message_id = accepted(texts).message_id
        texts.carriers = pool_of(first, second)
        first.answering = times_out_after_work
        texts.deliver_texts(message_id)
        first.answering = None
        texts.sweep(after_s=11)
        assert (first.times[message_id], second.requests) == (1, 0)

    def test_where_a_carrier_cannot_be_asked_its_receipt_is_waited_for_and_nobody_else_is_tried(
        self, texts: World,
    ) -> None:
        texts.policy = SendingPolicy(texts.policy.retries, timedelta(minutes=10))
        mute, other = FakeCarrier("mute", can_ask=False), FakeCarrier("other")
        mute.answering = times_out
        texts.carriers = pool_of(mute, other)
        texts.carriers.named("other").circuit._open = True  # only the mute one is to be had
        texts.carriers.named("other").circuit._again_at = float("inf")
        message_id = sent(texts)
        texts.carriers.named("other").circuit._open = False
        texts.sweep(after_s=300)
        assert texts.message(message_id).failure_code == "outcome-unknown"
        texts.sweep(after_s=301)
        assert (texts.message(message_id).state, other.requests) == ("technical-failure", 0)


class TestSeveralCarriers:
    def test_another_takes_what_the_first_cannot_and_at_once(self, texts: World) -> None:
        first, second = FakeCarrier("first"), FakeCarrier("second")
        first.answering = fails
        texts.carriers = pool_of(first, second)
        ids = [sent(texts) for _ in range(12)]
        assert {texts.message(one).state for one in ids} == {"sent"}
        assert len(second.times) == 12 and not first.times

    def test_one_that_keeps_failing_is_left_alone(self, texts: World) -> None:
        first, second = FakeCarrier("first"), FakeCarrier("second")
        first.answering = fails
        texts.carriers = pool_of(first, second)
        for _ in range(60):
            sent(texts)
        assert first.requests <= 8

    def test_without_any_that_answers_no_attempt_is_counted_and_the_text_waits(self, texts: World) -> None:
        texts.carrier.answering = fails
        for _ in range(5):
            sent(texts)
        message_id = sent(texts)
        message = texts.message(message_id)
        assert (message.state, message.attempts) == ("created", 0)
        assert texts.carrier.requests == 5

    def test_a_process_that_died_has_tried_one_carrier_and_that_one_is_asked(self, texts: World) -> None:
        first, second = FakeCarrier("first"), FakeCarrier("second")
        texts.carriers = pool_of(first, second)

        def dies(carrier: FakeCarrier, given: list[CarrierText]) -> list[Outcome]:
            carrier.take(given)
            raise SystemExit

        first.answering = second.answering = dies  # type: ignore[assignment]
        message_id = accepted(texts).message_id
        with pytest.raises(SystemExit):
            texts.deliver_texts(message_id)
        first.answering = second.answering = None
        texts.sweep(after_s=130)
        assert texts.message(message_id).state == "sent"
        assert first.times[message_id] + second.times[message_id] == 1


def test_a_text_can_be_cancelled_until_it_is_out(texts: World) -> None:
    message_id = accepted(texts).message_id
    with texts.begin() as tx:
        assert cancel(tx, MessageById(message_id), MATTER).state == "cancelled"
    texts.deliver_texts(message_id)
    assert texts.carrier.requests == 0


class TestReceiptsOfSeveralCarriers:
    def test_a_carrier_that_never_had_the_text_delivers_nothing(self, texts: World) -> None:
        message_id = sent(texts)
        other = FakeCarrier("second")
        texts.carriers = pool_of(texts.carrier, other)
        told = {"message_id": message_id, "reference": "r", "state": "delivered", "code": ""}
        assert texts.receive(told, provider="second").changed == 0
        assert texts.message(message_id).state == "sent"

    def test_a_late_delivery_by_the_carrier_before_counts(self, texts: World) -> None:
        first, second = FakeCarrier("first"), FakeCarrier("second")
        texts.carriers = pool_of(first, second)
        first.answering = fails
        ids = [sent(texts) for _ in range(12)]
        message_id = next(one for one in ids if texts.message(one).attempts == 2)
        told = {"message_id": message_id, "reference": "r", "state": "delivered", "code": ""}
        assert texts.receive(told, provider="first").changed == 1
        assert texts.message(message_id).state == "delivered"
