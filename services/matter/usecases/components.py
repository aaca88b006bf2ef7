"""The other components, with all that the use cases and the kinds of steps ask of them."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.matter.usecases.bootstrap import TemplateStore
from services.matter.usecases.kinds.check.ports import HeldLicences, Violations
from services.matter.usecases.kinds.deliver.ports import Couriers
from services.matter.usecases.kinds.issue_licence.ports import IssuedLicences
from services.matter.usecases.kinds.licence_types import LicenceTypes
from services.matter.usecases.kinds.notify.ports import Messages, Templates
from services.matter.usecases.kinds.pay.ports import PaymentCatalogue, Payments
from services.matter.usecases.kinds.work import Identity


class LicenceComponent(HeldLicences, IssuedLicences, LicenceTypes, Protocol):
    """All that is asked of elicence."""


class PaymentComponent(Payments, PaymentCatalogue, Protocol):
    """All that is asked of payment."""


class NotificationComponent(Messages, Templates, TemplateStore, Protocol):
    """All that is asked of notification."""


@dataclass(frozen=True)
class Components:
    identity: Identity
    licences: LicenceComponent
    payments: PaymentComponent
    notifications: NotificationComponent
    violations: Violations
    couriers: Couriers


class ComponentsFor(Protocol):
    def __call__(self, tenant: str) -> Components:
        """The components, asked in the name of a tenant and of no person."""
        ...
