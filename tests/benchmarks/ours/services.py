"""Services that are measured where no business work should be in the way."""
from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from shared_components.bus import TransactionProvider, TransactionScope, on_event, rpc_method
from shared_components.contracts import EventContract, Message
from shared_components.kernel.calls import Call, Event
from tests.benchmarks.lags import Lags
from tests.rules import OWN_THINGS

CALLERS = ("gateway", "app", "operator")


class Number(Message):
    a = fields.Integer(required=True)


class EchoService:
    """Gives back what it is given; validated both ways."""

    name = "echo"
    contract_version = "1.0"

    @rpc_method(request=Number, reply=Number, callers=CALLERS, bulk=True, public=True, **OWN_THINGS)
    def echo(self, tx: None, calls: list[Call]) -> list[Any]:
        """Give the number back."""
        return [call.data for call in calls]


class Sent(Message):
    """sent_at: seconds since 1970 at the load generator."""

    run = fields.String(required=True)
    sent_at = fields.Float(required=True)


class RunName(Message):
    run = fields.String(required=True)


class Handled(Message):
    count = fields.Integer(required=True)
    p50_ms = fields.Float(required=True)
    p99_ms = fields.Float(required=True)


class ScopeProvider(TransactionProvider):
    def make(self, scope: TransactionScope) -> TransactionScope:
        return scope


class EmitterService:
    """Each call is an event, in the outbox with the call's operation record."""

    name = "emitter"
    contract_version = "1.0"
    emits = (EventContract("sent", Sent, summary="Something was sent."),)
    transactions = ScopeProvider()

    @rpc_method(request=Sent, reply=Sent, callers=CALLERS, bulk=True, mutating=True, **OWN_THINGS)
    def publish(self, tx: TransactionScope, calls: list[Call]) -> list[Any]:
        """Publish an event."""
        for call in calls:
            tx.events.record("sent", aggregate=call.data["run"], tenant=call.context.tenant, data=call.data)
        return [call.data for call in calls]


class ListenerService:
    """Handles each event once: the mark in its inbox is what it commits."""

    name = "listener"
    contract_version = "1.0"
    transactions = ScopeProvider()
    lags = Lags()

    @on_event("emitter", "sent")
    def on_sent(self, tx: TransactionScope, event: Event) -> None:
        self.lags.note(event.data["run"], time.time() - event.data["sent_at"])

    @rpc_method(request=RunName, reply=Handled, callers=CALLERS, **OWN_THINGS)
    def handled(self, tx: TransactionScope, call: Call) -> Mapping[str, Any]:
        """How many events of a run were handled, and how long after they were sent."""
        return self.lags.summary(call.data["run"])


SERVICES: dict[str, type[Any]] = {
    service.name: service for service in (EchoService, EmitterService, ListenerService)
}
