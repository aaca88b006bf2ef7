"""Attempts, retries and their end."""
from __future__ import annotations

import pytest

from services.notification.messages.domain import message as domain
from services.notification.messages.domain.mailer import Letter
from services.notification.messages.domain.message import MESSAGE, STATE_LABELS
from shared_components.kernel.states import IllegalTransition
from tests.unit.notification.world import MATTER, FakeMailer, World, message_of


def state_of(world: World, message_id: str) -> tuple[str, int, str | None]:
    with world.begin() as tx:
        seen = message_of(tx, message_id, MATTER)
    return seen.state, seen.attempts, seen.failure_code


def send_to(world: World, address: str) -> str:
    world.put()
    return world.send(address=address).message_id


def test_an_email_is_created_then_sent(world: World) -> None:
    message_id = send_to(world, "zhang@example.cn")
    assert state_of(world, message_id) == ("created", 0, None)
    world.deliver(message_id)
    assert state_of(world, message_id) == ("sent", 1, None)
    assert [letter.address for letter in world.mailer.letters] == ["zhang@example.cn"]
    assert world.event_types() == ["message-accepted", "message-sent"]


def test_the_same_event_again_sends_no_second_letter(world: World) -> None:
    message_id = send_to(world, "zhang@example.cn")
    for _ in range(3):
        world.deliver(message_id)
    assert len(world.mailer.letters) == 1


def test_a_temporary_failure_waits_longer_each_time_and_succeeds_in_the_end(world: World) -> None:
    message_id = send_to(world, "busy-once@example.cn")
    world.deliver(message_id)
    assert state_of(world, message_id) == ("temporary-failure", 1, "smtp-451")
    assert world.sweep(after_s=9) == 0
    assert world.sweep(after_s=1) == 1
    assert state_of(world, message_id) == ("sent", 2, None)


def test_too_many_temporary_failures_are_a_technical_one(world: World) -> None:
    message_id = send_to(world, "temporary-failure@example.cn")
    world.deliver(message_id)
    for _ in range(5):
        world.sweep(after_s=60)
    assert state_of(world, message_id) == ("technical-failure", 3, "smtp-451")
    assert world.event_types() == ["message-accepted", "message-failed"]
    assert world.events[-1]["data"]["failure_code"] == "smtp-451"


@pytest.mark.parametrize(("local", "code"), [("permanent-failure", "smtp-550"), ("content-refused", "smtp-554")])
def test_a_refused_letter_is_not_tried_again(world: World, local: str, code: str) -> None:
    message_id = send_to(world, f"{local}@example.cn")
    world.deliver(message_id)
    assert world.sweep(after_s=3600) == 0
    assert state_of(world, message_id) == ("permanent-failure", 1, code)
    assert world.event_types()[-1] == "message-failed"


def test_a_lost_event_is_made_good_by_the_sweep(world: World) -> None:
    message_id = send_to(world, "zhang@example.cn")
    assert world.sweep(after_s=29) == 0
    assert world.sweep(after_s=1) == 1
    assert state_of(world, message_id)[0] == "sent"


def test_an_attempt_that_died_with_its_process_is_made_again(world: World) -> None:
    message_id = send_to(world, "zhang@example.cn")

    class Died(BaseException):
        pass

    class Deadly(FakeMailer):
        def send(self, letter: Letter) -> None:
            raise Died

    world.mailer, honest = Deadly(), world.mailer
    with pytest.raises(Died):
        world.deliver(message_id)
    world.mailer = honest
    assert state_of(world, message_id)[:2] == ("sending", 1)
    world.deliver(message_id)
    assert world.mailer.letters == []  # the first attempt may still be under way
    assert world.sweep(after_s=121) == 1
    assert state_of(world, message_id)[:2] == ("sent", 2)


def test_a_sweep_stops_at_a_mail_server_that_is_down(world: World) -> None:
    ids = [send_to(world, f"p{number}@example.cn") for number in range(3)]
    world.mailer.down = True
    assert world.sweep(after_s=31) == 1
    world.mailer.down = False
    assert world.sweep(after_s=60) == 3
    assert {state_of(world, message_id)[0] for message_id in ids} == {"sent"}


def test_every_state_is_in_the_table_and_has_a_label() -> None:
    named = {value for name, value in vars(domain).items() if name.isupper() and isinstance(value, str)}
    assert set(MESSAGE.states) == set(STATE_LABELS) == named - {
        "email", "inbox", "sms", "recipient-unknown", "outcome-unknown"}
    drawn = MESSAGE.to_mermaid()
    assert all(state.replace("-", "_") in drawn for state in MESSAGE.states)


def test_a_final_state_is_left_by_nothing() -> None:
    with pytest.raises(IllegalTransition):
        MESSAGE.move(domain.CANCELLED, domain.SENDING)
