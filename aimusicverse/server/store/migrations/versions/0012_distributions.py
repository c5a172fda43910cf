"""Distributions on their way to stores, accounts there, and messages about them."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0012"
down_revision = "0011"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_TABLES = (
    "distribution",
    "distribution_track",
    "store_delivery",
    "distribution_event",
    "store_connection",
    "store_callback",
    "notification",
    "notice",
)


def upgrade() -> None:
    op.create_table(
        "distribution",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("release", sa.JSON(), nullable=False),
        sa.Column("via", sa.String(length=100), nullable=True),
        sa.Column("artwork_id", _ID, nullable=True),
        sa.Column("release_at", sa.BigInteger(), nullable=True),
        sa.Column("quote", sa.JSON(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_distribution_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution")),
    )
    op.create_index(op.f("ix_distribution_owner_id_id"), "distribution", ["owner_id", "id"], unique=False)
    op.create_index(
        op.f("ix_distribution_owner_id_status_id"), "distribution", ["owner_id", "status", "id"], unique=False
    )
    op.create_table(
        "distribution_track",
        sa.Column("distribution_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("track_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["distribution_id"],
            ["distribution.id"],
            name=op.f("fk_distribution_track_distribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_distribution_track_owner_id")),
        sa.PrimaryKeyConstraint("distribution_id", "number", name=op.f("pk_distribution_track")),
    )
    op.create_index(op.f("ix_distribution_track_track_id"), "distribution_track", ["track_id"], unique=False)
    op.create_table(
        "store_delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("distribution_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("connector", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("external_url", sa.String(length=2000), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("streams", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.Float(), nullable=True),
        sa.Column("paused_from", sa.String(length=20), nullable=True),
        sa.Column("delivered_revision", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distribution_id"],
            ["distribution.id"],
            name=op.f("fk_store_delivery_distribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_store_delivery_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_delivery")),
        sa.UniqueConstraint(
            "distribution_id", "platform", name=op.f("uq_store_delivery_distribution_id_platform")
        ),
    )
    op.create_index(
        op.f("ix_store_delivery_owner_id_status"), "store_delivery", ["owner_id", "status"], unique=False
    )
    op.create_index(
        op.f("ix_store_delivery_platform_external_id"),
        "store_delivery",
        ["platform", "external_id"],
        unique=False,
    )
    op.create_table(
        "distribution_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("distribution_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distribution_id"],
            ["distribution.id"],
            name=op.f("fk_distribution_event_distribution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_distribution_event_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_event")),
    )
    op.create_index(
        op.f("ix_distribution_event_distribution_id_id"),
        "distribution_event",
        ["distribution_id", "id"],
        unique=False,
    )
    op.create_table(
        "store_connection",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=True),
        sa.Column("state_until", sa.BigInteger(), nullable=True),
        sa.Column("token_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("connected_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_store_connection_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_connection")),
        sa.UniqueConstraint(
            "owner_id", "platform", "mode", name=op.f("uq_store_connection_owner_id_platform_mode")
        ),
    )
    op.create_index(op.f("ix_store_connection_state_hash"), "store_connection", ["state_hash"], unique=False)
    op.create_table(
        "store_callback",
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["store_connection.id"], name=op.f("fk_store_callback_connection_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_store_callback_owner_id")),
        sa.PrimaryKeyConstraint("connection_id", "message_id", name=op.f("pk_store_callback")),
    )
    op.create_index(op.f("ix_store_callback_at"), "store_callback", ["at"], unique=False)
    op.create_table(
        "notification",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_name", sa.String(length=200), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_notification_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_notification")),
    )
    op.create_index(op.f("ix_notification_chat_id"), "notification", ["chat_id"], unique=False)
    op.create_index(op.f("ix_notification_code_hash"), "notification", ["code_hash"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_notice_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("owner_id", "key", name=op.f("uq_notice_owner_id_key")),
    )
    op.create_table(
        "telegram_bot",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("next_update", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.Float(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_bot")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in protect(table):
                op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in unprotect(table):
                op.execute(statement)
    op.drop_table("telegram_bot")
    op.drop_table("notice")
    op.drop_index(op.f("ix_notification_chat_id"), table_name="notification")
    op.drop_index(op.f("ix_notification_code_hash"), table_name="notification")
    op.drop_table("notification")
    op.drop_index(op.f("ix_store_callback_at"), table_name="store_callback")
    op.drop_table("store_callback")
    op.drop_index(op.f("ix_store_connection_state_hash"), table_name="store_connection")
    op.drop_table("store_connection")
    op.drop_index(op.f("ix_distribution_event_distribution_id_id"), table_name="distribution_event")
    op.drop_table("distribution_event")
    op.drop_index(op.f("ix_store_delivery_owner_id_status"), table_name="store_delivery")
    op.drop_index(op.f("ix_store_delivery_platform_external_id"), table_name="store_delivery")
    op.drop_table("store_delivery")
    op.drop_index(op.f("ix_distribution_track_track_id"), table_name="distribution_track")
    op.drop_table("distribution_track")
    op.drop_index(op.f("ix_distribution_owner_id_id"), table_name="distribution")
    op.drop_index(op.f("ix_distribution_owner_id_status_id"), table_name="distribution")
    op.drop_table("distribution")
