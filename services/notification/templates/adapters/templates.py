"""Templates in the database."""
from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from services.notification.templates.adapters.rows import key_values, template_values, to_template
from services.notification.templates.domain.template import Template, TemplateKey
from services.notification.templates.models import TemplateRow as Row
from services.notification.templates.usecases.list_templates import Position
from shared_components.db import hold_key
from shared_components.kernel.ids import new_id

TABLE = cast(Table, Row.__table__)
_KEY = (Row.tenant_id, Row.app, Row.template_code, Row.channel, Row.locale)
_COLUMNS = (*_KEY, Row.version, Row.subject, Row.body, Row.created_at)


class SqlTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Template]:
        if not keys:
            return {}
        wanted = sorted({(key.tenant, key.app, key.code, key.channel, key.locale) for key in keys})
        query = select(*_COLUMNS).where(Row.is_current, tuple_(*_KEY).in_(wanted))
        found = (to_template(row) for row in self._session.execute(query))
        return {template.key: template for template in found}

    def newest_alone(self, key: TemplateKey) -> Template | None:
        hold_key(self._session, "template", key.tenant, key.app, key.code, key.channel, key.locale)
        return self.current([key]).get(key)

    def add(self, template: Template) -> None:
        older = update(TABLE).where(Row.is_current).filter_by(**key_values(template.key))
        self._session.execute(older.values(is_current=False))
        row = {"template_id": new_id("tpl"), "is_current": True, **template_values(template)}
        self._session.execute(insert(TABLE).values(row))

    def listed(self, tenant: str, apps: Collection[str], *, after: Position | None, limit: int) -> list[Template]:
        query = select(*_COLUMNS).where(Row.tenant_id == tenant, Row.is_current, Row.app.in_(apps))
        if after is not None:
            query = query.where(tuple_(*_KEY[1:]) > tuple_(*map(literal, after)))
        return [to_template(row) for row in self._session.execute(query.order_by(*_KEY).limit(limit))]
