"""Settings of the engine."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.matter.cases.domain.recording import RetryPolicy
from services.matter.definitions.domain.kind_rules import Rules
from shared_components.kernel.return_addresses import ReturnAddresses
from shared_components.kernel.working_days import WorkingCalendar


@dataclass(frozen=True)
class EngineSettings:
    """lease_s: longer than the calls of one task can take together. return_addresses: for payers, by app.

    calendars: of departments with days of their own, by the name that definitions write.
    """

    rules: Rules
    calendar: WorkingCalendar
    retry: RetryPolicy
    lease_s: float = 90.0
    payment_poll_s: float = 300.0
    return_addresses: ReturnAddresses = field(default_factory=ReturnAddresses)
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)

    def calendar_of(self, name: str) -> WorkingCalendar:
        """The calendar that a definition names; the State Council's where it names none, or one that is gone."""
        return self.calendars.get(name, self.calendar)
