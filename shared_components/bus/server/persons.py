"""The person in whose session a call is made: proved by an app's token or a service's ticket, never stated."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from shared_components.bus.amqp import wire
from shared_components.bus.amqp.carried_proofs import REMOVED
from shared_components.bus.errors import ContextNotAllowed, MalformedMessage, ProofRemoved
from shared_components.kernel.acting import Acting, Ticket
from shared_components.kernel.bilingual import Bilingual


class Sender(NamedTuple):
    """caller: for whom the call is. via: the service that passes it on for an app, or None. department: of the app."""

    caller: str
    via: str | None
    department: str | None

    @property
    def user(self) -> str:
        """The name that the broker verified."""
        return self.via or self.caller


class Proof(NamedTuple):
    """A person, and for whom the call is: for the app, whoever passes it on.

    ticket: proves the person to further services; None where this service calls none.
    """

    caller: str
    via: str | None
    department: str | None
    acting: Acting
    ticket: Ticket | None = None


class Persons(Protocol):
    """Verifies what proves a person."""

    def message_arrived(self) -> None:
        """Forget what may have changed since the last message."""
        ...

    def of_token(self, token: str, sender: Sender) -> Proof:
        """Raises Unauthenticated, ContextNotAllowed, TooManyRequests."""
        ...

    def of_ticket(self, ticket: str, sender: Sender) -> Proof:
        """Raises Unauthenticated, ContextNotAllowed, TooManyRequests."""
        ...


class NoPersons:
    """The answer of a process without keys: it takes neither tokens nor tickets."""

    def message_arrived(self) -> None:
        """Do nothing: there is nothing to forget."""

    def of_token(self, token: str, sender: Sender) -> Proof:
        raise not_taken("token")

    def of_ticket(self, ticket: str, sender: Sender) -> Proof:
        raise not_taken("ticket")


def acting_person(given: Mapping[str, Any], sender: Sender, persons: Persons) -> Proof | None:
    """The person whom the context proves, or None where it has neither token nor ticket.

    Raises MalformedMessage, ProofRemoved, ContextNotAllowed, Unauthenticated, TooManyRequests.
    """
    token, ticket = given.get("token"), given.get("ticket")
    if token is None and ticket is None:
        return None
    if token is not None and ticket is not None:
        raise MalformedMessage(Bilingual(
            "call.context has a token and a ticket; one of the two is allowed",
            "调用上下文同时含有 token 和 ticket；只允许其中一项"))
    if REMOVED in (token, ticket):
        raise ProofRemoved
    if given.get("version") != wire.CONTEXT_VERSION:
        raise MalformedMessage(Bilingual(
            f"call.context.version is not '{wire.CONTEXT_VERSION}', which a context with a token or a ticket states",
            f"调用上下文含有 token 或 ticket 时，version 须为“{wire.CONTEXT_VERSION}”"))
    if token is not None:
        return _of_token(token, sender, persons)
    assert ticket is not None
    if sender.department is not None and sender.via is None:
        raise ContextNotAllowed(Bilingual(
            f"context.ticket is stated by '{sender.user}'; only services pass tickets on, an app sends its token",
            f"“{sender.user}”声明了 context.ticket；只有服务可以传递凭条，应用应发送 token"))
    return persons.of_ticket(ticket, sender)


def _of_token(token: str, sender: Sender, persons: Persons) -> Proof:
    if len(token) > wire.MAX_TOKEN_BYTES:
        raise MalformedMessage(Bilingual(
            f"call.context.token has {len(token)} bytes; at most {wire.MAX_TOKEN_BYTES} are allowed",
            f"call.context.token 为 {len(token)} 字节；最多允许 {wire.MAX_TOKEN_BYTES} 字节"))
    if sender.department is None or sender.via is not None:
        raise ContextNotAllowed(Bilingual(
            f"context.token is stated by '{sender.user}'; only an app sends one, at its first hop",
            f"“{sender.user}”声明了 context.token；只有应用可以在第一跳发送"))
    return persons.of_token(token, sender)


def not_taken(what: str) -> ContextNotAllowed:
    return ContextNotAllowed(Bilingual(
        f"context.{what} is not taken here: no key of its issuer is configured",
        f"此处不接受 context.{what}：未配置签发方的密钥"))
