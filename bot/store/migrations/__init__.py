"""How the tables of every older release become those of this one: one script a step, run by Alembic."""
