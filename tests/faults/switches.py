"""The proof that the laboratory sees: operation ids, inbox, outbox, a channel's breaker, verified callers, the check of
reply addresses, the quarantine, the seals of evidence, the confirmations of feeds, the leases of steps are turned off.

The only place that reads ZHONGTAI_FAULTS_OFF, and it is no part of what is shipped: `tests.faults.serve` applies it to
the bus from outside, so that the product neither pays for it nor can be talked into it.
"""
from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from unittest import mock

from services.matter.cases.domain import claiming
from services.matter.cases.usecases import at_once, engine
from shared_components.bus.amqp import caller_identity
from shared_components.bus.server import inbound, rpc_consumer
from shared_components.db import inbox, operations, outbox
from shared_components.evidence_log.sealing import Sealer
from shared_components.kernel import circuit_breaker as breaker
from shared_components.kernel.callers import OPERATOR
from shared_components.kernel.reply_addresses import NAMEKO
from tests.faults.services import rights

VARIABLE = "ZHONGTAI_FAULTS_OFF"


class SwitchRefused(ValueError):
    """The switch is set where it must not be, or to something unknown."""


def apply_switches(environment: str) -> list[str]:
    """Turn off what the variable names, separated by commas; gives their names. environment: of the configuration."""
    wanted = [name for name in os.environ.get(VARIABLE, "").split(",") if name]
    if wanted and environment == "production":
        raise SwitchRefused(f"{VARIABLE} is set and environment is 'production'; only 'development' is allowed")
    for name in wanted:
        if name not in _SWITCHES:
            raise SwitchRefused(f"{VARIABLE} names '{name}'; allowed are {', '.join(_SWITCHES)}")
        _SWITCHES[name]()
    return wanted


def _operations_off() -> None:
    operations.find = _find_nothing
    operations.record = _record_nothing


def _inbox_off() -> None:
    inbox.unseen = _all_unseen
    inbox.mark = _record_nothing


def _outbox_off() -> None:
    # What was committed is still published at once: what a naive service does.
    outbox.add = _store_nothing


def _find_nothing(session: Any, keys: Collection[Any]) -> dict[Any, Any]:
    return {}


def _all_unseen(session: Any, consumer: str, event_ids: Collection[str]) -> set[str]:
    return set(event_ids)


def _record_nothing(*_: Any, **__: Any) -> None:
    pass


def _store_nothing(session: Any, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [row["event_id"] for row in rows]


def _callers_off() -> None:
    """A caller is whoever could publish the key, as plain calls once were."""
    of = caller_identity.CallerIdentity.of
    caller_identity.CallerIdentity.of = (  # type: ignore[method-assign]
        lambda self, user, given: of(self, user or OPERATOR, given))


def _addresses_off() -> None:
    """Whatever a message says is written to."""
    rpc_consumer.node_of = inbound.node_of = lambda address: NAMEKO  # type: ignore[attr-defined, assignment]


def _quarantine_off() -> None:
    """Serve redelivered messages like all others."""
    rpc_consumer.RpcConsumer._set_apart = rpc_consumer.RpcConsumer._on_message  # type: ignore[method-assign]


def _breaker_off() -> None:
    breaker.IN_A_ROW, breaker.FAILING = 10**9, 2.0


def _evidence_off() -> None:
    """Records wait for ever; nothing is sealed."""
    Sealer.seal = lambda self, most=0: 0  # type: ignore[method-assign]


def _leases_off() -> None:
    """Claims never end: nobody takes up what a dead process had."""
    claim = claiming.claim
    for module in (at_once, engine):
        module.claim = lambda task, now, lease_s: claim(task, now, 10**8)  # type: ignore[attr-defined]


def _feeds_off() -> None:
    """A revocation is answered at once, whatever copies still have."""
    mock.patch.object(rights, "wait_until_confirmed", lambda *_: True).start()


_SWITCHES: dict[str, Callable[[], None]] = {
    "operations": _operations_off, "inbox": _inbox_off, "outbox": _outbox_off, "breaker": _breaker_off,
    "callers": _callers_off, "addresses": _addresses_off, "quarantine": _quarantine_off,
    "evidence": _evidence_off, "feeds": _feeds_off,
    "leases": _leases_off,
}  # fmt: skip
