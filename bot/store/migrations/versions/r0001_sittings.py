"""Sessions and their events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the log and the list of sessions."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("begun", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("lease_holder", sa.Text),
        sa.Column("lease_until", sa.Text),
    )
    op.create_index("sessions_by_owner", "sessions", ["owner", "at"])
    op.create_index("sessions_by_time", "sessions", ["at"])
    op.create_table(
        "events",
        sa.Column("session", sa.Text, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("v", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("session", "cause", name="events_by_cause"),
    )
    started = sa.text("kind = 'Started'")
    op.create_index(
        "events_started", "events", ["session"], unique=True, sqlite_where=started, postgresql_where=started
    )
