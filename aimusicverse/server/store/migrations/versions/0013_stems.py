"""Stems: the parts of a track, one by one."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0013"
down_revision = "0012"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_TABLES = ("stem_set", "stem")


def upgrade() -> None:
    op.create_table(
        "stem_set",
        sa.Column("track_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("gain_db", sa.Float(), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=True),
        sa.Column("sample_rate", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("bit_depth", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_stem_set_track_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_stem_set_owner_id")),
        sa.PrimaryKeyConstraint("track_id", name=op.f("pk_stem_set")),
    )
    op.create_table(
        "stem",
        sa.Column("track_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("instrument", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("peak_dbfs", sa.Float(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"], ["stem_set.track_id"], name=op.f("fk_stem_track_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_stem_owner_id")),
        sa.PrimaryKeyConstraint("track_id", "number", name=op.f("pk_stem")),
    )
    op.create_index(op.f("ix_stem_sha256"), "stem", ["sha256"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in protect(table):
                op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in unprotect(table):
                op.execute(statement)
    op.drop_index(op.f("ix_stem_sha256"), table_name="stem")
    op.drop_table("stem")
    op.drop_table("stem_set")
