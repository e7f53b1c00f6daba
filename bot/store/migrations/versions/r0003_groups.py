"""What study groups need beside the log: accounts, link codes, places, servers, boards, documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables; nothing that is there changes."""
    _people()
    _places()
    _servers()


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("accounts_by_person", "accounts", ["person"])
    op.create_table(
        "link_codes",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.UniqueConstraint("hash", name="link_codes_by_hash"),
    )
    op.create_table(
        "link_guesses",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
    )


def _places() -> None:
    op.create_table(
        "places",
        sa.Column("session", sa.Text, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("server", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, nullable=False),
        sa.Column("watched", sa.Integer, nullable=False),
        sa.Column("nth", sa.Integer, nullable=False),
        sa.Column("counts_for", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
    )
    op.create_index("places_by_channel", "places", ["channel", "nth"])
    op.create_index("places_by_account", "places", ["account", "counts_for", "since"])
    op.create_index("places_by_server", "places", ["counts_for"])


def _servers() -> None:
    op.create_table(
        "servers",
        sa.Column("server", sa.Text, primary_key=True),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("joined_at", sa.Text),
        sa.Column("left_at", sa.Text),
    )
    op.create_table(
        "board",
        sa.Column("server", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("board_by_account", "board", ["account"])
    op.create_table(
        "documents",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
