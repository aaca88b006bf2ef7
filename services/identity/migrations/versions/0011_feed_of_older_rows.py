"""Rows of the directory that are older than its feed are entries of it, too."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from shared_components.db.feeds.pages import BEGINNING, next_entry
from shared_components.db.types import Json, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FEED = "directory"
_entries = sa.table(
    "feed_entries", sa.column("feed", sa.String), sa.column("n", sa.BigInteger), sa.column("kind", sa.String),
    sa.column("key", sa.String), sa.column("data", Json), sa.column("digest", sa.String), sa.column("at", UtcDateTime))
_heads = sa.table(
    "feed_heads", sa.column("feed", sa.String), sa.column("n", sa.BigInteger), sa.column("digest", sa.String))


class _Said(NamedTuple):
    kind: str
    key: str
    data: dict[str, Any]


def upgrade() -> None:
    """A thing that the feed has spoken of already keeps what it said last."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT set_config('zhongtai.tenants', '*', true)"))
        # Processes of the version before append beside the migration, in the order of this lock.
        connection.execute(sa.text(
            "INSERT INTO feed_heads (feed, n, digest) VALUES (:feed, 0, :digest) ON CONFLICT DO NOTHING"),
            {"feed": FEED, "digest": BEGINNING})
    told = {(row.kind, row.key) for row in connection.execute(
        sa.select(_entries.c.kind, _entries.c.key).where(_entries.c.feed == FEED))}
    missing = [said for said in _rows(connection) if (said.kind, said.key) not in told]
    if missing:
        _append(connection, missing)


def _append(connection: sa.Connection, missing: list[_Said]) -> None:
    head = connection.execute(
        sa.select(_heads.c.n, _heads.c.digest).where(_heads.c.feed == FEED).with_for_update()).one_or_none()
    n, digest = (0, BEGINNING) if head is None else (head.n, head.digest)
    at, rows = datetime.now(UTC), []
    for said in missing:
        entry = next_entry(n, digest, *said)
        n, digest = entry.n, entry.digest
        rows.append({"feed": FEED, "n": n, **said._asdict(), "digest": digest, "at": at})
    connection.execute(sa.insert(_entries), rows)
    if head is None:
        connection.execute(sa.insert(_heads).values(feed=FEED, n=n, digest=digest))
    else:
        connection.execute(sa.update(_heads).where(_heads.c.feed == FEED).values(n=n, digest=digest))


def _rows(connection: sa.Connection) -> Iterator[_Said]:
    """Give what the directory's adapters of this version record for each row."""
    for row in connection.execute(_table("departments", "department_id state successor_id tenant sandbox_tenant")):
        yield _Said("department", row.department_id, {
            "state": row.state, "successor": row.successor_id, "tenant": row.tenant,
            "sandbox_tenant": row.sandbox_tenant})
    for row in connection.execute(_table("memberships", "membership_id subject_id department_id state", "roles")):
        yield _Said("membership", row.membership_id, {
            "subject": row.subject_id, "department": row.department_id, "roles": row.roles, "state": row.state})
    for row in connection.execute(_table(
            "apps", "app state kind department_id tenant sandbox_tenant", "draft", "approved")):
        yield from _app(row)
    keys = _table("app_keys", "key_id app environment key_hash state")
    for row in connection.execute(keys):
        if row.state == "active":
            yield _Said("key", row.key_hash, {"app": _caller(row.app, row.environment), "key_id": row.key_id})


def _app(row: Any) -> Iterator[_Said]:
    for environment, access, tenant in (
            ("production", row.approved, row.tenant), ("sandbox", row.draft, row.sandbox_tenant)):
        if access is not None:
            yield _Said("app", _caller(row.app, environment), {
                "state": row.state, "kind": row.kind, "department": row.department_id, "tenant": tenant,
                "scopes": access["scopes"], "in_flight": access["in_flight"], "calls_per_s": access["calls_per_s"]})


def _caller(app: str, environment: str) -> str:
    return f"{app}-sandbox" if environment == "sandbox" else app


def _table(name: str, texts: str, *documents: str) -> Any:
    """All rows in the order of their key, the first of `texts`."""
    columns = [sa.column(each, sa.String) for each in texts.split()] + [sa.column(each, Json) for each in documents]
    return sa.select(*columns).select_from(sa.table(name, *columns)).order_by(columns[0])
