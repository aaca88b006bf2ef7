"""Templates in the database."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from services.notification.domain.templates import Template, TemplateKey
from services.notification.models import TemplateRow
from shared_components.db import hold_key
from shared_components.kernel.ids import new_id

_table = TemplateRow.__table__.c
_KEY = (_table.tenant_id, _table.app, _table.template_code, _table.channel, _table.locale)
_COLUMNS = (*_KEY, _table.version, _table.subject, _table.body, _table.created_at)


class SqlTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, keys: Collection[TemplateKey]) -> dict[TemplateKey, Template]:
        if not keys:
            return {}
        wanted = sorted({(key.tenant, key.app, key.code, key.channel, key.locale) for key in keys})
        query = select(*_COLUMNS).where(_table.is_current, tuple_(*_KEY).in_(wanted))
        found = (_template(row) for row in self._session.execute(query))
        return {template.key: template for template in found}

    def newest_alone(self, key: TemplateKey) -> Template | None:
        hold_key(self._session, "template", key.tenant, key.app, key.code, key.channel, key.locale)
        return self.current([key]).get(key)

    def add(self, template: Template) -> None:
        key = template.key
        named = {
            "tenant_id": key.tenant, "app": key.app, "template_code": key.code, "channel": key.channel,
            "locale": key.locale,
        }  # fmt: skip
        older = update(TemplateRow).where(_table.is_current).filter_by(**named)
        self._session.execute(older.values(is_current=False))
        row = {
            **named, "template_id": new_id("tpl"), "version": template.version, "is_current": True,
            "subject": template.subject, "body": template.body, "created_at": template.created_at,
        }  # fmt: skip
        self._session.execute(insert(TemplateRow.__table__), [row])  # type: ignore[arg-type]

    def listed(
        self, tenant: str, apps: Collection[str], *, after: tuple[str, str, str, str] | None, limit: int,
    ) -> list[Template]:
        query = select(*_COLUMNS).where(_table.tenant_id == tenant, _table.is_current, _table.app.in_(apps))
        if after is not None:
            query = query.where(tuple_(*_KEY[1:]) > tuple_(*map(literal, after)))
        return [_template(row) for row in self._session.execute(query.order_by(*_KEY).limit(limit))]


def _template(row: Any) -> Template:
    tenant, app, code, channel, locale, *content = row
    return Template(TemplateKey(tenant, app, code, channel, locale), *content)
