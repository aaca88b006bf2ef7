"""An app uses and sees its own templates and its department's, in one shared group with strangers."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.notification.templates.schemas import PutTemplate
from services.notification.templates.usecases.list_templates import ListTemplates, list_templates
from services.notification.templates.usecases.preview import Preview, preview
from services.notification.templates.usecases.put_template import put_template
from services.notification.transaction import SqlNotificationTransaction
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import PageView
from shared_components.security.authority import sealed as sealed_rows
from shared_components.security.authority.errors import RowHidden
from tests.unit.notification.test_who_sees_a_message import everywhere
from tests.unit.notification.world import RULES, World

DEPARTMENTS, OWNERS = ("police", "tax"), ("app-a", "app-b", "operator")


def context_of(caller: str, department: str, method: str) -> CallContext:
    return CallContext(caller, department, rule=RULES[method])


@pytest.fixture
def tx(world: World) -> Iterator[SqlNotificationTransaction]:
    """A transaction of all departments, each app and department with a template of its own name."""
    with everywhere(world) as tx:
        for department in DEPARTMENTS:
            for owner in OWNERS:
                put(tx, owner, department, code=f"of-{owner}", body=f"{department} {owner}")
        yield tx


def put(tx: SqlNotificationTransaction, owner: str, department: str, code: str, body: str) -> int:
    data = PutTemplate().load({"template_code": code, "channel": "inbox", "locale": "zh-CN", "body": body})
    return put_template(tx, data, context_of(owner, department, "put_template")).version


def seen_by(tx: SqlNotificationTransaction, caller: str, department: str) -> set[str]:
    seen = set()
    for owner in OWNERS:
        try:
            seen.add(preview(
                tx, Preview(f"of-{owner}", "inbox", "zh-CN", {}), context_of(caller, department, "preview")).body)
        except AppError:
            continue
    return seen


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_an_app_sees_its_own_and_the_departments_templates_and_a_service_the_departments(
    tx: SqlNotificationTransaction, department: str,
) -> None:
    callers = ("app-a", "app-b", "matter")
    pages = list_templates(tx, [
        Call(ListTemplates(100), context_of(caller, department, "list_templates")) for caller in callers])
    for caller, page in zip(callers, pages, strict=True):
        expected = {f"{department} operator"} | ({f"{department} {caller}"} if caller != "matter" else set())
        assert isinstance(page, PageView)
        assert {template.body for template in page.items} == expected == seen_by(tx, caller, department)


def test_pages_go_on_behind_the_last_template(tx: SqlNotificationTransaction) -> None:
    seen, after = [], None
    for _ in range(2):
        (page,) = list_templates(tx, [
            Call(ListTemplates(1, after), context_of("app-a", "police", "list_templates"))])
        assert isinstance(page, PageView)
        seen += [template.body for template in page.items]
        after = page.next
    assert (sorted(seen), after) == (["police app-a", "police operator"], None)


def test_a_new_version_is_of_the_own_template_only(tx: SqlNotificationTransaction) -> None:
    assert put(tx, "app-a", "police", "of-app-b", "mine") == 1
    assert put(tx, "app-b", "police", "of-app-b", "newer") == 2
    assert put(tx, "app-b", "tax", "of-app-b", "newer") == 2
    assert "mine" in seen_by(tx, "app-a", "police") and "mine" not in seen_by(tx, "app-b", "police")


def test_a_permit_and_not_the_statement_opens_a_template(
    tx: SqlNotificationTransaction, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise RowHidden

    monkeypatch.setattr(sealed_rows, "permit", refuse)
    assert seen_by(tx, "app-a", "police") == set()
    (page,) = list_templates(tx, [Call(ListTemplates(), context_of("app-a", "police", "list_templates"))])
    assert isinstance(page, PageView) and list(page.items) == []
