"""The key that is the password of an app's user of the broker: as `zhongtai directory sync` left it last."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json

revision = "0022"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("apps", sa.Column("broker_keys", Json))
