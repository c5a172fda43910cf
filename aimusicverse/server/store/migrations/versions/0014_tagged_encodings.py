"""Encodings by whom they are for, and with a digest of the tags in them.

Those that there are have no tags, which no digest matches: they get theirs when they are asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_KEY = ("master_sha256", "format", "bit_depth")


def upgrade() -> None:
    with op.batch_alter_table("encoding") as table:
        table.add_column(sa.Column("audience", sa.String(length=10), nullable=False, server_default="maker"))
        table.add_column(sa.Column("tags", sa.String(length=64), nullable=False, server_default=""))
        table.drop_constraint("pk_encoding", type_="primary")
        table.create_primary_key("pk_encoding", [*_KEY, "audience"])


def downgrade() -> None:
    op.execute("DELETE FROM encoding WHERE audience <> 'maker'")
    with op.batch_alter_table("encoding") as table:
        table.drop_constraint("pk_encoding", type_="primary")
        table.create_primary_key("pk_encoding", list(_KEY))
        table.drop_column("audience")
        table.drop_column("tags")
