"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "encoding",
        sa.Column("master_sha256", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("bit_depth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("master_sha256", "format", "bit_depth", name=op.f("pk_encoding")),
    )
    op.create_index(op.f("ix_encoding_sha256"), "encoding", ["sha256"], unique=False)
    op.create_table(
        "owner",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_api_key_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_owner_id"), "api_key", ["owner_id"], unique=False)
    op.create_table(
        "event",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_event_owner_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_owner_id_seq"), "event", ["owner_id", "seq"], unique=False)
    op.create_table(
        "generation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_generation_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation")),
    )
    op.create_index(op.f("ix_generation_owner_id_id"), "generation", ["owner_id", "id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_idempotency_owner_id")),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_expires_at"), "idempotency", ["expires_at"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("ref", _ID, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("claim_no", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_job_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_ref"), "job", ["ref"], unique=False)
    op.create_index(op.f("ix_job_state_due_at"), "job", ["state", "due_at"], unique=False)
    op.create_table(
        "render",
        sa.Column("generation_id", _ID, nullable=False),
        sa.Column("variant", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["generation_id"], ["generation.id"], name=op.f("fk_render_generation_id")),
        sa.PrimaryKeyConstraint("generation_id", "variant", name=op.f("pk_render")),
    )
    op.create_table(
        "track",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("generation_id", _ID, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("artist", sa.String(length=200), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=False),
        sa.Column("tempo_bpm", sa.Float(), nullable=True),
        sa.Column("key", sa.String(length=20), nullable=True),
        sa.Column("genre", sa.String(length=40), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("lyrics", sa.Text(), nullable=True),
        sa.Column("sample_rate", sa.Integer(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("bit_depth", sa.Integer(), nullable=False),
        sa.Column("lufs", sa.Float(), nullable=False),
        sa.Column("true_peak_dbtp", sa.Float(), nullable=False),
        sa.Column("master_sha256", sa.String(length=64), nullable=False),
        sa.Column("master_size", sa.BigInteger(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["generation_id"], ["generation.id"], name=op.f("fk_track_generation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_track_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
    )
    op.create_index(op.f("ix_track_generation_id"), "track", ["generation_id"], unique=False)
    op.create_index(op.f("ix_track_master_sha256"), "track", ["master_sha256"], unique=False)
    op.create_index(op.f("ix_track_owner_id_id"), "track", ["owner_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_track_owner_id_id"), table_name="track")
    op.drop_index(op.f("ix_track_master_sha256"), table_name="track")
    op.drop_index(op.f("ix_track_generation_id"), table_name="track")
    op.drop_table("track")
    op.drop_table("render")
    op.drop_index(op.f("ix_job_state_due_at"), table_name="job")
    op.drop_index(op.f("ix_job_ref"), table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_idempotency_expires_at"), table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_index(op.f("ix_generation_owner_id_id"), table_name="generation")
    op.drop_table("generation")
    op.drop_index(op.f("ix_event_owner_id_seq"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_api_key_owner_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_table("owner")
    op.drop_index(op.f("ix_encoding_sha256"), table_name="encoding")
    op.drop_table("encoding")
