"""Owners become users with a role, a tier's figures and a state; keys are used, grow old and are replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")


def upgrade() -> None:
    for table, columns in (("owner", _OWNER), ("api_key", _API_KEY)):
        for column in columns:
            op.add_column(table, column())
        op.execute(f"UPDATE {table} SET updated_at = created_at")  # noqa: S608 - names of our own
    # Until now there was nobody but the owner with whom a data folder begins, and no keys but his.
    op.execute("UPDATE owner SET role = 'admin' WHERE tier = 'local'")
    op.execute("UPDATE api_key SET origin = 'folder' WHERE name = 'owner' OR name LIKE 'owner@%'")
    op.drop_index(op.f("ix_api_key_owner_id"), table_name="api_key")
    op.create_index(op.f("ix_api_key_owner_id_id"), "api_key", ["owner_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_api_key_owner_id_id"), table_name="api_key")
    op.create_index(op.f("ix_api_key_owner_id"), "api_key", ["owner_id"], unique=False)
    for table, columns in (("api_key", _API_KEY), ("owner", _OWNER)):
        for column in reversed(columns):
            op.drop_column(table, column().name)


def _updated_at() -> sa.Column[int]:
    return sa.Column("updated_at", sa.BigInteger(), nullable=False, server_default="0")


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


_OWNER = (
    lambda: sa.Column("role", sa.String(length=10), nullable=False, server_default="user"),
    lambda: sa.Column("hourly_limit", sa.Integer(), nullable=True),
    lambda: sa.Column("daily_limit", sa.Integer(), nullable=True),
    lambda: sa.Column("avatar_url", sa.String(length=2000), nullable=True),
    lambda: sa.Column("suspended_at", sa.BigInteger(), nullable=True),
    _updated_at,
    _version,
)
_API_KEY = (
    lambda: sa.Column("origin", sa.String(length=10), nullable=False, server_default="user"),
    lambda: sa.Column("last_used_at", sa.BigInteger(), nullable=True),
    lambda: sa.Column("suspended_at", sa.BigInteger(), nullable=True),
    lambda: sa.Column("suspended_for", sa.String(length=20), nullable=True),
    lambda: sa.Column("replaces", _ID, nullable=True),
    lambda: sa.Column("replaced_by", _ID, nullable=True),
    _updated_at,
    _version,
)
