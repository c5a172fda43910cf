"""Webhooks: endpoints, deliveries to them, and their tries."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0010"
down_revision = "0009"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_TABLES = ("webhook", "delivery", "delivery_attempt")


def upgrade() -> None:
    op.add_column("event", sa.Column("test", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "webhook",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("header_names", sa.JSON(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("disabled_for", sa.String(length=20), nullable=True),
        sa.Column("retry_schedule", sa.String(length=10), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("last_success_at", sa.BigInteger(), nullable=True),
        sa.Column("judged_since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_webhook_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_owner_id_id"), "webhook", ["owner_id", "id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("webhook_id", _ID, nullable=False),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("event_type", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("claim_no", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_delivery_event_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_delivery_owner_id")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_delivery_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_delivery_webhook_id_event_id")),
    )
    op.create_index(op.f("ix_delivery_event_id"), "delivery", ["event_id"], unique=False)
    op.create_index(op.f("ix_delivery_updated_at"), "delivery", ["updated_at"], unique=False)
    op.create_index(op.f("ix_delivery_webhook_id_id"), "delivery", ["webhook_id", "id"], unique=False)
    op.create_index(
        op.f("ix_delivery_webhook_id_status_id"), "delivery", ["webhook_id", "status", "id"], unique=False
    )
    op.create_index(
        "ix_delivery_pending",
        "delivery",
        ["webhook_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "delivery_attempt",
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Float(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("error_detail", sa.String(length=500), nullable=True),
        sa.Column("response_body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_attempt_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_delivery_attempt_owner_id")),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_delivery_attempt")),
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
    op.drop_table("delivery_attempt")
    for index in (
        "ix_delivery_pending",
        "ix_delivery_webhook_id_id",
        "ix_delivery_webhook_id_status_id",
        "ix_delivery_updated_at",
        "ix_delivery_event_id",
    ):
        op.drop_index(op.f(index), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_webhook_owner_id_id"), table_name="webhook")
    op.drop_table("webhook")
    op.drop_column("event", "test")
