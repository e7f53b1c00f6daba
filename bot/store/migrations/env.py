"""Alembic's entry: runs the steps on the connection that `bot.store.migrating` passes. Alembic executes this file."""

from __future__ import annotations

from alembic import context

from bot.store.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
# No begin_transaction: the caller's transaction holds all steps together, so that a failed one leaves nothing behind.
context.run_migrations()
