"""Templates in the database."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session

from services.notification.templates.adapters.rows import key_values, template_facts, template_values, to_template
from services.notification.templates.domain.errors import TemplateUnknown
from services.notification.templates.domain.template import DEPARTMENT, Template, TemplateKey
from services.notification.templates.models import TemplateRow as Row
from services.notification.templates.usecases.list_templates import TemplatePage
from shared_components.db import hold_key
from shared_components.db.load_many import Columns, Lists, Reading, load_lists, open_found, open_row
from shared_components.kernel.calls import CallContext
from shared_components.kernel.ids import new_id
from shared_components.security.authority import Sealed

TABLE = cast(Table, Row.__table__)
ORDER = (TABLE.c.app, TABLE.c.template_code, TABLE.c.channel, TABLE.c.locale)
AFTER = ("after_app", "after_code", "after_channel", "after_locale")
READING = Reading(template_facts, to_template)


def _newest(asked: Columns) -> Select[Any]:
    query = select(TABLE).where(TABLE.c.tenant_id == asked["tenant"], TABLE.c.is_current)
    query = query.where(or_(TABLE.c.app == asked["owner"], TABLE.c.app == DEPARTMENT))
    if AFTER[0] in asked:
        query = query.where(tuple_(*ORDER) > tuple_(*(asked[name] for name in AFTER)))
    return query.order_by(*ORDER)


NEWEST = Lists(_newest)


class SqlTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Sealed[Template]]:
        return self._marked(TABLE.c.is_current, keys)

    def in_force(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Sealed[Template]]:
        return self._marked(TABLE.c.in_force, keys)

    def _marked(
        self, mark: ColumnElement[bool], keys: Collection[TemplateKey],
    ) -> dict[TemplateKey, Sealed[Template]]:
        if not keys:
            return {}
        wanted = sorted({(key.tenant, key.app, key.code, key.channel, key.locale) for key in keys})
        query = select(TABLE).where(mark, tuple_(TABLE.c.tenant_id, *ORDER).in_(wanted))
        return {
            TemplateKey(row.tenant_id, row.app, row.template_code, row.channel, row.locale): READING.seal(row)
            for row in self._session.execute(query)}

    def newest_alone(self, context: CallContext, key: TemplateKey) -> Template | None:
        self._hold(key)
        sealed = self.current([key]).get(key)
        return None if sealed is None else open_found(context, sealed, TemplateUnknown())

    def add(self, template: Template) -> None:
        self._unmark("is_current", template.key)
        if template.is_approved:
            self._unmark("in_force", template.key)
        row = {"template_id": new_id("tpl"), "is_current": True, "in_force": template.is_approved,
               **template_values(template)}
        self._session.execute(insert(TABLE).values(row))

    def version(self, context: CallContext, key: TemplateKey, version: int | None) -> Template | None:
        query = select(TABLE).filter_by(**key_values(key))
        query = query.where(TABLE.c.is_current if version is None else TABLE.c.version == version)
        row = self._session.execute(query).one_or_none()
        return None if row is None else open_row(context, READING.seal(row))

    def version_alone(self, context: CallContext, template: Template) -> Template:
        self._hold(template.key)
        found = self.version(context, template.key, template.version)
        if found is None:
            raise TemplateUnknown
        return found

    def approve(self, template: Template) -> None:
        # An older version that is approved late does not take the place of a newer one.
        newest = select(func.max(TABLE.c.version)).filter_by(**key_values(template.key)).where(TABLE.c.in_force)
        takes_effect = template.version > (self._session.execute(newest).scalar() or 0)
        if takes_effect:
            self._unmark("in_force", template.key)
        approved = update(TABLE).filter_by(**key_values(template.key)).where(TABLE.c.version == template.version)
        self._session.execute(approved.values(
            approved_by=template.approved_by, approved_at=template.approved_at, in_force=takes_effect))

    def _hold(self, key: TemplateKey) -> None:
        hold_key(self._session, "template", key.tenant, key.app, key.code, key.channel, key.locale)

    def _unmark(self, mark: str, key: TemplateKey) -> None:
        marked = update(TABLE).where(TABLE.c[mark]).filter_by(**key_values(key))
        self._session.execute(marked.values({mark: False}))

    def pages(self, asked: Sequence[tuple[CallContext, TemplatePage]]) -> list[list[Template]]:
        return load_lists(self._session, NEWEST, [
            (context, {"owner": page.owner, **dict(zip(AFTER, page.after or (None,) * len(AFTER), strict=True))},
             page.limit)
            for context, page in asked], READING)
