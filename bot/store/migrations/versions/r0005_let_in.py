"""Whether somebody was let into the private thread that a sitting goes on in, and whether its candidate knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the columns; of the places that are there nobody is known to have been let in."""
    for name in ("shared", "told"):
        op.add_column("places", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
