"""Tracks that are edited, deleted for a while, restored, sorted, searched and uploaded."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store import search

revision = "0004"
down_revision = "0003"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_TITLE_KEY = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
_BATCH = 500
_INDEX_ON_POSTGRESQL = (
    "CREATE INDEX track_search ON track_text "
    "USING gin (array_to_tsvector(array_remove(string_to_array(words, ' '), '')))"
)
_SORTED = (("created_at",), ("genre", "created_at"), ("updated_at",), ("title_key",), ("duration_seconds",))


def upgrade() -> None:
    op.add_column("track", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("track", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
    op.add_column("track", sa.Column("title_key", _TITLE_KEY, nullable=False, server_default=""))
    op.execute("UPDATE track SET deleted_at = updated_at WHERE status = 'deleted'")
    op.create_table(
        "track_text",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("track_id", _ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_track_text_track_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_track_text")),
        sa.UniqueConstraint("track_id", name=op.f("uq_track_text_track_id")),
        sqlite_autoincrement=True,
    )
    for statement in search.SQLITE if op.get_bind().dialect.name == "sqlite" else (_INDEX_ON_POSTGRESQL,):
        op.execute(statement)
    _fill()
    op.add_column("idempotency", sa.Column("lease_until", sa.Float(), nullable=True))
    op.add_column("idempotency", sa.Column("lease_owner", sa.String(length=40), nullable=True))
    op.drop_index(op.f("ix_track_owner_id_id"), table_name="track")
    for columns in (*_SORTED_BY, ("deleted_at",)):
        op.create_index(op.f(f"ix_track_{'_'.join(columns)}"), "track", list(columns), unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM idempotency WHERE lease_until IS NOT NULL AND answer = ''")
    op.drop_column("idempotency", "lease_owner")
    op.drop_column("idempotency", "lease_until")
    for columns in (*_SORTED_BY, ("deleted_at",)):
        op.drop_index(op.f(f"ix_track_{'_'.join(columns)}"), table_name="track")
    op.create_index(op.f("ix_track_owner_id_id"), "track", ["owner_id", "id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for statement in search.DROP_SQLITE:
            op.execute(statement)
    op.drop_table("track_text")
    op.drop_column("track", "title_key")
    op.drop_column("track", "deleted_at")
    op.drop_column("track", "version")


_SORTED_BY = [("owner_id", "status", *columns, "id") for columns in _SORTED]


def _fill() -> None:
    """The words of the tracks that are there, a batch at a time."""
    names = ("title", "artist", "genre", "lyrics")
    track = sa.table(
        "track",
        *(sa.column(name, sa.Text()) for name in ("id", "owner_id", "title_key", *names)),
        sa.column("tags", sa.JSON()),
        sa.column("provenance", sa.JSON()),
    )
    text = sa.table("track_text", sa.column("track_id", sa.Text()), sa.column("words", sa.Text()))
    key = sa.update(track).where(track.c.id == sa.bindparam("of")).values(title_key=sa.bindparam("key"))
    batch = sa.select(track).where(track.c.id > sa.bindparam("last")).order_by(track.c.id).limit(_BATCH)
    connection, last = op.get_bind(), ""
    while rows := connection.execute(batch, {"last": last}).all():
        last = rows[-1].id
        connection.execute(key, [{"of": row.id, "key": search.fold(row.title)[:60]} for row in rows])
        words = [{"track_id": row.id, "words": _words(row, names)} for row in rows]
        connection.execute(sa.insert(text), words)


def _words(row: Any, names: tuple[str, ...]) -> str:
    tags = row.tags if isinstance(row.tags, list) else []
    prompt = row.provenance.get("prompt") if isinstance(row.provenance, dict) else None
    texts = [*(getattr(row, name) for name in names), *tags, prompt]
    return search.searchable(row.owner_id, [text for text in texts if isinstance(text, str)])
