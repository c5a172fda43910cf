"""What every request cost, alerts, and the processes that are alive."""

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.row_security import protect, unprotect

revision = "0007"
down_revision = "0006"

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
_STEPS = 62


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("span", sa.String(length=4), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("status", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client", sa.String(length=48), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("limited", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        *(sa.Column(f"step_{step}", sa.Integer(), nullable=False) for step in range(_STEPS)),
        sa.PrimaryKeyConstraint(
            "owner_id",
            "span",
            "start",
            "key_id",
            "route",
            "method",
            "status",
            "client",
            name=op.f("pk_usage"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_usage_span_start"), "usage", ["span", "start"], unique=False)
    op.create_table(
        "api_minute",
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute", name=op.f("pk_api_minute")),
    )
    op.create_table(
        "usage_part",
        sa.Column("writer", _ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("writer", name=op.f("pk_usage_part")),
    )
    op.create_table(
        "process",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.create_table(
        "alert",
        sa.Column("id", _ID, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    for column in ("cleared_at", "raised_at"):
        op.create_index(op.f(f"ix_alert_{column}"), "alert", [column], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in protect("usage"):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in unprotect("usage"):
            op.execute(statement)
    for column in ("raised_at", "cleared_at"):
        op.drop_index(op.f(f"ix_alert_{column}"), table_name="alert")
    for table in ("alert", "process", "usage_part", "api_minute"):
        op.drop_table(table)
    op.drop_index(op.f("ix_usage_span_start"), table_name="usage")
    op.drop_table("usage")
