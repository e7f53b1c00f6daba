"""Questions as they were asked, and how much of a session was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COUNT = """
    UPDATE sessions SET answered = (
        SELECT count(*) FROM events
        WHERE events.session = sessions.id AND events.kind IN ('Answered', 'Submitted')
    )
"""


def upgrade() -> None:
    """Makes the tables of rubrics, and counts the answers of the sessions that are there."""
    op.create_table(
        "rubrics",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "session_rubrics",
        sa.Column("session", sa.Text, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rubric", sa.Text, sa.ForeignKey("rubrics.hash"), primary_key=True),
    )
    op.create_index("session_rubrics_by_rubric", "session_rubrics", ["rubric"])
    op.add_column("sessions", sa.Column("answered", sa.Integer, nullable=False, server_default="0"))
    op.execute(_COUNT)
