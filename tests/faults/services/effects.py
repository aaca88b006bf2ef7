"""Tables of the laboratory's services: effects without any guard of their own, so that a second one is seen."""
from __future__ import annotations

import os
from typing import Any

from sqlalchemy import text

from shared_components.bus import TransactionProvider, TransactionScope
from shared_components.kernel.ids import new_id

NOTES = os.environ.get("FAULTS_NOTES", os.devnull)

_ADD = text(
    "INSERT INTO effects (id, tenant_id, key, aggregate, sequence) VALUES (:id, :tenant, :key, :aggregate, :sequence)")
_CLAIM = text("INSERT INTO claims (key, tenant_id) VALUES (:key, :tenant)")
_NEXT = text(
    "INSERT INTO counters (tenant_id, aggregate, value) VALUES (:tenant, :aggregate, 1) "
    "ON CONFLICT (aggregate) DO UPDATE SET value = counters.value + 1 RETURNING value")


def note(line: str) -> None:
    """Append a line, whole: also when the transaction is rolled back or the process is killed right after."""
    with open(NOTES, "a", buffering=1) as notes:
        notes.write(line + "\n")


def end_if_told(key: str) -> None:
    """End the process, as an error in a library's native code would."""
    if key.startswith("deadly"):
        os._exit(9)


class EffectsTransaction:
    def __init__(self, scope: TransactionScope) -> None:
        self._scope = scope

    def add(self, tenant: str, key: str, aggregate: str = "", sequence: int = 0) -> None:
        """There is no unique key on purpose: operations, inbox and outbox alone must keep it at one."""
        self.add_all([(tenant, key)], aggregate, sequence)

    def add_all(self, keys: list[tuple[str, str]], aggregate: str = "", sequence: int = 0) -> None:
        self._scope.session.execute(_ADD, [
            {"id": new_id("eff"), "tenant": tenant, "key": key, "aggregate": aggregate, "sequence": sequence}
            for tenant, key in keys
        ])  # fmt: skip

    def claim(self, tenant: str, key: str) -> None:
        """The second one for a key is an error of the database, whose text quotes the key."""
        self._scope.session.execute(_CLAIM, {"key": key, "tenant": tenant})

    def next_sequence(self, tenant: str, aggregate: str) -> int:
        """Locks the aggregate until the transaction ends."""
        found = self._scope.session.execute(_NEXT, {"tenant": tenant, "aggregate": aggregate})
        return int(found.scalar_one())

    def tell(self, tenant: str, key: str, aggregate: str = "", sequence: int = 0, **more: Any) -> None:
        self._scope.events.record(
            "kept", aggregate=aggregate or key, tenant=tenant, sequence=sequence,
            data={"key": key, "aggregate": aggregate, "sequence": sequence, **more})  # fmt: skip


class EffectsProvider(TransactionProvider):
    def make(self, scope: TransactionScope) -> EffectsTransaction:
        return EffectsTransaction(scope)
