"""Lets files be read, and records who read them: the service whose evidence is attacked."""
from __future__ import annotations

from typing import Any

from shared_components.bus import TransactionProvider, TransactionScope, rpc_method
from shared_components.bus.server.evidence_sealing import EvidenceSealing
from shared_components.evidence_log import EvidenceRecorder
from shared_components.evidence_log.events import EVIDENCE_SEALED
from shared_components.kernel.calls import Call
from shared_components.kernel.evidence import EvidenceTx
from tests.faults.services.schemas import Text
from tests.rules import OWN_THINGS


class RegistrarTransaction:
    """Satisfies EvidenceTx."""

    def __init__(self, scope: TransactionScope) -> None:
        self.record_evidence = EvidenceRecorder(scope, Registrar.name).record_evidence


class RegistrarProvider(TransactionProvider):
    def make(self, scope: TransactionScope) -> EvidenceTx:
        return RegistrarTransaction(scope)


class Registrar(EvidenceSealing):
    name = "registrar"
    emits = (EVIDENCE_SEALED,)
    transactions = RegistrarProvider()

    @rpc_method(request=Text, reply=Text, callers=("operator",), mutating=True, **OWN_THINGS)
    def read_file(self, tx: EvidenceTx, call: Call) -> Any:
        """Give a file to its reader, and record it in the log of the caller's tenant."""
        tx.record_evidence(call.context, owner=call.context.tenant, action="file.read", about=call.data["text"])
        return call.data
