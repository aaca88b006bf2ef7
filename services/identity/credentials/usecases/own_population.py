"""The population of the calling app's realm."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.identity.subjects.domain.ports import HasPopulations

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def population_of(tx: HasPopulations, context: CallContext) -> str:
    return tx.populations.of([context.tenant])[context.tenant]
