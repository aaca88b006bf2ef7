"""Each service's tables have both policies, and only tables of acting persons are read more widely."""
from __future__ import annotations

import pytest
from sqlalchemy import text

from shared_components.db import ALL_TENANTS, Database, migrate

HOLDERS = {
    ("elicence", "licences"): "holder_subject", ("matter", "cases"): "applicant_subject",
    ("notification", "messages"): "recipient_subject", ("payment", "orders"): "payer_subject",
    ("identity", "mandates"): "principal_id", ("identity", "upstream_links"): "subject_id",
    ("identity", "personal_requests"): "subject_id", ("identity", "personal_copies"): "subject_id",
    # By the case or the order that they belong to.
    ("matter", "steps"): "applicant_subject", ("matter", "timeline"): "applicant_subject",
    ("matter", "materials"): "applicant_subject", ("matter", "documents"): "applicant_subject",
    ("payment", "order_lines"): "payer_subject", ("payment", "refunds"): "payer_subject",
    ("payment", "receipts"): "payer_subject",
}
# Directory and evidence log have policies of their own.
OWN_POLICIES = {
    "realms", "realm_tenants", "departments", "department_tenants", "memberships", "apps", "app_keys",
    "directory_changes",
}
POLICIES = text("SELECT tablename, policyname, cmd, qual FROM pg_policies WHERE schemaname = :service")
TABLES = text(
    "SELECT table_name FROM information_schema.columns WHERE table_schema = :service AND column_name = 'tenant_id' "
    "AND table_name <> 'outbox'")


@pytest.mark.parametrize("service", ["elicence", "identity", "matter", "notification", "payment"])
def test_every_table_of_a_tenant_has_both_policies(service: str, postgres_url: str) -> None:
    migrate(postgres_url, service)
    database = Database(postgres_url, service)
    with database.reading(ALL_TENANTS) as session:
        tables = set(session.execute(TABLES, {"service": service}).scalars()) - OWN_POLICIES
        policies = {(row.tablename, row.policyname): row for row in session.execute(POLICIES, {"service": service})}
    database.dispose()
    assert tables
    for table in tables:
        assert policies[table, "tenant_isolation"].cmd == "ALL", table
        wider = policies[table, "wider_reading"]
        assert wider.cmd == "SELECT", table
        holder = HOLDERS.get((service, table))
        assert ("zhongtai.subjects" in wider.qual) == (holder is not None), table
        assert holder is None or holder in wider.qual
