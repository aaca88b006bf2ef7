"""The real mailer against a real SMTP server."""
from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from services.notification.messages.adapters.smtp import SmtpMailer
from services.notification.messages.domain.mailer import Mailer, NotSent
from services.notification.messages.domain.message import TEMPORARY
from services.notification.messages.settings import NotificationSettings
from shared_components.devstack.processes import free_port
from shared_components.devstack.smtp_sink import RunningSink, running_sink
from tests.unit.notification.mailer_suite import Arrived, MailerSuite, letter


def mailer_at(port: int, **settings: Any) -> SmtpMailer:
    return SmtpMailer(NotificationSettings().load({"smtp_port": port, "sender": "no-reply@gov.example", **settings}))


def text_of(arrived: EmailMessage) -> str:
    return str(arrived.get_content()).replace("\r\n", "\n")


class SmtpPostbox:
    def __init__(self, sink: RunningSink) -> None:
        self.mailer: Mailer = mailer_at(sink.port)
        self._sink = sink

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(one["To"], one["Subject"], text_of(one), one["Message-ID"][1:].partition("@")[0])
            for one in self._sink.letters()
        ]

    def away(self) -> Mailer:
        return mailer_at(free_port())


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[RunningSink]:
    with running_sink(tmp_path / "mail") as sink:
        yield sink


@pytest.fixture
def postbox(sink: RunningSink) -> SmtpPostbox:
    return SmtpPostbox(sink)


class TestSmtpMailer(MailerSuite):
    pass


def test_a_letter_says_who_sends_and_that_a_machine_wrote_it(sink: RunningSink) -> None:
    mailer_at(sink.port).send(letter("zhang"))
    (arrived,) = sink.letters()
    assert arrived["From"] == "no-reply@gov.example"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"] == "<msg_1@gov.example>"
    assert arrived["Date"]


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        threading.Thread(target=lambda: silent.accept()[0].recv(1), daemon=True).start()
        started = time.monotonic()
        with pytest.raises(NotSent) as caught:
            mailer_at(silent.getsockname()[1], smtp_timeout_s=0.3).send(letter("zhang"))
    assert time.monotonic() - started < 3
    assert (caught.value.failure.kind, caught.value.failure.code) == (TEMPORARY, "smtp-timeout")


def test_a_server_that_offers_no_encryption_where_it_is_wanted_gets_nothing(sink: RunningSink) -> None:
    with pytest.raises(NotSent) as caught:
        mailer_at(sink.port, smtp_security="starttls").send(letter("zhang"))
    assert caught.value.failure.code == "smtp-not-supported"
    assert sink.letters() == []


def test_the_sink_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with running_sink(tmp_path) as sink:
        port = sink.port
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass
