"""The other components, with all that the use cases and the kinds of steps ask of them."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.matter.cases.usecases.work import Identity
from services.matter.kinds.check.ports import HeldLicences, Registers
from services.matter.kinds.deliver.ports import Couriers
from services.matter.kinds.issue_licence.ports import IssuedLicences
from services.matter.kinds.licence_types import LicenceTypes
from services.matter.kinds.notify.ports import Messages, Templates, TemplateStore
from services.matter.kinds.pay.ports import PaymentCatalogue, Payments


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
    registers: Registers
    couriers: Couriers


class ComponentsFor(Protocol):
    def __call__(self, tenant: str) -> Components:
        """The components, asked in the name of a tenant and of no person."""
        ...
