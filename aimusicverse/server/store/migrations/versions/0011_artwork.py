"""Artwork: pictures for releases, and their files."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0011"
down_revision = "0010"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_TABLES = ("artwork", "artwork_file")


def upgrade() -> None:
    op.create_table(
        "artwork",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("track_id", _ID, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("artist", sa.String(length=200), nullable=True),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("provenance", sa.JSON(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_artwork_owner_id")),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_artwork_track_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artwork")),
    )
    op.create_index(op.f("ix_artwork_owner_id_id"), "artwork", ["owner_id", "id"], unique=False)
    op.create_index(op.f("ix_artwork_track_id"), "artwork", ["track_id"], unique=False)
    op.create_table(
        "artwork_file",
        sa.Column("artwork_id", _ID, nullable=False),
        sa.Column("side", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["artwork_id"], ["artwork.id"], name=op.f("fk_artwork_file_artwork_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_artwork_file_owner_id")),
        sa.PrimaryKeyConstraint("artwork_id", "side", name=op.f("pk_artwork_file")),
    )
    op.create_index(op.f("ix_artwork_file_sha256"), "artwork_file", ["sha256"], unique=False)
    op.add_column("track", sa.Column("artwork_id", _ID, nullable=True))
    op.create_index(op.f("ix_track_artwork_id"), "track", ["artwork_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in protect(table):
                op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in unprotect(table):
                op.execute(statement)
    op.drop_index(op.f("ix_track_artwork_id"), table_name="track")
    op.drop_column("track", "artwork_id")
    op.drop_index(op.f("ix_artwork_file_sha256"), table_name="artwork_file")
    op.drop_table("artwork_file")
    for index in ("ix_artwork_track_id", "ix_artwork_owner_id_id"):
        op.drop_index(op.f(index), table_name="artwork")
    op.drop_table("artwork")
