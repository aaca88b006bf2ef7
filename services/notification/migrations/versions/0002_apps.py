"""Messages and templates belong to the app that made them."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import split_operations_of_apps

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    split_operations_of_apps(op)
    # As the caller of all apps over HTTP was: every app of the tenant goes on to see them.
    op.add_column("messages", sa.Column("app", sa.String(64), nullable=False, server_default="gateway"))
    # Empty: the department's, for all of its apps.
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("app", sa.String(64), nullable=False, server_default=""))
        templates.drop_constraint("uq_templates_tenant_id_template_code_channel_locale_version", type_="unique")
        templates.create_unique_constraint(
            "uq_templates_tenant_id_app_template_code_channel_locale_version",
            ["tenant_id", "app", "template_code", "channel", "locale", "version"])
