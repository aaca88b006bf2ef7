"""One-time codes: to whom they go, where they count, and how often."""
from __future__ import annotations

import pytest

from services.identity.credentials.domain.errors import CodeChannelNotBuilt, CodeRefused, TooManyCodes
from services.identity.credentials.usecases.codes import SendCode, send_code
from services.identity.credentials.usecases.messages import deliver_code
from tests.unit.identity.credentials.world import LOGIN, REALM, World

EMAIL = "lin@example.cn"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_goes_to_the_contact_and_signs_in_once(world: World) -> None:
    subject_id = world.person(email=EMAIL)
    sent = world.ask_code(world.numbers[subject_id])
    (message,) = world.outbox.sent.values()
    assert (message["address"], message["template"]) == (EMAIL, "identity-sign-in-code")
    code = world.outbox.last_code
    assert len(code) == 6 and code.isdigit()
    assert world.show_code(sent, f" {code} ").subject_id == subject_id
    with pytest.raises(CodeRefused):
        world.show_code(sent, code)


def test_nobody_and_a_shared_address_get_the_same_answer_and_no_code(world: World) -> None:
    world.person(email=EMAIL)
    world.person(email=EMAIL)
    known = world.person(email="other@example.cn")
    answers = [world.ask_code(identifier) for identifier in (EMAIL, "nobody@example.cn", world.numbers[known])]
    assert len({each.expires_at for each in answers}) == 1
    assert [message["address"] for message in world.outbox.sent.values()] == ["other@example.cn"]


def test_a_code_counts_in_its_own_browser_alone(world: World) -> None:
    subject_id = world.person(email=EMAIL)
    sent = world.ask_code(EMAIL)
    with pytest.raises(CodeRefused):
        world.show_code(sent, world.outbox.last_code, binding="browser-2")
    assert world.show_code(sent, world.outbox.last_code).subject_id == subject_id


def test_five_wrong_tries_end_a_code(world: World) -> None:
    world.person(email=EMAIL)
    sent = world.ask_code(EMAIL)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            world.show_code(sent, wrong(world.outbox.last_code))
    with pytest.raises(CodeRefused):
        world.show_code(sent, world.outbox.last_code)


def test_a_code_ends_after_ten_minutes(world: World) -> None:
    world.person(email=EMAIL)
    sent = world.ask_code(EMAIL)
    world.wait(minutes=10)
    with pytest.raises(CodeRefused):
        world.show_code(sent, world.outbox.last_code)


@pytest.mark.parametrize("identifier", [EMAIL, "nobody@example.cn"])
def test_codes_to_one_number_are_limited_by_minute_hour_and_day(world: World, identifier: str) -> None:
    world.person(email=EMAIL)

    def ask() -> int:
        try:
            world.ask_code(identifier)
        except TooManyCodes as refused:
            wait_s: int = refused.details["retry_after_s"]
            return wait_s
        return 0

    assert [ask(), ask()] == [0, 60]
    given = 1
    for _ in range(24 * 12 - 1):
        world.wait(minutes=5)
        given += ask() == 0
    assert given == 10
    world.wait(minutes=5, seconds=1)
    assert ask() == 0


def test_two_identifiers_of_one_person_send_no_more_codes_and_do_not_tell(world: World) -> None:
    subject_id = world.person(email=EMAIL)
    world.ask_code(EMAIL)
    world.ask_code(world.numbers[subject_id])
    assert len(world.outbox.sent) == 1


def test_a_delivery_that_is_repeated_sends_the_same_code_once(world: World) -> None:
    world.person(email=EMAIL)
    sent = world.ask_code(EMAIL)
    first = dict(world.outbox.sent)
    deliver_code(world.transactions, world.outbox, REALM, sent.challenge_id)
    world.outbox.sent.clear()
    deliver_code(world.transactions, world.outbox, REALM, sent.challenge_id)
    assert world.outbox.sent == first


def test_a_channel_that_is_not_built_says_so(world: World) -> None:
    with pytest.raises(CodeChannelNotBuilt):
        send_code(world.transactions, SendCode(REALM, EMAIL, "sms", "browser-1", None, "10.0.0.1"), LOGIN)
