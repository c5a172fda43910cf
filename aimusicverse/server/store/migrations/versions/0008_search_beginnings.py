"""Beginnings of words as words, on PostgreSQL, so that its planner knows how rare they are."""

from alembic import op

from aimusicverse.server.store import search

revision = "0008"
down_revision = "0007"

_INDEX_BEFORE = (
    "CREATE INDEX track_search ON track_text "
    "USING gin (array_to_tsvector(array_remove(string_to_array(words, ' '), '')))"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # FTS5 has an index of beginnings
    op.execute("DROP INDEX track_search")
    for statement in search.POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("ALTER TABLE track_text DROP COLUMN vector")  # and its index
    op.execute(_INDEX_BEFORE)
