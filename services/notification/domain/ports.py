"""What the use cases need from outside."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notification.domain.messages import Failure, Message
from services.notification.domain.templates import Template, TemplateKey
from shared_components.kernel.clock import Clock
from shared_components.kernel.events import Events


class Templates(Protocol):
    def current(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Template]:
        """The newest version under each of the keys that there are, in one query."""
        ...

    def newest_alone(self, key: TemplateKey) -> Template | None:
        """The newest version; until this transaction ends, nobody else reads it so, and adds one."""
        ...

    def add(self, template: Template) -> None:
        """Keep it as the newest version under its key."""
        ...

    def listed(
        self, tenant: str, apps: Collection[str], *, after: tuple[str, str, str, str] | None, limit: int,
    ) -> list[Template]:
        """The newest version of these apps' templates behind `after`, by app, code, channel and locale."""
        ...


@dataclass(frozen=True, slots=True)
class Filter:
    """Of whose messages: None is all. after: the id of the last message of the page before.

    apps: whom a message belongs to. told: also those that belong to no app, which are for the person alone.
    """

    apps: tuple[str, ...] | None = None
    told: bool = False

    reference: str | None = None
    recipient_subject: str | None = None
    channel: str | None = None
    after: str | None = None
    limit: int = 100


class Messages(Protocol):
    def add(self, messages: Sequence[Message]) -> None: ...

    def get(self, tenant: str, message_id: str) -> Message | None: ...

    def outline(self, tenant: str, message_id: str) -> Message | None:
        """The message without what is encrypted: no address, no subject, an empty body."""
        ...

    def put_off(self, tenant: str, message_id: str, until: datetime) -> None:
        """Let no sweep take it up before; its state stays."""
        ...

    def find(self, tenant: str, wanted: Filter) -> list[Message]:
        """Newest first."""
        ...

    def count_unread(self, tenant: str, wanted: Filter) -> int:
        """Of the whole inbox of `wanted`, whichever page that is."""
        ...

    def save(self, before: Message, after: Message) -> bool:
        """Write the changed state; False when another has changed the message since `before` was read."""
        ...

    def due(self, at: datetime, limit: int) -> list[tuple[str, str]]:
        """(tenant, message id) of what a sweep should take up, of every tenant, longest waiting first."""
        ...


class NotificationTransaction(Protocol):
    """One transaction."""

    @property
    def templates(self) -> Templates: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def events(self) -> Events: ...

    @property
    def clock(self) -> Clock: ...


class BeginTransaction(Protocol):
    """Opens one short transaction for a tenant (`*`: the platform's own work)."""

    def __call__(self, tenant: str) -> AbstractContextManager[NotificationTransaction]: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail. message_id: the same at each attempt."""

    message_id: str
    address: str
    subject: str
    body: str


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
