"""How far users have used up their calls, and who goes on calling over the limit."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0006"
down_revision = "0005"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "bucket",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("hour", sa.Float(), nullable=False),
        sa.Column("day", sa.Float(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_bucket_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_bucket")),
    )
    op.create_table(
        "excess",
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("second", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_excess_key_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_excess_owner_id")),
        sa.PrimaryKeyConstraint("key_id", "second", name=op.f("pk_excess")),
    )
    op.create_index(op.f("ix_excess_second"), "excess", ["second"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*protect("bucket"), *protect("excess")):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*unprotect("excess"), *unprotect("bucket")):
            op.execute(statement)
    op.drop_index(op.f("ix_excess_second"), table_name="excess")
    op.drop_table("excess")
    op.drop_table("bucket")
