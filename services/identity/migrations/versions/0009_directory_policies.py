"""Departments of a realm see each other's names; apps, keys, officers and history only of what they own."""
from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_ALL = "(SELECT current_setting('zhongtai.tenants', true)) = '*'"
_REALMS = f"SELECT realm_id FROM realm_tenants WHERE tenant = ANY {_TENANTS}"  # noqa: S608 -- no value comes in
_OF_REALM = f"tenant_id IN ({_REALMS})"
# A merged department keeps its row, and its successor owns its tenant ids, that of its sandbox with them.
_OWNED = (
    "SELECT o.department_id FROM department_tenants o "  # noqa: S608 -- no value comes in
    "JOIN departments d ON d.tenant = o.tenant "
    f"WHERE d.tenant = ANY {_TENANTS} OR d.sandbox_tenant = ANY {_TENANTS}")
_OF_DEPARTMENT = f"{_OF_REALM} AND department_id IN ({_OWNED})"
# The policies of `apps` and `memberships` hold inside: an app that is not seen has no key and no history.
_OF_APP = f"{_OF_REALM} AND EXISTS (SELECT 1 FROM apps a WHERE a.app = app_keys.app)"  # noqa: S608 -- no value comes in
_OF_THING = (
    f"{_OF_REALM} AND CASE thing WHEN 'department' THEN thing_id IN ({_OWNED}) "  # noqa: S608 -- no value comes in
    "WHEN 'app' THEN EXISTS (SELECT 1 FROM apps a WHERE a.app = thing_id) "
    "ELSE EXISTS (SELECT 1 FROM memberships m WHERE m.membership_id = thing_id) END")
PUBLIC_IN_REALM = ("realms", "departments", "department_tenants")
OWN = {"memberships": _OF_DEPARTMENT, "apps": _OF_DEPARTMENT, "app_keys": _OF_APP, "directory_changes": _OF_THING}


def upgrade() -> None:
    """PostgreSQL: the realm's own tenant still reads and writes all of its directory (`tenant_isolation`)."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*PUBLIC_IN_REALM, *OWN):
        op.execute(f"DROP POLICY realm_of_tenant ON {table}")
    for table in PUBLIC_IN_REALM:
        op.execute(f"CREATE POLICY realm_of_tenant ON {table} FOR SELECT USING ({_OF_REALM})")
    # An officers' console locks its realm while it registers an app, and never changes it.
    op.execute(f"CREATE POLICY locked_by_tenant ON realms FOR UPDATE USING ({_OF_REALM}) WITH CHECK (false)")
    for table, rule in OWN.items():
        op.execute(f"CREATE POLICY owned_by_department ON {table} USING ({rule}) WITH CHECK ({rule})")
    _keep_tenants_to_their_realm()


def _keep_tenants_to_their_realm() -> None:
    """Only the realm itself adds tenant ids; a department sees its own entries."""
    own = f"{_ALL} OR realm_id = ANY {_TENANTS}"
    op.execute("DROP POLICY tenant_isolation ON realm_tenants")
    op.execute(
        f"CREATE POLICY tenant_isolation ON realm_tenants USING ({own} OR tenant = ANY {_TENANTS}) "
        f"WITH CHECK ({own})")
