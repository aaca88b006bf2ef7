"""A department (部门) of a realm's tree."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.identity.directory.domain import states
from services.identity.directory.domain.errors import DepartmentNotActive
from shared_components.kernel.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Department:
    """tenant, sandbox_tenant: the ids of its data, which never change. code: the realm's own number for it, unique.

    successor_id: the department that it was merged into. revision: counts its changes, from 1.
    """

    department_id: str
    realm_id: str
    parent_id: str | None
    name: str
    code: str | None
    credit_code: str | None
    tenant: str
    sandbox_tenant: str
    created_at: datetime
    state: str = states.ACTIVE
    successor_id: str | None = None
    revision: int = 1

    def require_active(self) -> Department:
        """The department itself. Raises DepartmentNotActive."""
        if self.state != states.ACTIVE:
            raise DepartmentNotActive(Bilingual(
                f"department {self.department_id} is '{self.state}'; only '{states.ACTIVE}' is allowed",
                f"部门 {self.department_id} 的状态为“{states.DEPARTMENT_LABELS[self.state]}”；只允许“正常”"))
        return self

    def renamed(self, name: str) -> Department:
        return replace(self.require_active(), name=name, revision=self.revision + 1)

    def with_credit_code(self, credit_code: str | None) -> Department:
        return replace(self.require_active(), credit_code=credit_code, revision=self.revision + 1)

    def moved_below(self, parent_id: str | None) -> Department:
        return replace(self.require_active(), parent_id=parent_id, revision=self.revision + 1)

    def merged_into(self, successor_id: str) -> Department:
        """Raises IllegalTransition."""
        states.DEPARTMENT.move(self.state, states.MERGED)
        return replace(self, state=states.MERGED, successor_id=successor_id, revision=self.revision + 1)

    def closed(self) -> Department:
        """Raises IllegalTransition."""
        states.DEPARTMENT.move(self.state, states.CLOSED)
        return replace(self, state=states.CLOSED, revision=self.revision + 1)
