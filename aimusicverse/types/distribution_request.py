"""What is asked for around a distribution: may it go there, what would it cost, bring it there."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from aimusicverse.types.playlist_request import TrackId
from aimusicverse.types.release import MOST_TRACKS, Release
from aimusicverse.types.request import Request
from aimusicverse.types.text import Line

#: More than there are stores.
MOST_PLATFORMS = 50
MOST_YEARS = 100
MOST_EXTRAS = 50


class _OrShort:
    """Says in the specification that the short form is taken, too."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [handler(schema), SHORT_FORM]}


_TEXT = {"type": "string"}
#: In words of JSON Schema; `types/release_short.py` expands it.
SHORT_FORM: dict[str, Any] = {
    "title": "Release in short",
    "type": "object",
    "description": "Enough for a single. Every field of the long form is taken beside these; without "
    "`tracks` there is one, called like the release.",
    "required": ["title"],
    "properties": {
        "title": _TEXT,
        "artist": _TEXT,
        "composers": {"type": "array", "items": _TEXT, "description": "Legal names of its writers."},
        "isrc": _TEXT,
        "upc": _TEXT,
        "genre": _TEXT,
        "label": _TEXT,
        "p_line": _TEXT,
        "c_line": _TEXT,
        "language": {"type": "string", "description": "Of the vocals, BCP 47; `zxx`: none."},
        "explicit": {"type": "string", "enum": ["explicit", "clean", "none"]},
        "ai": {
            "type": "object",
            "description": "`none`, `partly` or `all` for each of lyrics, composition, vocals, instruments, "
            "artwork.",
        },
    },
}

#: A release, in its long or its short form.
Metadata = Annotated[Release, _OrShort]
Name = Annotated[str, Field(min_length=1, max_length=100)]
ArtworkId = Annotated[str, Field(pattern=r"^art_[0-9A-Za-z]{1,36}$")]
HttpsUrl = Annotated[str, Field(max_length=2_000, pattern=r"^https://[^\s/]+(/\S*)?$"), Line]


class _AboutARelease(Request):
    metadata: Metadata
    platforms: list[Name] = Field(
        default=[], max_length=MOST_PLATFORMS, description="Stores, like `spotify`: see `GET /platforms`."
    )
    via: Name | None = Field(
        default=None, description="The distributor, like `distrokid`. Left out: you deliver by yourself."
    )
    track_ids: list[TrackId] = Field(
        default=[],
        max_length=MOST_TRACKS,
        description="Tracks of yours, in the order of `metadata.tracks`. What the server knows of them, it "
        "fills in where `metadata` says nothing: duration, sound, and what a machine made.",
    )


class DistributionValidate(_AboutARelease):
    """A release, and where it is to go."""

    platforms: list[Name] = Field(
        min_length=1, max_length=MOST_PLATFORMS, description="Stores, like `spotify`: see `GET /platforms`."
    )


class DistributionQuote(_AboutARelease):
    """A release, who is to bring it to stores, and for how long."""

    plan: Name | None = Field(default=None, description="Of the distributor. Left out: its first.")
    years: int = Field(default=1, ge=1, le=MOST_YEARS)
    extras: list[Name] = Field(default=[], max_length=MOST_EXTRAS, description="Like `youtube_content_id`.")
    expected_revenue: Decimal | None = Field(
        default=None,
        ge=0,
        max_digits=15,
        decimal_places=2,
        description="In all these years, in the currency of the prices: what a commission is taken of. A "
        "decimal string.",
    )


class DistributionCreate(_AboutARelease):
    """A release, and the stores that it is to be brought to."""

    platforms: list[Name] = Field(
        min_length=1, max_length=MOST_PLATFORMS, description="Stores, like `spotify`: see `GET /platforms`."
    )
    mode: Literal["sandbox", "live"] = Field(
        default="sandbox",
        description="`sandbox`: stand-in stores of this server, which nobody can hear. `live`: real ones; "
        "only with a live key, and with the accounts that you connected.",
    )
    release_at: str | None = Field(
        default=None,
        max_length=60,
        description="From when people may hear it: with a zone, `2026-12-04T00:00+09:00`. Left out: as "
        "`metadata.release_at` says, or at once.",
    )
    artwork_id: ArtworkId | None = Field(
        default=None,
        description="The cover. Left out: as the metadata says, or that of its tracks, or one that is drawn.",
    )
    draft: bool = Field(default=False, description="Keep it, and send nothing: `POST …/submit` does.")
    all_or_nothing: bool = Field(
        default=False,
        description="Refuse all of it (422) if one store would not take it. Otherwise that one is `failed`, "
        "and the others go on.",
    )


class DistributionUpdate(Request):
    """What to change; what is left out stays as it is. Nothing is sent again: `POST …/retry` does."""

    metadata: Metadata | None = Field(default=None, description="The whole release, anew.")
    platforms: list[Name] | None = Field(
        default=None, min_length=1, max_length=MOST_PLATFORMS, description="Where nothing was sent yet."
    )
    release_at: str | None = Field(default=None, max_length=60, description="Null: as soon as it is ready.")
    artwork_id: ArtworkId | None = None


class DistributionAct(Request):
    """Which of a distribution's stores are meant."""

    platforms: list[Name] = Field(
        default=[], max_length=MOST_PLATFORMS, description="Empty: all for which it makes sense."
    )


class DistributionConfirm(Request):
    """What a person did in a store or with a distributor."""

    platforms: list[Name] = Field(
        default=[], max_length=MOST_PLATFORMS, description="Empty: all that wait for a person."
    )
    outcome: Literal["live", "processing", "rejected", "taken_down"] = Field(
        default="live", description="`processing`: it was handed over, and is not to be heard yet."
    )
    external_url: HttpsUrl | None = Field(default=None, description="Where it is to be heard.")
    external_id: Annotated[str, Field(min_length=1, max_length=200), Line] | None = None
    reason: Annotated[str, Field(max_length=1_000), Line] | None = Field(
        default=None, description="Why it was rejected."
    )


class PlatformConnect(Request):
    """An account with a store."""

    mode: Literal["sandbox", "live"] = "sandbox"
    settings: dict[Name, Annotated[str, Field(max_length=10_000)]] = Field(
        default={},
        max_length=20,
        description="As `connect_fields` of `GET /platforms` name it. Secrets are sealed.",
    )


class PlatformDisconnect(Request):
    """Which account with a store."""

    mode: Literal["sandbox", "live"] = "sandbox"
