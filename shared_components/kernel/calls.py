"""Arguments of handlers: a call with its context, or an event."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple

from shared_components.kernel.acting import CITIZEN, Acting, Ticket
from shared_components.kernel.apps import BEFORE_APPS, is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Forbidden
from shared_components.kernel.method_rules import MethodRule

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Command = TypeVar("Command", default=Any)
else:
    from typing import TypeVar

    Command = TypeVar("Command")


class AppNotAllowed(Forbidden):
    """Only the gateway passes calls on for apps, and only services make things for them."""

    code = "bus.app-not-allowed"
    texts = {"en": "The caller may not act for this app.", "zh": "调用方不得代表该应用。"}


# Tuples, because one of each is made for every call, and a frozen dataclass takes twice as long to make.
class CallContext(NamedTuple):
    """The caller of a call, for whom it acts, and its deadline.

    caller: the authenticated name of the calling service or app.
    via: the service that passes a call on for its caller (the gateway, for an app over HTTP); None: it came directly.
    department: of the calling app; None for services and operators.
    acting: the person in whose session the call is made, from a verified token or ticket; None: work without a person.
    purpose: item code or case.
    ticket: proves `acting` to other services; None: nobody acts, or the service calls no others.
    rule: of the method that is called; None: the method states none, or no method is called.
    tenant: the department whose data is meant; from the caller's credential, never from the request.
    op_id: the operation id; present on every mutating call.
    deadline_s: epoch seconds (UTC) after which nobody waits for the reply.
    traceparent: W3C trace context.
    """

    caller: str
    tenant: str
    op_id: str | None = None
    deadline_s: float | None = None
    locale: str = "zh-CN"
    traceparent: str | None = None
    department: str | None = None
    via: str | None = None
    acting: Acting | None = None
    purpose: str | None = None
    ticket: Ticket | None = None
    rule: MethodRule | None = None

    @property
    def subject(self) -> str | None:
        """The person who acts, or the principal; None where no person acts."""
        return None if self.acting is None else self.acting.holder

    @property
    def citizen(self) -> str | None:
        """The citizen whose things alone the call is about; None where an officer or nobody acts."""
        acting = self.acting
        return acting.holder if acting is not None and acting.kind == CITIZEN else None

    @property
    def sender(self) -> str:
        """The name that the broker verified. It decides which methods are open; `caller` decides whose rows are."""
        return self.via or self.caller

    @property
    def makers(self) -> tuple[str, ...] | None:
        """Whose rows the call may reach, by who made them; None: all of the tenant (services and operators).

        An app reaches its own rows, and those that were made before apps over HTTP had names of their own.
        """
        return (self.caller, BEFORE_APPS) if is_app(self.caller) else None

    def reaches(self, maker: str | None) -> bool:
        """Whether the call may reach a row that `maker` made."""
        makers = self.makers
        return makers is None or maker in makers

    def maker(self, app: str | None) -> str:
        """Give the app or service that a new row belongs to.

        app: the app that the caller names; an app makes rows for itself alone.

        Raises AppNotAllowed.
        """
        if app is None or app == self.caller:
            return self.caller
        if is_app(self.caller):
            raise AppNotAllowed(Bilingual(
                f"app is '{app}'; caller '{self.caller}' makes things for itself only",
                f"app 为“{app}”；调用方“{self.caller}”只能为自己办理"))
        return app


class Call(NamedTuple, Generic[Command]):
    """data: the validated request as its schema loads it: the schema's command, or a dict where it names none."""

    data: Command
    context: CallContext


@dataclass(frozen=True)
class Event:
    """Something that happened in a service, once it was committed.

    aggregate: id of the thing it happened to; sequence: its order within that thing (1, 2, …), 0 if unordered.
    """

    id: str
    type: str
    source: str
    occurred_at: datetime
    aggregate: str
    tenant: str
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    sequence: int = 0
    traceparent: str | None = None
