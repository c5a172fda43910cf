"""All tables. A change here needs a migration beside it; a test proves that both give the same schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """A time as every table has it: microseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """A time as integer microseconds since 1970, UTC: the same number, order and index on every database."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.BigInteger
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Python → database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        """Database → Python."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata: Final[sa.MetaData] = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Ids are ordered by their bytes, on every database and in every locale.
_ID: Final = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")

#: How much of a title counts when titles are sorted; short enough for a cursor.
TITLE_KEY: Final = 60
_TITLE_KEY: Final = sa.String(TITLE_KEY).with_variant(sa.String(TITLE_KEY, collation="C"), "postgresql")

#: A user: whose rows the others are.
owner: Final[sa.Table] = sa.Table(
    "owner",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("tier", sa.String(20), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("role", sa.String(10), nullable=False, server_default="user"),  # or admin
    sa.Column("hourly_limit", sa.Integer),  # only of the tier `custom`
    sa.Column("daily_limit", sa.Integer),
    sa.Column("avatar_url", sa.String(2000)),
    sa.Column("suspended_at", Moment),
    sa.Column("updated_at", Moment, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

api_key: Final[sa.Table] = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("origin", sa.String(10), nullable=False, server_default="user"),  # or folder: see `service.py`
    sa.Column("last_used_at", Moment),
    sa.Column("suspended_at", Moment),
    sa.Column("suspended_for", sa.String(20)),
    sa.Column("replaces", _ID),  # the key from which it was rotated
    sa.Column("replaced_by", _ID),
    sa.Column("updated_at", Moment, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Index(None, "owner_id", "id"),
)

#: How far users have used up their hour's and day's calls (`security/limits/buckets.py`); no row: not at all.
#: The time is a number, so that a statement can reckon with it.
bucket: Final[sa.Table] = sa.Table(
    "bucket",
    metadata,
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), primary_key=True),
    sa.Column("hour", sa.Float, nullable=False),  # calls
    sa.Column("day", sa.Float, nullable=False),
    sa.Column("at", sa.Float, nullable=False),  # unix seconds of server time
    sa.Column("granted", sa.Integer, nullable=False),  # how many calls the last debit gave
)

#: Calls over the limit in the last minute, by key and second.
excess: Final[sa.Table] = sa.Table(
    "excess",
    metadata,
    sa.Column("key_id", _ID, sa.ForeignKey("api_key.id"), primary_key=True),
    sa.Column("second", sa.BigInteger, primary_key=True, autoincrement=False),  # unix, of server time
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Index(None, "second"),
)

generation: Final[sa.Table] = sa.Table(
    "generation",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("request", sa.JSON, nullable=False),
    sa.Column("engine", sa.String(40), nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index(None, "owner_id", "id"),
)

#: One row for each variant of a generation: its plan, how far it is, what came of it.
render: Final[sa.Table] = sa.Table(
    "render",
    metadata,
    sa.Column("generation_id", _ID, sa.ForeignKey("generation.id"), primary_key=True),
    sa.Column("variant", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("stage", sa.String(40)),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
)

track: Final[sa.Table] = sa.Table(
    "track",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("generation_id", _ID, sa.ForeignKey("generation.id")),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("artist", sa.String(200)),
    sa.Column("duration_seconds", sa.Float, nullable=False),
    sa.Column("tempo_bpm", sa.Float),
    sa.Column("key", sa.String(20)),
    sa.Column("genre", sa.String(40)),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("lyrics", sa.Text),
    sa.Column("sample_rate", sa.Integer, nullable=False),
    sa.Column("channels", sa.Integer, nullable=False),
    sa.Column("bit_depth", sa.Integer, nullable=False),
    sa.Column("lufs", sa.Float, nullable=False),
    sa.Column("true_peak_dbtp", sa.Float, nullable=False),
    sa.Column("master_sha256", sa.String(64), nullable=False),
    sa.Column("master_size", sa.BigInteger, nullable=False),
    sa.Column("provenance", sa.JSON, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("deleted_at", Moment),
    sa.Column("title_key", _TITLE_KEY, nullable=False, server_default=""),  # the title, folded, to sort by
    sa.Column("artwork_id", _ID),  # no foreign key: they would go round in a circle
    sa.Index(None, "owner_id", "status", "created_at", "id"),
    sa.Index(None, "owner_id", "status", "genre", "created_at", "id"),
    sa.Index(None, "owner_id", "status", "updated_at", "id"),
    sa.Index(None, "owner_id", "status", "title_key", "id"),
    sa.Index(None, "owner_id", "status", "duration_seconds", "id"),
    sa.Index(None, "generation_id"),
    sa.Index(None, "master_sha256"),
    sa.Index(None, "deleted_at"),
    sa.Index(None, "artwork_id"),
)

#: The words of a track, for the search (`search.py`). Without `owner_id`, and so without row-level security,
#: behind which PostgreSQL would not use the index; a search joins `track`, which has it.
track_text: Final[sa.Table] = sa.Table(
    "track_text",
    metadata,
    sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    sa.Column("track_id", _ID, sa.ForeignKey("track.id"), nullable=False, unique=True),
    sa.Column("words", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

playlist: Final[sa.Table] = sa.Table(
    "playlist",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("visibility", sa.String(10), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # counts edits, of its tracks too
    sa.Column("respaced", sa.Integer, nullable=False),  # counts how often places were given anew
    sa.Column("entry_count", sa.Integer, nullable=False),
    sa.Column("track_count", sa.Integer, nullable=False),  # of the entries that are shown
    sa.Column("milliseconds", sa.BigInteger, nullable=False),  # of those; whole, so that no sum drifts
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("cover_sha256", sa.String(64)),  # without a cover it and the next four are NULL
    sa.Column("cover_type", sa.String(20)),
    sa.Column("cover_width", sa.Integer),
    sa.Column("cover_height", sa.Integer),
    sa.Column("cover_size", sa.BigInteger),
    sa.Index(None, "owner_id", "id"),
    sa.Index(None, "cover_sha256"),
)

#: A track at its place in a playlist; it may stand there more than once. Places are sparse, see `order.py`.
#: Owner, length and whether it is shown are copied from the track, so that a long list needs no look at each
#: track and, on PostgreSQL, its policy none at its playlist for each row: that took seconds.
playlist_entry: Final[sa.Table] = sa.Table(
    "playlist_entry",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("playlist_id", _ID, sa.ForeignKey("playlist.id", ondelete="CASCADE"), nullable=False),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("track_id", _ID, sa.ForeignKey("track.id"), nullable=False),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("milliseconds", sa.BigInteger, nullable=False),
    sa.Column("shown", sa.Integer, nullable=False),  # 0: its track is deleted, and may be restored
    sa.Column("added_at", Moment, nullable=False),
    sa.UniqueConstraint("playlist_id", "place"),
    sa.Index(None, "track_id"),
)

#: A picture for a release: what was asked for, how far it is. Its files are rows of their own.
artwork: Final[sa.Table] = sa.Table(
    "artwork",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("track_id", _ID, sa.ForeignKey("track.id", ondelete="SET NULL")),  # it outlives its track
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("artist", sa.String(200)),
    sa.Column("wish", sa.JSON, nullable=False),  # all that drawing it again takes
    sa.Column("facts", sa.JSON(none_as_null=True)),  # of its file, once it was looked into
    sa.Column("provenance", sa.JSON(none_as_null=True)),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "owner_id", "id"),
    sa.Index(None, "track_id"),
)

#: The picture itself, and its smaller forms.
artwork_file: Final[sa.Table] = sa.Table(
    "artwork_file",
    metadata,
    sa.Column("artwork_id", _ID, sa.ForeignKey("artwork.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "side", sa.Integer, primary_key=True, autoincrement=False
    ),  # its longest; 0: the picture itself
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("type", sa.String(20), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Index(None, "sha256"),
)

#: Other forms of a master, made when first asked for. Keyed by content: equal masters share them.
encoding: Final[sa.Table] = sa.Table(
    "encoding",
    metadata,
    sa.Column("master_sha256", sa.String(64), primary_key=True),
    sa.Column("format", sa.String(10), primary_key=True),
    sa.Column("bit_depth", sa.Integer, primary_key=True, autoincrement=False),  # 0: the format has none
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("audience", sa.String(10), primary_key=True, server_default="maker"),
    sa.Column("tags", sa.String(64), nullable=False, server_default=""),  # a digest; empty: it has none
    sa.Index(None, "sha256"),
)

#: The stems of a track: asked for, made, or why not. `track_id` is their job's `ref`, too.
stem_set: Final[sa.Table] = sa.Table(
    "stem_set",
    metadata,
    sa.Column("track_id", _ID, sa.ForeignKey("track.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("stage", sa.String(40)),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    sa.Column("gain_db", sa.Float),  # it and the next four: since it is ready
    sa.Column("duration_seconds", sa.Float),
    sa.Column("sample_rate", sa.Integer),
    sa.Column("channels", sa.Integer),
    sa.Column("bit_depth", sa.Integer),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

stem: Final[sa.Table] = sa.Table(
    "stem",
    metadata,
    sa.Column("track_id", _ID, sa.ForeignKey("stem_set.track_id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # 0: the first
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("instrument", sa.String(60), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("peak_dbfs", sa.Float, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Index(None, "sha256"),
)

#: A release and the stores that it goes to.
distribution: Final[sa.Table] = sa.Table(
    "distribution",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),  # sandbox, live
    sa.Column("status", sa.String(20), nullable=False),  # of its deliveries, together
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("release", sa.JSON, nullable=False),  # in its long form
    sa.Column("via", sa.String(100)),
    sa.Column("artwork_id", _ID),
    sa.Column("release_at", Moment),
    sa.Column("quote", sa.JSON(none_as_null=True)),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("submitted_at", Moment),
    sa.Column("completed_at", Moment),  # since it is everywhere where it was to go
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "owner_id", "id"),
    sa.Index(None, "owner_id", "status", "id"),
)

#: Which tracks a distribution has, in their order. A track that was deleted leaves its row, and no link.
distribution_track: Final[sa.Table] = sa.Table(
    "distribution_track",
    metadata,
    sa.Column("distribution_id", _ID, sa.ForeignKey("distribution.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # 0: the first
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("track_id", _ID, nullable=False),  # no foreign key: its history outlives a purged track
    sa.Index(None, "track_id"),
)

#: A distribution on its way to one store, or there.
store_delivery: Final[sa.Table] = sa.Table(
    "store_delivery",
    metadata,
    sa.Column("id", _ID, primary_key=True),  # what its job refers to
    sa.Column("distribution_id", _ID, sa.ForeignKey("distribution.id", ondelete="CASCADE"), nullable=False),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("connector", sa.String(10), nullable=False),  # api, package, kit
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("step", sa.String(20), nullable=False),  # what its job does next
    sa.Column("journal", sa.Text, nullable=False),  # sealed JSON: what its connector noted
    sa.Column("external_id", sa.String(200)),
    sa.Column("external_url", sa.String(2000)),
    sa.Column("problem", sa.JSON(none_as_null=True)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_attempt_at", Moment),
    sa.Column("streams", sa.BigInteger),
    sa.Column("progress", sa.Float),
    sa.Column("paused_from", sa.String(20)),  # the step to go on with
    sa.Column("delivered_revision", sa.Integer),  # what the store has
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("distribution_id", "platform"),
    sa.Index(None, "platform", "external_id"),
    sa.Index(None, "owner_id", "status"),
)

#: A line of a distribution's history.
distribution_event: Final[sa.Table] = sa.Table(
    "distribution_event",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("distribution_id", _ID, sa.ForeignKey("distribution.id", ondelete="CASCADE"), nullable=False),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("platform", sa.String(40)),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("status", sa.String(20)),
    sa.Column("message", sa.String(1000), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "distribution_id", "id"),
)

#: Accounts with stores.
store_connection: Final[sa.Table] = sa.Table(
    "store_connection",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("status", sa.String(15), nullable=False),  # pending, connected, expired, disconnected
    sa.Column("account", sa.String(200)),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("secrets", sa.Text, nullable=False),  # sealed JSON: tokens, passwords, keys
    sa.Column("state_hash", sa.String(64)),  # SHA-256 of the `state` of a sign-in that is under way
    sa.Column("state_until", Moment),
    sa.Column("token_until", Moment),
    sa.Column("lease_until", sa.Float, nullable=False),  # who refreshes its token; real time, unix seconds
    sa.Column("lease_owner", sa.String(80)),
    sa.Column("problem", sa.String(500)),
    sa.Column("connected_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("owner_id", "platform", "mode"),
    sa.Index(None, "state_hash"),
)

#: Signed callbacks of stores that were taken: none counts twice.
store_callback: Final[sa.Table] = sa.Table(
    "store_callback",
    metadata,
    sa.Column("connection_id", _ID, sa.ForeignKey("store_connection.id"), primary_key=True),
    sa.Column("message_id", sa.String(200), primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "at"),
)

#: What a user is told of, and where.
notification: Final[sa.Table] = sa.Table(
    "notification",
    metadata,
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), primary_key=True),
    sa.Column("wanted", sa.JSON, nullable=False),
    sa.Column("chat_id", sa.BigInteger),
    sa.Column("chat_name", sa.String(200)),
    sa.Column("code_hash", sa.String(64)),  # SHA-256 of a code that links a chat
    sa.Column("code_until", Moment),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index(None, "chat_id"),
    sa.Index(None, "code_hash"),
)

#: A message on its way to a person. `key` says what it tells: nothing is told twice.
notice: Final[sa.Table] = sa.Table(
    "notice",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),  # pending, sent, failed
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("owner_id", "key"),
)

#: The bot that speaks for this server, and who listens to it; a row for each token that there ever was.
telegram_bot: Final[sa.Table] = sa.Table(
    "telegram_bot",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # Telegram's
    sa.Column("name", sa.String(64)),
    sa.Column("next_update", sa.BigInteger, nullable=False),  # up to this one all were answered
    sa.Column("answered_at", sa.Float, nullable=False),  # the last one; real time, unix seconds
    sa.Column("lease_until", sa.Float, nullable=False),  # who listens; real time, unix seconds
    sa.Column("lease_owner", sa.String(80)),
)

#: What happened. `seq` is the order of commits: whoever appends does so in turn.
event: Final[sa.Table] = sa.Table(
    "event",
    metadata,
    sa.Column(
        "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    sa.Column("id", _ID, nullable=False, unique=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("timestamp", Moment, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("test", sa.Integer, nullable=False, server_default="0"),  # 1: somebody tries something out
    sa.Index(None, "owner_id", "seq"),
    sqlite_autoincrement=True,  # a number is never used twice, not even after a deletion
)

#: An endpoint that events are sent to.
webhook: Final[sa.Table] = sa.Table(
    "webhook",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("url", sa.String(2000), nullable=False),
    sa.Column("events", sa.JSON, nullable=False),  # patterns
    sa.Column("description", sa.Text),
    sa.Column("headers", sa.Text),  # sealed JSON
    sa.Column("header_names", sa.JSON, nullable=False),
    sa.Column("secrets", sa.JSON, nullable=False),  # sealed, the newest first, each with its end
    sa.Column("status", sa.String(10), nullable=False),  # enabled, failing, disabled, deleted
    sa.Column("disabled_at", Moment),
    sa.Column("disabled_for", sa.String(20)),
    sa.Column("retry_schedule", sa.String(10), nullable=False),
    sa.Column("failure_count", sa.Integer, nullable=False),  # events in a row that are dead
    sa.Column("last_success_at", Moment),
    sa.Column("judged_since", Moment, nullable=False),  # since it was made, or enabled again
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index(None, "owner_id", "id"),
)

#: An event on its way to an endpoint, and the outbox of that: claimed as jobs are, but endpoint by endpoint,
#: so that one that is slow or gone holds up nobody else.
delivery: Final[sa.Table] = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("webhook_id", _ID, sa.ForeignKey("webhook.id"), nullable=False),
    sa.Column("event_id", _ID, sa.ForeignKey("event.id"), nullable=False),
    sa.Column("event_type", sa.String(60), nullable=False),
    sa.Column("status", sa.String(10), nullable=False),  # pending, succeeded, failed, dead
    sa.Column("due_at", Moment, nullable=False),  # server time
    sa.Column("lease_until", sa.Float, nullable=False),  # real time, unix seconds; 0: free
    sa.Column("lease_owner", sa.String(80)),
    sa.Column("claim_no", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),  # since it was last asked for: where its schedule stands
    sa.Column("attempts", sa.Integer, nullable=False),  # of all its life
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.UniqueConstraint("webhook_id", "event_id"),
    sa.Index(None, "webhook_id", "id"),
    sa.Index(None, "webhook_id", "status", "id"),
    sa.Index(None, "event_id"),
    sa.Index(None, "updated_at"),
)
sa.Index(
    "ix_delivery_pending",
    delivery.c.webhook_id,
    delivery.c.due_at,
    sqlite_where=delivery.c.status == "pending",
    postgresql_where=delivery.c.status == "pending",
)

#: One try of a delivery.
delivery_attempt: Final[sa.Table] = sa.Table(
    "delivery_attempt",
    metadata,
    sa.Column("delivery_id", _ID, sa.ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("url", sa.String(2000), nullable=False),
    sa.Column("status_code", sa.Integer),
    sa.Column("duration_ms", sa.Float, nullable=False),
    sa.Column("error", sa.String(40)),
    sa.Column("error_detail", sa.String(500)),
    sa.Column("response_body", sa.LargeBinary),
)

#: The outbox: everything that happens later.
job: Final[sa.Table] = sa.Table(
    "job",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), nullable=False),
    sa.Column("ref", _ID, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # waiting, done
    sa.Column("due_at", Moment, nullable=False),  # server time
    sa.Column("lease_until", sa.Float, nullable=False),  # real time, unix seconds; 0: free
    sa.Column("lease_owner", sa.String(80)),
    sa.Column("claim_no", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "ref"),
)

idempotency: Final[sa.Table] = sa.Table(
    "idempotency",
    metadata,
    sa.Column("owner_id", _ID, sa.ForeignKey("owner.id"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),  # empty while the request runs
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("lease_until", sa.Float),  # of a request that runs; real time, unix seconds
    sa.Column("lease_owner", sa.String(40)),
    sa.Index(None, "expires_at"),
)

#: One row: what all processes of one database must agree on.
server: Final[sa.Table] = sa.Table(
    "server",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("clock_offset", sa.BigInteger, nullable=False),  # microseconds of server time before real time
    sa.Column("master_check", sa.String(64)),
)

#: How many steps of `usage/latency.py` there are; each has a column.
LATENCY_STEPS: Final = 62

#: What was asked in an hour, or, when that is long ago, in a day: a row for each kind of request. All figures
#: add up, so that several processes can each add theirs. Without the key's text, the path or the address.
usage: Final[sa.Table] = sa.Table(
    "usage",
    metadata,
    sa.Column("owner_id", _ID, primary_key=True),  # empty: nobody who was known
    sa.Column("span", sa.String(4), primary_key=True),  # hour, day
    sa.Column("start", Moment, primary_key=True, autoincrement=False),
    sa.Column("key_id", _ID, primary_key=True),  # empty, as above
    sa.Column("route", sa.String(200), primary_key=True),  # its template; empty: there is no such route
    sa.Column("method", sa.String(10), primary_key=True),
    sa.Column("status", sa.Integer, primary_key=True, autoincrement=False),  # 0: it got no answer
    sa.Column("client", sa.String(48), primary_key=True),
    sa.Column("requests", sa.BigInteger, nullable=False),
    sa.Column("limited", sa.BigInteger, nullable=False),  # refused because of a limit
    sa.Column("bytes", sa.BigInteger, nullable=False),  # of the answers' bodies
    sa.Column("micros", sa.BigInteger, nullable=False),  # how long they took, together
    *(sa.Column(f"step_{step}", sa.Integer, nullable=False) for step in range(LATENCY_STEPS)),
    sa.Index(None, "span", "start"),
    sqlite_with_rowid=False,
)

#: Answers of the API, minute by minute, for a day or two: what alerts look at.
api_minute: Final[sa.Table] = sa.Table(
    "api_minute",
    metadata,
    sa.Column("minute", Moment, primary_key=True, autoincrement=False),
    sa.Column("requests", sa.BigInteger, nullable=False),
    sa.Column("errors", sa.BigInteger, nullable=False),  # of status 500 and above
)

#: The last part of its records that a process has added: one whose commit was not answered counts once.
usage_part: Final[sa.Table] = sa.Table(
    "usage_part",
    metadata,
    sa.Column("writer", _ID, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("written_at", Moment, nullable=False),
)

#: The processes of this server that were alive a moment ago.
process: Final[sa.Table] = sa.Table(
    "process",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),  # 1: requests
    sa.Column("slots", sa.Integer, nullable=False),  # jobs side by side; 0: none
    sa.Column("started_at", sa.Float, nullable=False),  # real time, unix seconds, as the next
    sa.Column("seen_at", sa.Float, nullable=False),
)

#: What was out of order, since when and until when.
alert: Final[sa.Table] = sa.Table(
    "alert",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("rule", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),  # such as a platform; empty: all
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("raised_at", Moment, nullable=False),
    sa.Column("cleared_at", Moment),
    sa.Index(None, "cleared_at"),
    sa.Index(None, "raised_at"),
)
