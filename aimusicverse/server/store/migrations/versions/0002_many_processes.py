"""What processes of one database agree on; on PostgreSQL rows kept to their owner, and events in order."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from aimusicverse.server.store.event_order import AS_THEY_COME, IN_TURN
from aimusicverse.server.store.row_security import protect, unprotect

revision = "0002"
down_revision = "0001"

_OF_OWNER = ("api_key", "generation", "track", "event", "job", "idempotency")
_THROUGH = {
    "owner": "id = {whose}",
    "render": "EXISTS (SELECT FROM generation WHERE generation.id = generation_id)",
}


def upgrade() -> None:
    server = op.create_table(
        "server",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clock_offset", sa.BigInteger(), nullable=False),
        sa.Column("master_check", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server")),
    )
    op.bulk_insert(server, [{"id": 1, "clock_offset": 0}])
    if op.get_bind().dialect.name == "postgresql":
        for table in _OF_OWNER:
            _run(protect(table))
        for table, condition in _THROUGH.items():
            _run(protect(table, condition))
        _run(IN_TURN)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(AS_THEY_COME)
        for table in (*_THROUGH, *_OF_OWNER):
            _run(unprotect(table))
    op.drop_table("server")


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
