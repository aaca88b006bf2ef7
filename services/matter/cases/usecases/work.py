"""A claimed task and what it needs, detached from the database."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from services.matter.cases.domain import states
from services.matter.cases.domain.case import STEP, Case, Task
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.values import applicant_values, case_values
from services.matter.definitions.domain.model import Definition, Step
from shared_components.kernel.working_days import local_date

Reply = Mapping[str, Any]
"""A component's reply: its contract's JSON object."""


class Identity(Protocol):
    def subject_for_case(self, subject_id: str, purpose: str) -> Reply:
        """name, id_number, id_type, email, mobile, level, locale, kind. Raises NotFound."""
        ...


class HasIdentity(Protocol):
    @property
    def identity(self) -> Identity: ...


Components_co = TypeVar("Components_co", covariant=True, bound=HasIdentity)


@dataclass(frozen=True)
class Work(Generic[Components_co]):
    """at: when it was claimed; use `begun_at` for what goes into a request, since that is equal in every retry.

    traceparent: of the event that made it due.
    """

    case: Case
    task: Task
    definition: Definition
    components: Components_co
    settings: EngineSettings
    at: datetime
    traceparent: str | None = None

    @property
    def op_id(self) -> str:
        """The same in every retry: whoever asks again gets the first answer, and not a second effect."""
        return f"{self.case.id}:{self.task.name}:{self.task.attempt_group}"

    @property
    def begun_at(self) -> datetime:
        return self.task.started_at or self.at

    @property
    def step(self) -> Step:
        return self.definition.step(self.task.name)

    @property
    def stopping(self) -> bool:
        return self.case.state == states.COMPENSATING and self.task.role == STEP

    @property
    def purpose(self) -> str:
        return f"{self.definition.item_code} {self.case.id}"

    def applicant(self) -> Mapping[str, Any]:
        """The applicant as the case keeps it, else as identity gives it now."""
        if self.case.applicant is not None:
            return self.case.applicant
        given = self.components.identity.subject_for_case(self.case.applicant_subject, self.purpose)
        return {key: given.get(key) for key in KEPT}

    def values(self, applicant: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the step's expressions may read, equal in every retry."""
        return {
            **case_values(self.case, self.definition, self.settings.rules),
            **applicant_values(applicant, local_date(self.begun_at).isoformat())}

    def result_of(self, step: str) -> Mapping[str, Any]:
        return self.case.step(step).result


KEPT = ("kind", "name", "id_type", "id_number", "email", "level", "locale")
