"""A service that needs another one for its work."""
from __future__ import annotations

from typing import Any

from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from tests.faults.services.effects import EffectsProvider, note
from tests.faults.services.schemas import Keep, Kept
from tests.rules import OWN_THINGS


class Relay:
    name = "relay"
    transactions = EffectsProvider()

    @rpc_method(request=Keep, reply=Kept, callers=("operator",), mutating=True, own_transactions=True, **OWN_THINGS)
    def keep(self, transactions: Transactions, call: Call) -> Any:
        """Have the key kept by the till, under an operation id that follows from ours."""
        key = call.data["key"]
        note(f"relayed {key}")
        return transactions.client.with_context(call.context).till.keep(
            key=key, seconds=call.data["seconds"], op_id=f"relay:{call.context.op_id}", timeout_s=8)
