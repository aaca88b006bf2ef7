"""Connections to the mail server are kept, and one that has ended is noticed before a letter is lost on it."""
from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from services.notification.messages.adapters.smtp import SmtpMailer
from services.notification.messages.adapters.smtp_connections import LONGEST_IDLE_S
from services.notification.messages.domain.mailer import NotSent
from services.notification.messages.settings import NotificationSettings
from shared_components.devstack.smtp_sink import running_sink
from tests.unit.notification.mailer_suite import letter


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Those that were made."""
    made: list[socket.socket] = []
    create = socket.create_connection

    def counted(*given: Any, **more: Any) -> socket.socket:
        made.append(create(*given, **more))
        return made[-1]

    monkeypatch.setattr(socket, "create_connection", counted)
    return made


def mailer_at(port: int) -> SmtpMailer:
    return SmtpMailer(NotificationSettings().load({"smtp_port": port, "sender": "no-reply@gov.example"}))


def test_letters_share_a_connection(tmp_path: Path, connections: list[Any]) -> None:
    with running_sink(tmp_path) as sink:
        mailer = mailer_at(sink.port)
        for name in ("zhang", "li", "wang"):
            mailer.send(letter(name))
        mailer.close()
        assert len(sink.letters()) == 3
    assert len(connections) == 1


def test_a_refused_letter_spoils_no_connection(tmp_path: Path, connections: list[Any]) -> None:
    with running_sink(tmp_path) as sink:
        mailer = mailer_at(sink.port)
        for name in ("permanent-failure", "content-refused"):
            with pytest.raises(NotSent):
                mailer.send(letter(name))
        mailer.send(letter("zhang"))
        mailer.close()
        assert len(sink.letters()) == 1
    assert len(connections) == 1


def test_a_connection_that_the_server_has_ended_is_replaced(tmp_path: Path, connections: list[Any]) -> None:
    with running_sink(tmp_path) as sink:
        mailer = mailer_at(sink.port)
        mailer.send(letter("zhang"))
        connections[0].shutdown(socket.SHUT_RDWR)
        mailer.send(letter("li"))
        mailer.close()
        assert len(sink.letters()) == 2
    assert len(connections) == 2


def test_a_connection_is_not_kept_for_long(
    tmp_path: Path, connections: list[Any], monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running_sink(tmp_path) as sink:
        mailer = mailer_at(sink.port)
        mailer.send(letter("zhang"))
        monkeypatch.setattr(
            "services.notification.messages.adapters.smtp_connections.LONGEST_IDLE_S", -LONGEST_IDLE_S)
        mailer.send(letter("li"))
        mailer.close()
    assert len(connections) == 2
