"""Find what agents hold for a principal, when the principal takes a consent back."""
from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_token_grants_principal_id_app", "token_grants", ["principal_id", "app"])
