"""Keeps keys, and tells: the service whose effects are counted."""
from __future__ import annotations

import time
from typing import Any

from shared_components.bus import rpc_method
from shared_components.contracts.registry import EventContract
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError, Conflict
from tests.faults.services.effects import EffectsProvider, EffectsTransaction, end_if_told, note
from tests.faults.services.schemas import Keep, Kept, Text
from tests.rules import OWN_THINGS

CALLERS = ("operator", "relay", "app")


class KeyRefused(Conflict):
    code = "till.key-refused"
    texts = {"en": "The key is refused.", "zh": "拒绝该键。"}


class Till:
    name = "till"
    emits = (EventContract("kept", Kept),)
    transactions = EffectsProvider()

    @rpc_method(request=Keep, reply=Kept, callers=CALLERS, mutating=True, errors=[KeyRefused], **OWN_THINGS)
    def keep(self, tx: EffectsTransaction, call: Call) -> Any:
        """Keep a key, alone in its transaction."""
        key, tenant, aggregate = call.data["key"], call.context.tenant, call.data["aggregate"]
        note(f"started {key} {time.time():.3f} {call.context.deadline_s or 0:.3f}")
        end_if_told(key)
        if key.startswith("refused"):
            raise KeyRefused("key is refused; any other is allowed")
        sequence = tx.next_sequence(tenant, aggregate) if aggregate else 0
        tx.add(tenant, key, aggregate, sequence)
        tx.tell(tenant, key, aggregate, sequence, fails=call.data["fails"])
        time.sleep(call.data["seconds"])
        return {"key": key, "aggregate": aggregate, "sequence": sequence}

    @rpc_method(request=Keep, reply=Kept, callers=CALLERS, mutating=True, bulk=True, errors=[KeyRefused], **OWN_THINGS)
    def keep_together(self, tx: EffectsTransaction, calls: list[Call]) -> list[Any | AppError]:
        """Keep keys, a whole group in one transaction."""
        good = [call for call in calls if not call.data["key"].startswith("refused")]
        for call in good:
            note(f"started {call.data['key']} {time.time():.3f} {call.context.deadline_s or 0:.3f}")
        if good:
            tx.add_all([(call.context.tenant, call.data["key"]) for call in good])
        for call in good:
            tx.tell(call.context.tenant, call.data["key"])
        return [{"key": call.data["key"], "aggregate": "", "sequence": 0} if call in good
                else KeyRefused("key is refused; any other is allowed") for call in calls]  # fmt: skip

    @rpc_method(request=Keep, reply=Kept, callers=CALLERS, mutating=True, **OWN_THINGS)
    def claim(self, tx: EffectsTransaction, call: Call) -> Any:
        """Claim a key; for the second who does, this fails with what nobody has foreseen."""
        tx.claim(call.context.tenant, call.data["key"])
        return {"key": call.data["key"], "aggregate": "", "sequence": 0}

    @rpc_method(request=Text, reply=Text, callers=CALLERS, **OWN_THINGS)
    def say(self, tx: EffectsTransaction, call: Call) -> Any:
        """Give back the text."""
        return call.data
