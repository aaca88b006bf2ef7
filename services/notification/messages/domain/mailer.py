"""The port to a mail server."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from services.notification.messages.domain.message import Failure


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail. message_id: the same at each attempt."""

    message_id: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)


class NotSent(Exception):
    """The letter was not taken. provider_down: it is not this letter's fault, and the next one would fail too."""

    def __init__(self, failure: Failure, *, provider_down: bool = False) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.provider_down = provider_down


class Mailer(Protocol):
    def send(self, letter: Letter) -> None:
        """Hand the letter over to a mail server. Raises NotSent."""
        ...
