"""Templates by the id of their first version."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from services.notification.templates.adapters.rows import template_facts, to_template
from services.notification.templates.domain.template import DEPARTMENT, Template, TemplateKey
from services.notification.templates.models import TemplateRow
from services.notification.templates.usecases.choose_template import owner
from shared_components.db import table_of
from shared_components.db.load_many import Reading, open_row
from shared_components.kernel.calls import CallContext
from shared_components.security.authority.search import searched_tenant

T = table_of(TemplateRow)
KEY = (T.c.tenant_id, T.c.app, T.c.template_code, T.c.channel, T.c.locale)
READING = Reading(template_facts, to_template)
FIRST = 1


class SqlIdentifiedTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def key_of(self, context: CallContext, template_id: str) -> TemplateKey | None:
        query = select(T).where(
            T.c.tenant_id == searched_tenant(context), T.c.template_id == template_id, T.c.version == FIRST)
        found = self._opened(context, self._session.execute(query).first())
        return None if found is None else found.key

    def version(self, context: CallContext, key: TemplateKey, version: int | None) -> Template | None:
        which = T.c.is_current if version is None else T.c.version == version
        query = select(T).where(tuple_(*KEY) == tuple_(*_values(key)), which)
        return self._opened(context, self._session.execute(query).first())

    def ids(self, keys: Collection[TemplateKey]) -> Mapping[TemplateKey, str]:
        if not keys:
            return {}
        wanted = sorted({_values(key) for key in keys})
        query = select(T.c.template_id, *KEY).where(T.c.version == FIRST, tuple_(*KEY).in_(wanted))
        return {
            TemplateKey(row.tenant_id, row.app, row.template_code, row.channel, row.locale): row.template_id
            for row in self._session.execute(query)}

    def newest(self, context: CallContext, channels: Collection[str], *, most: int) -> Sequence[Template]:
        query = select(T).where(
            T.c.tenant_id == searched_tenant(context), T.c.is_current, T.c.channel.in_(sorted(channels)),
            or_(T.c.app == owner(context), T.c.app == DEPARTMENT)).order_by(*KEY).limit(most)
        found = (self._opened(context, row) for row in self._session.execute(query))
        return [template for template in found if template is not None]

    def _opened(self, context: CallContext, row: Any) -> Template | None:
        return None if row is None else open_row(context, READING.seal(row))


def _values(key: TemplateKey) -> tuple[str, str, str, str, str]:
    return (key.tenant, key.app, key.code, key.channel, key.locale)
