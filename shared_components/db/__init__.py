"""Databases: engines, short transactions, platform tables, migrations. PostgreSQL in production, SQLite embedded."""
from shared_components.db.bulk import insert_later, insert_new
from shared_components.db.bulk_update import update_each
from shared_components.db.database import ALL_TENANTS, Database
from shared_components.db.errors import CommitUnknown, DatabaseBusy, DatabaseUnavailable, KeyTaken, WriteRace
from shared_components.db.locks import hold_key
from shared_components.db.migrate import migrate, pending
from shared_components.db.migrations import (
    create_platform_tables,
    enable_tenant_isolation,
    key_operations_by_person,
    let_holders_read,
    make_append_only,
    revoke_changes,
    separate_policies,
    split_operations_of_apps,
)
from shared_components.db.settings import DatabaseSettingsError
from shared_components.db.transaction_session import tenants_of
from shared_components.db.types import Base, Json, OrderedJson, UtcDateTime, metadata_of, table_of

__all__ = [
    "ALL_TENANTS",
    "Base",
    "CommitUnknown",
    "Database",
    "DatabaseBusy",
    "DatabaseSettingsError",
    "DatabaseUnavailable",
    "Json",
    "KeyTaken",
    "OrderedJson",
    "UtcDateTime",
    "WriteRace",
    "create_platform_tables",
    "enable_tenant_isolation",
    "hold_key",
    "insert_later",
    "insert_new",
    "key_operations_by_person",
    "let_holders_read",
    "make_append_only",
    "metadata_of",
    "migrate",
    "pending",
    "revoke_changes",
    "separate_policies",
    "split_operations_of_apps",
    "table_of",
    "tenants_of",
    "update_each",
]
