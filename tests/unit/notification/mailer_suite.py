"""Promises of every Mailer; the fake and the real one pass the same tests (fixture `mailer`: see Postbox)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pytest

from services.notification.messages.domain.mailer import Letter, Mailer, NotSent
from services.notification.messages.domain.message import PERMANENT, TEMPORARY


@dataclass(frozen=True)
class Arrived:
    address: str
    subject: str
    body: str
    message_id: str


class Postbox(Protocol):
    """A mailer, a way to see what arrived, and the same mailer with its server away."""

    mailer: Mailer

    def arrived(self) -> list[Arrived]: ...

    def away(self) -> Mailer: ...


def letter(local: str, number: int = 1) -> Letter:
    return Letter(f"msg_{number}", f"{local}@example.cn", "缴费成功:¥10.00", "张三您好。\n.\n您已缴费。\n")


class MailerSuite:
    def test_a_letter_arrives_as_it_was_written(self, postbox: Postbox) -> None:
        postbox.mailer.send(letter("zhang", 7))
        assert postbox.arrived() == [
            Arrived("zhang@example.cn", "缴费成功:¥10.00", "张三您好。\n.\n您已缴费。\n", "msg_7")
        ]

    @pytest.mark.parametrize(
        ("local", "kind", "code"),
        [
            ("temporary-failure", TEMPORARY, "smtp-451"),
            ("permanent-failure", PERMANENT, "smtp-550"),
            ("content-refused", PERMANENT, "smtp-554"),
        ],
    )
    def test_a_refusal_is_told_by_its_kind(self, postbox: Postbox, local: str, kind: str, code: str) -> None:
        with pytest.raises(NotSent) as caught:
            postbox.mailer.send(letter(local))
        assert (caught.value.failure.kind, caught.value.failure.code) == (kind, code)
        assert not caught.value.provider_down
        assert postbox.arrived() == []

    def test_a_busy_server_takes_the_letter_the_second_time(self, postbox: Postbox) -> None:
        with pytest.raises(NotSent):
            postbox.mailer.send(letter("busy-once"))
        postbox.mailer.send(letter("busy-once"))
        assert len(postbox.arrived()) == 1

    def test_a_server_that_is_away_is_a_temporary_failure_of_the_provider(self, postbox: Postbox) -> None:
        with pytest.raises(NotSent) as caught:
            postbox.away().send(letter("zhang"))
        assert (caught.value.failure.kind, caught.value.failure.code) == (TEMPORARY, "smtp-unreachable")
        assert caught.value.provider_down
