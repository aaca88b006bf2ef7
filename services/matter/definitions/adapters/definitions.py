"""Published definitions in the database. They never change, so each is read and built once a process."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.orm import Session

from services.matter.definitions.domain.errors import MatterNotFound
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.published import Published
from services.matter.definitions.models import DefinitionRow
from shared_components.db import hold_key, table_of
from shared_components.kernel.bilingual import Bilingual

DEFINITIONS = table_of(DefinitionRow)


class DefinitionCache:
    """Definitions by tenant, code and version, as many as there is room for."""

    def __init__(self, room: int = 1000) -> None:
        self._kept: dict[tuple[str, str, int], Published] = {}
        self._room = room

    def get(self, key: tuple[str, str, int]) -> Published | None:
        return self._kept.get(key)

    def keep(self, key: tuple[str, str, int], published: Published) -> None:
        if len(self._kept) >= self._room:
            self._kept.clear()
        self._kept[key] = published


class SqlDefinitions:
    def __init__(self, session: Session, cache: DefinitionCache) -> None:
        self._session = session
        self._cache = cache
        self._latest: dict[tuple[str, str], Published] = {}

    def latest(self, tenant: str, matter_code: str) -> Published | None:
        """Read once a transaction: what it begins it begins with one version."""
        if (tenant, matter_code) not in self._latest:
            found = self._read_latest(tenant, matter_code)
            if found is None:
                return None
            self._latest[tenant, matter_code] = found
        return self._latest[tenant, matter_code]

    def _read_latest(self, tenant: str, matter_code: str) -> Published | None:
        query = select(DEFINITIONS).where(DEFINITIONS.c.tenant_id == tenant, DEFINITIONS.c.matter_code == matter_code)
        row = self._session.execute(query.order_by(DEFINITIONS.c.version.desc()).limit(1)).first()
        return self._published(row) if row is not None else None

    def latest_alone(self, tenant: str, matter_code: str) -> Published | None:
        hold_key(self._session, "definition", tenant, matter_code)
        return self._read_latest(tenant, matter_code)

    def version(self, tenant: str, matter_code: str, version: int) -> Definition:
        known = self._cache.get((tenant, matter_code, version))
        if known is not None:
            return known.definition
        of_matter = (DEFINITIONS.c.tenant_id == tenant) & (DEFINITIONS.c.matter_code == matter_code)
        row = self._session.execute(select(DEFINITIONS).where(of_matter, DEFINITIONS.c.version == version)).first()
        if row is None:
            raise MatterNotFound(Bilingual(
                f"matter {matter_code!r} has no version {version}",
                f"事项 {matter_code} 没有版本 {version}"))
        published = self._published(row)
        # Kept here only, for a case: what this transaction has added may yet be rolled back.
        self._cache.keep((tenant, matter_code, version), published)
        return published.definition

    def add(self, tenant: str, published: Published) -> None:
        definition = published.definition
        self._latest.pop((tenant, definition.matter_code), None)
        self._session.execute(insert(DEFINITIONS), [{
            "tenant_id": tenant, "matter_code": definition.matter_code, "version": definition.version,
            "digest": published.digest, "data": dict(definition.data),
            "published_at": published.published_at,
        }])

    def list_latest(self, tenant: str, *, after: str | None, limit: int) -> Sequence[Published]:
        newest = (
            select(DEFINITIONS.c.matter_code, func.max(DEFINITIONS.c.version).label("version"))
            .where(DEFINITIONS.c.tenant_id == tenant).group_by(DEFINITIONS.c.matter_code).subquery()
        )
        query = select(DEFINITIONS).where(DEFINITIONS.c.tenant_id == tenant).join(
            newest, (DEFINITIONS.c.matter_code == newest.c.matter_code) & (DEFINITIONS.c.version == newest.c.version)
        )
        if after is not None:
            query = query.where(DEFINITIONS.c.matter_code > after)
        rows = self._session.execute(query.order_by(DEFINITIONS.c.matter_code).limit(limit))
        return [self._published(row) for row in rows]

    def _published(self, row: Row[Any]) -> Published:
        known = self._cache.get((row.tenant_id, row.matter_code, row.version))
        if known is not None and known.digest == row.digest:
            return known
        return Published(Definition.of(row.data, row.version), row.digest, row.published_at)
