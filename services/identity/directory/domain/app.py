"""Apps (应用): client programs of a department, and what they may do."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.identity.directory.domain import states
from services.identity.directory.domain.access import Access
from services.identity.directory.domain.errors import AppNameTaken, AppNotActive, ProductionRequested
from services.identity.directory.domain.realm import SANDBOX
from shared_components.kernel.apps import SANDBOX_SUFFIX
from shared_components.kernel.bilingual import Bilingual

DEPARTMENT_APP, PORTAL, OFFICER_CONSOLE = "department", "portal", "officer"
KINDS = (DEPARTMENT_APP, PORTAL, OFFICER_CONSOLE)
APP_CODE = r"app-[a-z0-9][a-z0-9-]{0,27}"
"""Shorter than a caller's name may be: in the sandbox the name of the caller is longer."""


@dataclass(frozen=True, slots=True)
class App:
    """app: its name, unique over all realms, as the broker knows its user. draft: in force in the sandbox.

    tenant, sandbox_tenant: whose data it works on. They stay when its department is merged into another.

    approved: in force in production, None before the first approval. requested_by: an officer's subject id, or the
    caller's name when no officer was stated. broker_keys: environment → id of the key that is the password of the
    app's user of the broker; without an entry nobody has told.
    """

    app: str
    realm_id: str
    department_id: str
    tenant: str
    sandbox_tenant: str
    kind: str
    title: str
    created_at: datetime
    state: str = states.ACTIVE
    production: str = states.NONE
    draft: Access = field(default_factory=Access)
    approved: Access | None = None
    requested_by: str | None = None
    revision: int = 1
    broker_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state != states.CLOSED

    def require_active(self) -> App:
        """The app itself. Raises AppNotActive."""
        if self.state != states.ACTIVE:
            raise AppNotActive(Bilingual(
                f"app '{self.app}' is '{self.state}'; only '{states.ACTIVE}' is allowed",
                f"应用“{self.app}”的状态为“{states.APP_LABELS[self.state]}”；只允许“正常”"))
        return self

    def changed(self, title: str, draft: Access) -> App:
        """Raises AppNotActive, ProductionRequested."""
        if self.production == states.REQUESTED:
            raise ProductionRequested(Bilingual(
                f"app '{self.app}' waits for the decision on production; a change is allowed after it",
                f"应用“{self.app}”的生产开通申请待审批；审批后方可修改"))
        return replace(self.require_active(), title=title, draft=draft, revision=self.revision + 1)

    def asking(self, requested_by: str) -> App:
        """Raises AppNotActive, ClientInvalid, IllegalTransition."""
        states.PRODUCTION.move(self.require_active().production, states.REQUESTED)
        self.draft.require_for_production()
        return replace(self, production=states.REQUESTED, requested_by=requested_by, revision=self.revision + 1)

    def decided(self, approve: bool) -> App:
        """The app after the decision; a refusal leaves what was approved before.

        Raises AppNotActive, IllegalTransition.
        """
        approved = self.require_active().draft if approve else self.approved
        target = states.NONE if approved is None else states.APPROVED
        states.PRODUCTION.move(self.production, target)
        return replace(self, production=target, approved=approved, revision=self.revision + 1)

    def in_state(self, state: str) -> App:
        """Raises IllegalTransition."""
        states.APP.move(self.state, state)
        return replace(self, state=state, revision=self.revision + 1)

    def moved_to(self, department_id: str) -> App:
        """The app in the department that its own was merged into."""
        return replace(self, department_id=department_id, revision=self.revision + 1)

    def tenant_in(self, environment: str) -> str:
        return self.sandbox_tenant if environment == SANDBOX else self.tenant

    def access_in(self, environment: str) -> Access | None:
        """Access of its keys there; None: they open nothing."""
        return self.draft if environment == SANDBOX else self.approved

    def known_to_broker(self, environment: str, key_id: str) -> App:
        """The app whose user of the broker has this key as its password now."""
        return replace(self, broker_keys={**self.broker_keys, environment: key_id})

    def touched(self) -> App:
        """The app after a change of its keys."""
        return replace(self, revision=self.revision + 1)


def require_app_name(name: str) -> str:
    """The name itself. Raises AppNameTaken for one that ends as callers of the sandbox do."""
    if name.endswith(SANDBOX_SUFFIX):
        raise AppNameTaken(Bilingual(
            f"app is '{name}'; names that end with {SANDBOX_SUFFIX} are those of the sandbox",
            f"应用名称为“{name}”；以 {SANDBOX_SUFFIX} 结尾的名称供沙箱使用"))
    return name


def caller_name(app: str, environment: str) -> str:
    """The name under which an app calls. Operation ids and rows of the sandbox never meet those of production."""
    return app + SANDBOX_SUFFIX if environment == SANDBOX else app


def app_of_caller(caller: str) -> str:
    return caller.removesuffix(SANDBOX_SUFFIX)
