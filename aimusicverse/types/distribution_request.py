"""What is asked for around a distribution: may it go there, and what would it cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from aimusicverse.types.playlist_request import TrackId
from aimusicverse.types.release import MOST_TRACKS, Release
from aimusicverse.types.request import Request

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
