"""Settings of the engine."""
from __future__ import annotations

from dataclasses import dataclass, field

from services.matter.cases.domain.recording import RetryPolicy
from services.matter.definitions.domain.kind_rules import Rules
from shared_components.kernel.return_addresses import ReturnAddresses
from shared_components.kernel.working_days import WorkingCalendar


@dataclass(frozen=True)
class EngineSettings:
    """lease_s: longer than the calls of one task can take together. return_addresses: for payers, by app."""

    rules: Rules
    calendar: WorkingCalendar
    retry: RetryPolicy
    lease_s: float = 90.0
    payment_poll_s: float = 300.0
    return_addresses: ReturnAddresses = field(default_factory=ReturnAddresses)
