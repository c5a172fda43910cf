"""Releases: what a store is told of a record. The form that rules, packages and files share.

A value that a rule judges is plain text here, so that a wrong one is reported by its rule, with what would
pass, and not merely refused. Only its shape is held: names of fields, lists where lists belong.

The short form, which is enough for a single, is expanded before (`types/release_short.py`).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from aimusicverse.types.release_bounds import bounded
from aimusicverse.types.release_short import expanded
from aimusicverse.types.request import Request

#: How much of something a machine made.
AiPart = Literal["none", "partly", "all"]
Explicit = Literal["explicit", "clean", "none"]
ReleaseType = Literal["single", "ep", "album"]
#: A release has at most so many recordings (Apple's bound; contract).
MOST_TRACKS = 500


class AiDisclosure(Request):
    """What a machine made, aspect by aspect. There is no default: the user answers, or provenance does."""

    lyrics: AiPart | None = None
    composition: AiPart | None = Field(default=None, description="The music as it could be written down.")
    vocals: AiPart | None = None
    instruments: AiPart | None = Field(default=None, description="What is played: the sound recording.")
    artwork: AiPart | None = None
    video: AiPart | None = None
    tool: str | None = Field(default=None, description="The generator, like `aimusicverse studio`.")
    tool_version: str | None = None
    plan: str | None = Field(
        default=None, description="Under which the tool was used: `free`, `paid`, `own`."
    )
    licence: str | None = Field(default=None, description="Of what the tool made: a name or URL.")
    made_on: str | None = Field(default=None, description="ISO 8601 date.")
    prompt: str | None = None
    seed: int | None = None
    output_id: str | None = Field(default=None, description="The tool's own id of what it made.")
    imitates_voice: bool | None = Field(
        default=None, description="Whether the voice of a real person is imitated."
    )
    consent: str | None = Field(default=None, description="Where that person's written consent is kept.")


class Contributor(Request):
    """Somebody who is credited as a performer or maker, under the name that is shown."""

    name: str
    roles: list[str] = Field(
        default=["MainArtist"],
        description="DDEX display-artist roles (`MainArtist`, `FeaturedArtist`) and contributor roles "
        "(`Remixer`, `Producer`, `Mixer`, …).",
    )
    is_group: bool = Field(
        default=False, description="One name, though it looks like several: `Simon & Gar`."
    )
    isni: str | None = None
    apple_id: str | None = Field(default=None, description="Digits.")
    spotify_id: str | None = Field(default=None, description="`spotify:artist:…`, its 22 characters, or URL.")
    ai: AiPart | None = Field(default=None, description="How much of this contribution a machine made.")


class Writer(Request):
    """A human author, by legal name."""

    name: str
    roles: list[str] = Field(
        default=["ComposerLyricist"], description="`Composer`, `Lyricist` or `ComposerLyricist`; `Arranger`."
    )
    ipi: str | None = Field(default=None, description="IPI name number, 11 digits, or base number, `I-…`.")
    isni: str | None = None
    publisher: str | None = None
    ai: AiPart | None = None


class Recording(Request):
    """One track of a release. What it leaves out is as the release says: artists, lines, disclosure."""

    title: str
    version: str | None = Field(
        default=None, description="`Radio Edit`, `Live`, `X Remix`: without brackets."
    )
    isrc: str | None = None
    iswc: str | None = None
    artists: list[Contributor] = Field(default=[], description="Empty: the artists of the release.")
    contributors: list[Contributor] = Field(default=[], description="Others: remixers, producers, players.")
    writers: list[Writer] = []
    p_line: str | None = Field(default=None, description="`2026 Owner`, with or without ℗.")
    language: str | None = Field(default=None, description="Of the vocals, BCP 47; `zxx`: none.")
    explicit: Explicit | None = None
    clean_of: str | None = Field(default=None, description="ISRC of the explicit version that this cleans.")
    genre: str | None = None
    lyrics: str | None = None
    recording_country: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    original_release_date: str | None = None
    is_cover: bool = Field(default=False, description="Somebody else's song, performed anew.")
    intentional_styling: bool = False
    ai: AiDisclosure | None = None
    duration_seconds: float | None = Field(default=None, gt=0, description="Where no sound file says so.")
    file: str | None = Field(default=None, description="The sound file; a path from where `release.toml` is.")
    track_id: str | None = Field(default=None, description="`trk_…`, instead of a file.")


class Cover(Request):
    """The picture, and what the user declares of it."""

    file: str | None = Field(default=None, description="A path from where `release.toml` is.")
    artwork_id: str | None = Field(default=None, description="`art_…`, instead of a file.")
    lettering: list[str] | None = Field(default=None, description="All words in it; `[]`: it has none.")
    parental_advisory: bool = Field(default=False, description="It bears the Parental Advisory mark.")
    rights: str | None = Field(default=None, description="Whose it is: `own`, `licensed`, `ai`, …")


class SoundCloudFields(Request):
    """What only SoundCloud asks (its OpenAPI description, July 2026)."""

    sharing: str = "public"
    embeddable_by: str | None = None
    licence: str | None = None
    tags: list[str] = []
    description: str | None = None
    purchase_url: str | None = None
    paid_account: bool | None = Field(
        default=None, description="Whether the account is a paid one: only those set artwork by the API."
    )


class YouTubeFields(Request):
    """What only a YouTube upload asks (YouTube Data API v3, `videos`)."""

    title: str | None = Field(default=None, description="Left out: `Artist - Title`.")
    description: str | None = None
    tags: list[str] = []
    privacy: str = "public"
    publish_at: str | None = None
    made_for_kids: bool | None = None
    synthetic_media: bool | None = None
    channel_verified: bool = False


class Delivered(Request):
    """What a store has already, which cannot be changed."""

    upc: str | None = None
    vendor_id: str | None = None
    isrcs: list[str] = []


class Release(Request):
    """A record as it is offered to stores: one to 500 recordings and all that is said of them."""

    title: str
    version: str | None = None
    type: ReleaseType | None = Field(default=None, description="Left out: as its tracks make it.")
    artists: list[Contributor] = []
    contributors: list[Contributor] = []
    upc: str | None = Field(default=None, description="UPC-A, 12 digits, or EAN-13.")
    grid: str | None = None
    vendor_id: str | None = Field(default=None, description="Apple's: never changed once delivered.")
    catalog_number: str | None = None
    label: str | None = None
    p_line: str | None = None
    c_line: str | None = None
    language: str | None = Field(default=None, description="Of the vocals, BCP 47; `zxx`: none.")
    metadata_language: str = Field(default="en", description="Of titles and names, BCP 47.")
    explicit: Explicit | None = None
    genre: str | None = None
    genres: dict[str, str] = Field(default={}, description="Per store, like `apple_music = 'POP-00'`.")
    release_at: str | None = Field(
        default=None,
        description="ISO 8601 date, or a time with a zone. A bare date: 00:00 in each territory.",
    )
    time_zone: str | None = Field(default=None, description="IANA, for a date that is one moment everywhere.")
    original_release_date: str | None = None
    as_soon_as_possible: bool = False
    preorder_at: str | None = None
    preorder_tracks: list[int] = Field(default=[], description="Numbers of tracks that can be had or heard.")
    territories: list[str] = ["Worldwide"]
    excluded_territories: list[str] = []
    intentional_styling: bool = Field(default=False, description="Capitals are as the artist wants them.")
    sender_dpid: str | None = None
    recipient_dpid: str | None = None
    live_message: bool = Field(default=False, description="Messages are real ones, and no tests.")
    ai: AiDisclosure = AiDisclosure()
    cover: Cover = Cover()
    tracks: list[Recording] = Field(min_length=1, max_length=MOST_TRACKS)
    soundcloud: SoundCloudFields = SoundCloudFields()
    youtube: YouTubeFields = YouTubeFields()
    delivered: Delivered | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_the_short_form(cls, given: Any) -> Any:
        return expanded(bounded(given)) if isinstance(given, dict) else given
