"""Playlists have a cover."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COLUMNS = (
    ("cover_sha256", sa.String(length=64)),
    ("cover_type", sa.String(length=20)),
    ("cover_width", sa.Integer()),
    ("cover_height", sa.Integer()),
    ("cover_size", sa.BigInteger()),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("playlist", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_playlist_cover_sha256"), "playlist", ["cover_sha256"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_playlist_cover_sha256"), table_name="playlist")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("playlist", name)
