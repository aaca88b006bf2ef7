"""Filings in the database."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.notification.common.channels import SMS
from services.notification.templates.domain.filing import Filing
from services.notification.templates.domain.template import TemplateKey
from services.notification.templates.models import FilingRow
from services.notification.templates.usecases.filings import FiledVersion
from shared_components.kernel.ids import new_id

TABLE = cast(Table, FilingRow.__table__)
KEY = (TABLE.c.tenant_id, TABLE.c.app, TABLE.c.template_code, TABLE.c.locale, TABLE.c.version)
UNIQUE = ["tenant_id", "app", "template_code", "locale", "version", "provider"]


class SqlFilings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, versions: Collection[FiledVersion]) -> dict[FiledVersion, Sequence[Filing]]:
        if not versions:
            return {}
        wanted = sorted({(key.tenant, key.app, key.code, key.locale, version) for key, version in versions})
        found: dict[FiledVersion, list[Filing]] = {}
        for row in self._session.execute(select(TABLE).where(tuple_(*KEY).in_(wanted)).order_by(TABLE.c.provider)):
            filing = _filing(row)
            found.setdefault((filing.key, filing.version), []).append(filing)
        return dict(found)

    def put(self, filing: Filing) -> None:
        changing = {
            "provider_template_id": filing.provider_template_id, "signature": filing.signature,
            "parameters": ",".join(filing.parameters), "state": filing.state, "changed_at": filing.changed_at,
        }
        row = {
            "filing_id": new_id("fil"), "tenant_id": filing.key.tenant, "app": filing.key.app,
            "template_code": filing.key.code, "locale": filing.key.locale, "version": filing.version,
            "provider": filing.provider, **changing,
        }
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        self._session.execute(
            dialect.insert(TABLE).values(row).on_conflict_do_update(index_elements=UNIQUE, set_=changing))


def _filing(row: Any) -> Filing:
    key = TemplateKey(row.tenant_id, row.app, row.template_code, SMS, row.locale)
    names = row.parameters.split(",") if row.parameters else []
    return Filing(
        key, row.version, row.provider, row.provider_template_id, row.signature, names, row.state, row.changed_at)
