"""What is left of whoever was forgotten: salted hashes of names, so that no backup brings them back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table; nothing that is there changes."""
    op.create_table(
        "forgotten",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
