"""Playlists, and the tracks in them."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0003"
down_revision = "0002"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "playlist",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("respaced", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("track_count", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_playlist_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playlist")),
    )
    op.create_index(op.f("ix_playlist_owner_id_id"), "playlist", ["owner_id", "id"], unique=False)
    op.create_table(
        "playlist_entry",
        sa.Column("id", _ID, nullable=False),
        sa.Column("playlist_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("track_id", _ID, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlist.id"],
            name=op.f("fk_playlist_entry_playlist_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_playlist_entry_owner_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_playlist_entry_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playlist_entry")),
        sa.UniqueConstraint("playlist_id", "place", name=op.f("uq_playlist_entry_playlist_id_place")),
    )
    op.create_index(op.f("ix_playlist_entry_track_id"), "playlist_entry", ["track_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*protect("playlist"), *protect("playlist_entry")):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*unprotect("playlist_entry"), *unprotect("playlist")):
            op.execute(statement)
    op.drop_index(op.f("ix_playlist_entry_track_id"), table_name="playlist_entry")
    op.drop_table("playlist_entry")
    op.drop_index(op.f("ix_playlist_owner_id_id"), table_name="playlist")
    op.drop_table("playlist")
