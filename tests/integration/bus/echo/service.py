"""Small services on our bus. `note` writes what was begun; the table `effects` holds what was committed."""
from __future__ import annotations

import os
import time
from typing import Any

from marshmallow import fields
from sqlalchemy import text

from shared_components.bus import TransactionProvider, Transactions, TransactionScope, every, on_event, rpc_method
from shared_components.contracts.base import Message
from shared_components.contracts.registry import EventContract
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import Conflict
from shared_components.kernel.ids import new_id
from tests.integration.bus_harness import note
from tests.rules import OWN_THINGS

EFFECTS = os.environ.get("BUS_TEST_EFFECTS", os.devnull)
# Work on this key takes longer than any test: only in the process that is told so.
LONG = os.environ.get("BUS_TEST_LONG")
# Work on the key `gated` goes on when this file is there.
GATE = os.environ.get("BUS_TEST_GATE", os.devnull)
CALLERS = ("operator", "relay", "app")


class Value(Message):
    value = fields.String(required=True)


class Keep(Message):
    key = fields.String(required=True)
    seconds = fields.Float(load_default=0.0)


class Kept(Message):
    key = fields.String(required=True)


class Nothing(Message):
    pass


class Who(Message):
    caller = fields.String()
    tenant = fields.String()


class EchoTransaction:
    def __init__(self, scope: TransactionScope) -> None:
        self.scope = scope

    def add(self, tenant: str, key: str) -> None:
        self.scope.session.execute(
            text("INSERT INTO effects (id, tenant_id, key) VALUES (:id, :tenant, :key)"),
            {"id": new_id("eff"), "tenant": tenant, "key": key},
        )


class EchoProvider(TransactionProvider):
    def make(self, scope: TransactionScope) -> EchoTransaction:
        return EchoTransaction(scope)


class Refused(Conflict):
    code = "echo.refused"


class Echo:
    """Answers what it is asked, and keeps what it is told."""

    name = "echo"
    emits = (EventContract("kept", Kept), EventContract("unheard", Kept))
    transactions = EchoProvider()

    @rpc_method(request=Value, reply=Value, callers=CALLERS, **OWN_THINGS)
    def echo(self, tx: EchoTransaction, call: Call) -> Any:
        """Give back the value."""
        note(EFFECTS, f"echo {call.data['value']}")
        return call.data

    @rpc_method(request=Keep, reply=Kept, callers=CALLERS, errors=[Refused], mutating=True, **OWN_THINGS)
    def keep(self, tx: EchoTransaction, call: Call) -> Any:
        """Keep a key, and tell everybody."""
        key, tenant = call.data["key"], call.context.tenant
        note(EFFECTS, f"started {key}")
        time.sleep(60 if key == LONG else call.data["seconds"])
        while key == "gated" and not os.path.exists(GATE):
            time.sleep(0.02)
        if key.startswith("refused"):
            raise Refused(f"key {key} is refused")
        tx.add(tenant, key)
        tx.scope.events.record("kept", aggregate=key, tenant=tenant, data={"key": key})
        note(EFFECTS, f"done {key}")
        return {"key": key}

    @rpc_method(request=Keep, reply=Kept, callers=CALLERS, mutating=True, **OWN_THINGS)
    def tell(self, tx: EchoTransaction, call: Call) -> Any:
        """Record an event that nobody is bound to."""
        tx.scope.events.record(
            "unheard", aggregate=call.data["key"], tenant=call.context.tenant, data={"key": call.data["key"]})
        return {"key": call.data["key"]}

    @rpc_method(request=Nothing, reply=Who, callers=CALLERS, **OWN_THINGS)
    def who(self, tx: EchoTransaction, call: Call) -> Any:
        """Say who is calling."""
        return {"caller": call.context.caller, "tenant": call.context.tenant}

    @rpc_method(request=Value, reply=Value, callers=CALLERS, **OWN_THINGS)
    def crash(self, tx: EchoTransaction, call: Call) -> Any:
        """Fail in a way that nobody has thought of."""
        raise RuntimeError(f"cannot read {call.data['value']!r}")

    @rpc_method(request=Nothing, reply=Who, callers=("nobody",), **OWN_THINGS)
    def closed(self, tx: EchoTransaction, call: Call) -> Any:
        """Open to nobody."""
        return {}


class Slow(Echo):
    """The same with a single worker: what waits, waits."""

    name = "slow"
    transactions = EchoProvider()


class Relay:
    """Calls another service."""

    name = "relay"
    transactions = EchoProvider()

    @rpc_method(request=Keep, reply=Kept, callers=CALLERS, own_transactions=True, **OWN_THINGS)
    def relay(self, transactions: Transactions, call: Call) -> Any:
        """Have the key kept by echo."""
        note(EFFECTS, f"relaying {call.data['key']}")
        return transactions.client.with_context(call.context).echo.keep(
            key=call.data["key"], seconds=call.data["seconds"], op_id=f"relay-{call.data['key']}", timeout_s=30)


class Listener:
    """Hears what echo has kept. A key with `-fails-N-` fails N times; a transaction is tried twice a delivery."""

    name = "listener"
    transactions = EchoProvider()

    @on_event("echo", "kept")
    def on_kept(self, tx: EchoTransaction, event: Event) -> None:
        key = event.data["key"]
        tx.add(event.tenant, key)
        _fail_as_told(f"heard {key}", key)

    @every(seconds=0.2)
    def tick(self, transactions: Transactions) -> None:
        note(EFFECTS, f"tick of {os.getpid()}")


class Ordered:
    """Hears the same in order. A key with `-fails-N-` fails N times; a transaction is tried twice a delivery."""

    name = "ordered"
    transactions = EchoProvider()

    @on_event("echo", "kept", ordered=True)
    def on_kept(self, tx: EchoTransaction, event: Event) -> None:
        key = event.data["key"]
        _fail_as_told(f"in order {key}", key)
        tx.add(event.tenant, key)
        note(EFFECTS, f"done in order {key}")


def _fail_as_told(line: str, key: str) -> None:
    note(EFFECTS, line)
    if "-fails-" in key:
        failures = int(key.partition("-fails-")[2].partition("-")[0])
        with open(EFFECTS) as effects:
            heard = effects.read().splitlines().count(line)
        if heard <= failures:
            raise RuntimeError("the handler fails")


SERVICES = {service.name: service for service in (Echo, Slow, Relay, Listener, Ordered)}
