"""What matter needs from the world. Replies of components are their contracts' JSON objects."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.matter.domain.case import Case
from services.matter.domain.definition import Definition
from services.matter.domain.recording import RetryPolicy
from services.matter.domain.working_days import WorkingCalendar
from shared_components.kernel.clock import Clock
from shared_components.kernel.events import Events
from shared_components.kernel.return_addresses import ReturnAddresses

Reply = Mapping[str, Any]


class Identity(Protocol):
    def subject_for_case(self, subject_id: str, purpose: str) -> Reply:
        """name, id_number, id_type, email, mobile, level, locale, kind. Raises NotFound."""
        ...


class Licences(Protocol):
    def of_holder(self, holder_subject: str, type_code: str) -> Sequence[Reply]:
        """The holder's licences of a type, in every state."""
        ...

    def issue(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def cancel(self, op_id: str, licence_id: str, reason: str) -> Reply: ...

    def has_type(self, type_code: str) -> bool: ...


class Payments(Protocol):
    def create_order(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def start(self, op_id: str, order_id: str, channel: str, return_url: str | None = None) -> Reply: ...

    def get_order(self, order_id: str) -> Reply: ...

    def close_order(self, op_id: str, order_id: str) -> Reply: ...

    def refund(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def get_refund(self, refund_id: str) -> Reply: ...

    def has_fee_item(self, item_code: str) -> bool: ...

    def channels(self) -> Sequence[str]:
        """The channels that are configured."""
        ...


class Notifications(Protocol):
    def send(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def put_template(self, op_id: str, template: Mapping[str, Any]) -> Reply: ...

    def unfilled(self, template_code: str, channel: str, values: Mapping[str, str]) -> Sequence[str] | None:
        """The template's required placeholders that the values do not fill; None when there is no such template."""
        ...


class Violations(Protocol):
    """The traffic authority's record of offences (交通违法)."""

    def unpaid(self, id_number: str) -> int:
        """How many are not settled. Raises Unavailable."""
        ...


class Couriers(Protocol):
    def dispatch(self, op_id: str, *, recipient_name: str, address: str) -> Reply:
        """{waybill}; the same op_id gives the same waybill. Raises Conflict when it does not go there."""
        ...


@dataclass(frozen=True)
class Components:
    identity: Identity
    licences: Licences
    payments: Payments
    notifications: Notifications
    violations: Violations
    couriers: Couriers


class ComponentsFor(Protocol):
    def __call__(self, tenant: str, subject: str | None) -> Components:
        """The components, asked in the name of a tenant and, where there is one, of a person."""
        ...


@dataclass(frozen=True)
class Published:
    """digest: of the definition's data, so that publishing the same again makes no new version."""

    definition: Definition
    digest: str
    published_at: datetime


class Definitions(Protocol):
    def latest(self, tenant: str, matter_code: str) -> Published | None: ...

    def latest_alone(self, tenant: str, matter_code: str) -> Published | None:
        """The same; until this transaction ends, nobody else reads it so, and adds one."""
        ...

    def version(self, tenant: str, matter_code: str, version: int) -> Definition:
        """Raises MatterNotFound."""
        ...

    def add(self, tenant: str, published: Published) -> None: ...

    def list_latest(self, tenant: str, *, after: str | None, limit: int) -> Sequence[Published]:
        """The newest versions, by matter code, of those behind `after`."""
        ...


@dataclass(frozen=True)
class CaseFilter:
    """apps: whose cases, None: of all; after: the id of the last case of the page before."""

    tenant: str
    apps: tuple[str, ...] | None = None
    applicant_subject: str | None = None
    matter_code: str | None = None
    state: str | None = None
    stuck: bool | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class OpenCase:
    case_id: str
    open_slot: int


class ObjectKey(Protocol):
    def __call__(self, tenant: str, kind: str, value: str) -> str:
        """A keyed hash by which equal objects are found; at most 64 characters."""
        ...


class Cases(Protocol):
    def add(self, case: Case) -> None: ...

    def get(self, tenant: str, case_id: str) -> Case:
        """Raises CaseNotFound."""
        ...

    def tenant_of(self, case_id: str) -> str:
        """The tenant that a case belongs to, asked over all tenants. Raises CaseNotFound."""
        ...

    def lock(self, tenant: str, case_id: str) -> Case:
        """The case, which nobody else may change until the transaction ends. Raises CaseNotFound."""
        ...

    def save(self, case: Case) -> None:
        """Write what has changed since it was locked."""
        ...

    def find(self, wanted: CaseFilter) -> Sequence[Case]:
        """Newest first."""
        ...

    def open_of(self, tenant: str, matter_code: str, applicant: str, object_key: str) -> Sequence[OpenCase]:
        """The cases that are open after their submission, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class DueTask:
    task_id: str
    case_id: str
    tenant: str


class DueTasks(Protocol):
    """What the engine has to look at, over all tenants."""

    def due(self, now: datetime, limit: int) -> Sequence[DueTask]: ...

    def put_off(self, task: DueTask, until: datetime) -> None:
        """Let no sweep take it up before; the task itself stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class CallbackRecord:
    key_id: str
    callback_id: str
    case_id: str
    step: str
    digest: str
    received_at: datetime


class Callbacks(Protocol):
    def find(self, tenant: str, key_id: str, callback_id: str) -> CallbackRecord | None: ...

    def add(self, tenant: str, record: CallbackRecord) -> None: ...


@dataclass(frozen=True)
class EngineSettings:
    """lease_s: longer than the calls of one task can take together. return_addresses: for payers, by app."""

    calendar: WorkingCalendar
    retry: RetryPolicy
    lease_s: float = 90.0
    payment_poll_s: float = 300.0
    return_addresses: ReturnAddresses = field(default_factory=ReturnAddresses)


@dataclass(frozen=True, slots=True)
class SignedCallback:
    """source: who signed, as the configuration names the key's owner. content: the signed body, read.

    tenants: whose cases the key may answer; None for every tenant's.
    """

    key_id: str
    source: str
    content: Mapping[str, Any]
    digest: str
    tenants: frozenset[str] | None = None

    def may_answer(self, tenant: str) -> bool:
        return self.tenants is None or tenant in self.tenants


class CallbackVerifier(Protocol):
    def __call__(self, *, key_id: str, timestamp: str, signature: str, body: str, at: datetime) -> SignedCallback:
        """Raises SignatureMissing, SignatureInvalid, SignatureExpired, CallbackInvalid."""
        ...


class MatterTransaction(Protocol):
    """One transaction."""

    @property
    def clock(self) -> Clock: ...

    @property
    def definitions(self) -> Definitions: ...

    @property
    def cases(self) -> Cases: ...

    @property
    def due_tasks(self) -> DueTasks: ...

    @property
    def callbacks(self) -> Callbacks: ...

    @property
    def events(self) -> Events: ...

    @property
    def object_key(self) -> ObjectKey: ...

    @property
    def engine(self) -> EngineSettings: ...

    @property
    def verify_callback(self) -> CallbackVerifier: ...


class MatterTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[MatterTransaction]:
        """tenant: None for the engine's own work over all of them."""
        ...
