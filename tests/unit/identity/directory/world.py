"""A realm `city` on a real database, and short ways to change its directory."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from services.gateway.adapters.app_directory import AppDirectory
from services.gateway.domain.apps import App
from services.identity.directory import schemas
from services.identity.directory.models import AppKeyRow
from services.identity.directory.usecases import departments, memberships, production, tree_changes, views
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.directory.usecases.issue_key import issue_app_key
from services.identity.directory.usecases.register_app import register_app
from services.identity.directory.usecases.revoke_key import revoke_app_key
from services.identity.subjects import schemas as subject_schemas
from services.identity.subjects import usecases as subject_usecases
from shared_components.contracts import Message
from shared_components.db import ALL_TENANTS
from shared_components.db.feeds import read_feed
from shared_components.db.feeds.messages import page_view
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.numbers import complete_resident_id
from tests.unit.gateway.fake_bus import Asked, FakeBus
from tests.unit.identity.worlds import SqlTransactions

REALM = "city"


class Directory:
    """Calls use cases as their entrypoints do: through the request's schema, each in a transaction."""

    def __init__(self, transactions: SqlTransactions, *, realm: str = REALM) -> None:
        self.transactions, self.realm = transactions, realm
        self._people = 0
        with transactions.begin("*") as tx:
            made = create_realm(tx, CreateRealm(realm, "示范市", "数据局"), CallContext("operator", realm))
            owner = made.department_id
        assert owner is not None
        self.owner = owner
        transactions.events.clear()

    def call(
        self, usecase: Callable[..., Any], schema: type[Message], /, *, caller: str = "operator",
        as_tenant: str | None = None, acting: Acting | None = None, **data: Any,
    ) -> Any:
        """as_tenant: the caller's. acting: the session in which the call is made."""
        tenant = as_tenant or self.realm
        with self.transactions.begin(tenant) as tx:
            return usecase(tx, schema().load(data), CallContext(caller, tenant, op_id="op-1", acting=acting))

    def add(self, name: str, parent: str | None = None, **more: Any) -> views.DepartmentView:
        view: views.DepartmentView = self.call(
            departments.add_department, schemas.AddDepartment, name=name, parent_id=parent, **more)
        return view

    def move(self, department: str, parent: str | None) -> views.DepartmentView:
        view: views.DepartmentView = self.call(
            tree_changes.move_department, schemas.MoveDepartment, department_id=department, parent_id=parent)
        return view

    def merge(self, department: str, successor: str) -> views.DepartmentView:
        view: views.DepartmentView = self.call(
            tree_changes.merge_department, schemas.MergeDepartment, department_id=department, successor_id=successor)
        return view

    def close(self, department: str) -> views.DepartmentView:
        view: views.DepartmentView = self.call(
            tree_changes.close_department, schemas.CloseDepartment, department_id=department)
        return view

    def register(self, app: str, department: str | None, **more: Any) -> views.IssuedKeyView:
        view: views.IssuedKeyView = self.call(register_app, schemas.RegisterApp, **{
            "app": app, "title": "示范应用", "department_id": department, **more})
        return view

    def issue(self, app: str, environment: str, **more: Any) -> views.IssuedKeyView:
        view: views.IssuedKeyView = self.call(
            issue_app_key, schemas.IssueAppKey, app=app, environment=environment, **more)
        return view

    def revoke(self, app: str, key_id: str, **more: Any) -> views.AppView:
        view: views.AppView = self.call(revoke_app_key, schemas.RevokeAppKey, app=app, key_id=key_id, **more)
        return view

    def ask(self, app: str, officer: str | None = None, **more: Any) -> views.AppView:
        view: views.AppView = self.call(
            production.request_production, schemas.RequestProduction, app=app, officer_id=officer, **more)
        return view

    def decide(self, app: str, officer: str, *, approve: bool = True, **more: Any) -> views.AppView:
        view: views.AppView = self.call(
            production.decide_production, schemas.DecideProduction, app=app, officer_id=officer, approve=approve,
            reason="符合要求", **more)
        return view

    def approve(self, app: str, department: str) -> views.AppView:
        """Production by the book: one officer asks, another one approves."""
        asking, deciding = self.person(), self.person()
        self.join(department, deciding, "approver")
        self.ask(app, asking)
        return self.decide(app, deciding)

    def person(self) -> str:
        self._people += 1
        number = complete_resident_id(f"33010619900101{self._people:03d}")
        view = self.call(
            subject_usecases.register_person, subject_schemas.RegisterPerson, name="林静", id_number=number)
        return str(view.subject_id)

    def join(self, department: str, subject: str, *roles: str, **more: Any) -> views.MembershipView:
        view: views.MembershipView = self.call(
            memberships.add_membership, schemas.AddMembership, department_id=department, subject_id=subject,
            roles=list(roles), **more)
        return view

    def doors(self) -> dict[str, App]:
        """Caller → how it may call, of every app that has a key that opens, as the gateway reads the feed."""
        bus = FakeBus({"identity.read_feed": self._serve})

        async def known() -> dict[str, App]:
            copy = AppDirectory(bus)
            found = [await copy.find(key) for key in self._all_keys()]
            return {entry[0].name: entry[0] for entry in found if entry is not None}

        return asyncio.run(known())

    def _serve(self, asked: Asked) -> dict[str, Any]:
        with self.transactions.database.transaction(ALL_TENANTS) as session:
            return page_view(read_feed(session, "directory", "gateway", asked.kwargs["from_n"], asked.kwargs["digest"]))

    def _all_keys(self) -> list[str]:
        with self.transactions.database.reading(ALL_TENANTS) as session:
            return list(session.scalars(select(AppKeyRow.key_hash)))

    def hashes(self) -> set[str]:
        return {key for door in self.doors().values() for key in door.keys_sha256}
