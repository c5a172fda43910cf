"""Encodings know which tags are in them, so that a new title reaches files that were made before."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    # Those that there are have no tags: nothing matches an empty digest, and they get theirs when asked for.
    op.add_column("encoding", sa.Column("tags", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("encoding", "tags")
