"""Model-based test of the directory: merging and closing in any order, keys issued and revoked in any order."""
from __future__ import annotations

import random

import pytest

from services.identity.directory import schemas
from services.identity.directory.domain.app import App
from services.identity.directory.domain.app_key import key_hash
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.tree import Tree
from services.identity.directory.usecases.close_app import close_app
from shared_components.db import ALL_TENANTS
from shared_components.kernel.errors import AppError
from tests.unit.identity.directory.world import Directory

STEPS = 60


class Model:
    """Remembers what was promised: tenant ids, and which keys open. Chooses steps among what there is."""

    def __init__(self, directory: Directory, seed: int) -> None:
        self.directory, self.random = directory, random.Random(seed)
        self.tenants: dict[str, str] = {}
        self.opening: dict[str, dict[str, str]] = {}
        self.revoked: set[str] = set()
        self.done: set[str] = set()
        for _ in range(4):
            self.add()

    def step(self) -> None:
        steps = [self.add] * 3 + [self.register] * 3 + [self.move, self.merge, self.close, self.close]
        steps += [self.issue, self.issue, self.revoke, self.close_app]
        chosen = self.random.choice(steps)
        try:
            chosen()
            self.done.add(chosen.__name__)
        except AppError:
            pass

    def add(self) -> None:
        view = self.directory.add(f"部门{len(self.tenants)}", self._any_department())
        self.tenants[view.department_id] = view.tenant

    def move(self) -> None:
        self.directory.move(self._any_department(), self._any_department())

    def merge(self) -> None:
        self.directory.merge(self._any_department(), self._any_department())

    def close(self) -> None:
        department = self._any_department()
        mine = [app.app for app in self.apps() if app.department_id == department]
        self.directory.close(department)
        for app in mine:
            self._closed(app)

    def register(self) -> None:
        name = f"app-{len(self.opening)}"
        issued = self.directory.register(name, self._any_department())
        self.opening[name] = {issued.key_id: key_hash(issued.key)}

    def issue(self) -> None:
        app = self._any_app()
        issued = self.directory.issue(app, "sandbox")
        self.opening[app][issued.key_id] = key_hash(issued.key)

    def revoke(self) -> None:
        app = self._any_app()
        key_id = self.random.choice(list(self.opening.get(app, ())) or ["key_unknown"])
        self.directory.revoke(app, key_id)
        self.revoked.add(self.opening[app].pop(key_id))

    def close_app(self) -> None:
        app = self._any_app()
        self.directory.call(close_app, schemas.ByApp, app=app)
        self._closed(app)

    def departments(self) -> dict[str, Department]:
        with self.directory.transactions.begin(ALL_TENANTS[0]) as tx:
            return {each.department_id: each for each in tx.departments.active("city")}

    def apps(self) -> list[App]:
        with self.directory.transactions.begin(ALL_TENANTS[0]) as tx:
            return [app for department in self.tenants for app in tx.apps.open_of("city", department)]

    def _any_department(self) -> str:
        known = [*self.tenants, self.directory.owner]
        return self.random.choice(known if self.random.random() < 0.2 else list(self.departments()))

    def _any_app(self) -> str:
        known = [app for app, keys in self.opening.items() if keys or self.random.random() < 0.2]
        return self.random.choice(known or ["app-unknown"])

    def _closed(self, app: str) -> None:
        self.revoked |= set(self.opening[app].values())
        self.opening[app] = {}


def check(model: Model) -> None:
    departments = model.departments()
    tree = Tree({each.department_id: each.parent_id for each in departments.values()})
    for department in departments.values():
        assert set(tree.above(department.department_id)) <= set(departments), "a tree of active departments"
        assert department.tenant == model.tenants.get(department.department_id, department.tenant)
    assert {app.department_id for app in model.apps()} <= set(departments), "no app without a department"
    opening = {key for keys in model.opening.values() for key in keys.values()}
    found = model.directory.hashes()
    assert found == opening and not found & model.revoked, "a revoked key never opens"
    with model.directory.transactions.begin(ALL_TENANTS[0]) as tx:
        for tenant in model.tenants.values():
            owner = tx.departments.owner_of("city", tenant)
            found_owner = None if owner is None else tx.departments.get("city", owner)
            assert found_owner is not None and found_owner.state != "merged", "a successor owns what was merged"


@pytest.mark.parametrize("seed", range(4))
def test_the_directory_keeps_its_promises_in_any_order(directory: Directory, seed: int) -> None:
    model = Model(directory, seed)
    for _ in range(STEPS):
        model.step()
        check(model)
    assert len(model.done) >= 6, f"the walk did {sorted(model.done)} only"
