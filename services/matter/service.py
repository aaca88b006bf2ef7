"""The service class: name, version, events, and the mixins of its topics."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from services.matter.cases.adapters.merged_applicants import APPLICANTS
from services.matter.cases.entrypoints import CaseEntrypoints
from services.matter.cases.scheduled import CaseSchedule
from services.matter.cases.schemas.events import EVENTS as CASE_EVENTS
from services.matter.cases.usecases.kind import Kinds, Subscription, Told
from services.matter.definitions.entrypoints import MatterEntrypoints
from services.matter.documents.entrypoints import DocumentEntrypoints
from services.matter.kinds.registry import KINDS
from services.matter.materials.entrypoints import MaterialEntrypoints
from services.matter.providers import MatterProvider
from services.matter.publishing.entrypoints import PublishingEntrypoints
from services.matter.publishing.scheduled import PublishingSchedule
from services.matter.ratings.entrypoints import RatingEntrypoints
from services.matter.ratings.schemas import EVENTS as RATING_EVENTS
from services.matter.steps.entrypoints import StepEntrypoints
from services.matter.tasks.entrypoints import LimitEntrypoints, SteeringEntrypoints, TaskEntrypoints
from services.matter.transaction import SqlMatterTransaction
from shared_components.bus import on_event
from shared_components.bus.server.directory_following import DirectoryFollowing
from shared_components.bus.server.evidence_sealing import EvidenceSealing
from shared_components.bus.server.subject_merging import SubjectMerging
from shared_components.configuration.calendars import missing_year
from shared_components.evidence_log.events import EVIDENCE_SEALED
from shared_components.kernel.calls import Event


class MatterService(
    MatterEntrypoints, CaseEntrypoints, CaseSchedule, StepEntrypoints, TaskEntrypoints, SteeringEntrypoints,
    LimitEntrypoints, MaterialEntrypoints, DocumentEntrypoints, RatingEntrypoints,
    PublishingEntrypoints, PublishingSchedule, EvidenceSealing, SubjectMerging, DirectoryFollowing,
):
    """Carries a citizen's case through the other components, step by step."""

    name = "matter"
    summary_zh = "按事项定义逐步办理群众和企业的申请，串联其他组件。"
    contract_version = "4.0"
    tickets = ("gateway",)
    calls = ("elicence", "identity", "notification", "payment")
    emits = (*CASE_EVENTS, *RATING_EVENTS, EVIDENCE_SEALED)
    names_subjects = (APPLICANTS,)
    transactions = MatterProvider()

    @staticmethod
    def status_warnings(
        configuration: Mapping[str, Any], settings: Mapping[str, Any], today: date,
    ) -> Sequence[str]:
        """Warn, from 1 October, when the working days of the next year are not loaded."""
        return missing_year(configuration, settings.get("calendar_years", ()), today)


def _serve_events_of_kinds(service: type[MatterService], kinds: Kinds[Any]) -> None:
    """Add a handler for each event that a kind of step takes; each has a queue of its own."""
    for subscription in kinds.subscriptions:
        subscribe = on_event(subscription.source, subscription.event_type, bulk=True)
        setattr(service, subscription.handler, subscribe(_handler(subscription)))


def _handler(subscription: Subscription) -> Callable[[MatterService, SqlMatterTransaction, Sequence[Event]], None]:
    def handle(self: MatterService, tx: SqlMatterTransaction, events: Sequence[Event]) -> None:
        subscription.take(tx, [Told(event.tenant, event.data, event.traceparent) for event in events])

    handle.__name__ = subscription.handler
    handle.__qualname__ = f"{MatterService.__name__}.{subscription.handler}"
    handle.__doc__ = subscription.take.__doc__
    return handle


_serve_events_of_kinds(MatterService, KINDS)
