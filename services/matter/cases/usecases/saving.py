"""The part of a transaction that goes with every saved case: what begins, what is told, and what is issued."""
from __future__ import annotations

from typing import Protocol

from services.matter.cases.domain.ports import HasDocumentPlans
from services.matter.cases.usecases.at_once import AtOnceTx
from shared_components.kernel.transactions import HasEvents


class SavingTx(AtOnceTx, HasDocumentPlans, HasEvents, Protocol):
    """The part of a transaction that saving a case uses, beside the cases themselves."""
