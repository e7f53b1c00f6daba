"""What language models took, a row for each event that one made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the table, empty: earlier releases did not keep what was spent."""
    op.create_table(
        "spent",
        sa.Column("session", sa.Text, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("input", sa.Integer),
        sa.Column("output", sa.Integer),
        sa.Column("cost_micro", sa.BigInteger),
    )
    op.create_index("spent_by_time", "spent", ["at"])
