"""The procedure by law of a case (行政许可法), beside the engine's state: its stage, its times, its limits.

Kept in `handling` of the case. Times are ISO 8601, UTC. A case that was submitted in an earlier release has none.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from services.matter.cases.domain.case import Case
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

RECEIVED, SUPPLEMENT, ACCEPTED, EXAMINED = "received", "supplement", "accepted", "examined"
GRANTED, DELIVERED = "granted", "delivered"
NOT_ACCEPTED, REFUSED, WITHDRAWN, TERMINATED = "not-accepted", "refused", "withdrawn", "terminated"
OPEN = (RECEIVED, SUPPLEMENT, ACCEPTED, EXAMINED, GRANTED)
UNDECIDED = (ACCEPTED, EXAMINED)

STAGE = StateMachine(
    "procedure",
    RECEIVED,
    [
        Edge(RECEIVED, SUPPLEMENT, "supplement-requested"),
        Edge(RECEIVED, ACCEPTED, "case-accepted"),
        Edge(SUPPLEMENT, ACCEPTED, "case-accepted"),
        Edge(RECEIVED, NOT_ACCEPTED, "case-decided"),
        Edge(SUPPLEMENT, NOT_ACCEPTED, "case-decided"),
        Edge(ACCEPTED, EXAMINED, "case-examined"),
        Edge(EXAMINED, GRANTED, "case-decided"),
        Edge(GRANTED, DELIVERED, "procedure-ended"),
        *(Edge(stage, REFUSED, "case-decided") for stage in (ACCEPTED, EXAMINED, GRANTED)),
        *(Edge(stage, WITHDRAWN, "procedure-ended") for stage in OPEN),
        *(Edge(stage, TERMINATED, "procedure-ended") for stage in OPEN),
    ],
    final=[DELIVERED, NOT_ACCEPTED, REFUSED, WITHDRAWN, TERMINATED],
)
"""Of a granted case a hand-over may yet be refused: what was issued is then taken back."""

STAGE_LABELS: Mapping[str, Bilingual] = {
    RECEIVED: Bilingual("Received", "已收件"),
    SUPPLEMENT: Bilingual("Supplement requested", "待补正"),
    ACCEPTED: Bilingual("Accepted", "已受理"),
    EXAMINED: Bilingual("Examined", "已审查"),
    GRANTED: Bilingual("Granted", "准予"),
    DELIVERED: Bilingual("Delivered", "已送达"),
    NOT_ACCEPTED: Bilingual("Not accepted", "不予受理"),
    REFUSED: Bilingual("Refused", "不予许可"),
    WITHDRAWN: Bilingual("Withdrawn", "已撤回"),
    TERMINATED: Bilingual("Terminated", "已终止"),
}

CAUSES: Mapping[str, Bilingual] = {
    "hearing": Bilingual("hearing", "听证"),
    "inspection": Bilingual("inspection, testing or quarantine", "检验、检测、检疫"),
    "expert-review": Bilingual("expert review", "专家评审"),
}
"""What stops the clock. Source: 行政许可法 article 45."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A time that does not count. expected_working_days: as the applicant was told."""

    cause: str
    begun_at: str
    expected_working_days: int
    ended_at: str | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension of the limits. approver: a subject. reason: the applicant was told it."""

    approver: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """deemed: accepted because nobody told of a supplement in time; accepted_at is then the day of receipt.

    promised_due_at, legal_due_at: None before the acceptance, while the clock stands, and where a year is not loaded.
    pending_year: the year that is needed and not loaded. told: limits whose warning or end was told.
    """

    stage: str
    received_at: str
    accepted_at: str | None = None
    deemed: bool = False
    examined_at: str | None = None
    decided_at: str | None = None
    ended_at: str | None = None
    stops: tuple[Stop, ...] = ()
    extension: Extension | None = None
    promised_due_at: str | None = None
    legal_due_at: str | None = None
    pending_year: int | None = None
    told: tuple[str, ...] = ()

    @classmethod
    def of(cls, case: Case) -> Procedure | None:
        kept: Mapping[str, Any] | None = case.handling.get("procedure")
        if kept is None:
            return None
        extension = kept.get("extension")
        return cls(**{
            **kept, "stops": tuple(Stop(**stop) for stop in kept.get("stops", ())),
            "extension": None if extension is None else Extension(**extension), "told": tuple(kept.get("told", ()))})

    def keep(self, case: Case) -> None:
        case.handling = {**case.handling, "procedure": asdict(self)}
        case.stage = self.stage

    def at_stage(self, target: str, now: datetime) -> tuple[Procedure, str]:
        """Give the procedure at another stage, and the event that the change emits. Raises IllegalTransition."""
        event = STAGE.move(self.stage, target)
        times: dict[str, Any] = {name: now.isoformat() for name in _TIMES.get(target, ())}
        return replace(self, stage=target, **times), event

    @property
    def stopped(self) -> Stop | None:
        """The stop that lasts; None while the clock runs."""
        return next((stop for stop in self.stops if stop.ended_at is None), None)

    @property
    def is_undecided(self) -> bool:
        return self.stage in UNDECIDED


def stopped_times(procedure: Procedure) -> Sequence[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(stop.begun_at), datetime.fromisoformat(stop.ended_at))
        for stop in procedure.stops if stop.ended_at is not None]


_TIMES: Mapping[str, Sequence[str]] = {
    EXAMINED: ("examined_at",), GRANTED: ("decided_at",), DELIVERED: ("ended_at",),
    NOT_ACCEPTED: ("decided_at", "ended_at"), REFUSED: ("decided_at", "ended_at"),
    WITHDRAWN: ("ended_at",), TERMINATED: ("ended_at",),
}
"""Which time is taken when a stage is reached."""
