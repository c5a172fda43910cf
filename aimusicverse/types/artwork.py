"""Artwork: the square picture of a release, drawn here, brought, or made by somebody else's generator."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Editable
from aimusicverse.types.problem import Problem
from aimusicverse.types.validation import Severity

ArtworkStatus = Literal["queued", "processing", "completed", "failed"]
#: An artwork in one of these states has no other one before it.
FINAL_STATUSES = frozenset({"completed", "failed"})
ArtworkSource = Literal["generated", "template", "uploaded", "stability", "replicate"]


class ArtworkThumbnail(Answer):
    """A smaller form of an artwork."""

    width: int = Field(description="Pixels.")
    height: int = Field(description="Pixels.")
    size_bytes: int
    sha256: str = Field(description="Of the file, hex.")
    url: str = Field(description="Path of the file; needs the key.")


class ArtworkProvenance(Answer):
    """How a picture came to be; stores ask whether a machine made it."""

    engine: str = Field(description="`artwork` here, `upload`, or the generator's name.")
    engine_version: str
    prompt: str = Field(default="", description="What a generator was asked for.")
    seed: int | None = None
    licence: str
    ai: Literal["none", "partly", "all"] | str | None = Field(
        default=None,
        description="How much of it AI made. The pictures drawn here follow rules, which is no AI; of an "
        "upload nobody knows.",
    )


class ArtworkCheck(Answer):
    """Something that a published rule says of the picture, for those whom it concerns."""

    rule: str = Field(description="Id of the rule, like `C-MIN`: stable, with a page each.")
    severity: Severity | str
    blocking: bool = Field(description="Whether these targets would not take it because of this.")
    targets: list[str] = Field(description="Stores and distributors: `spotify`, `distrokid`, …")
    message: str
    passes: str = Field(description="What would pass.")
    fix: str = Field(description="What to do.")
    docs_url: str


class Artwork(Editable):
    """A picture for a release, how far it is, and its file once it has one."""

    status: ArtworkStatus | str
    source: ArtworkSource | str
    title: str
    artist: str | None = None
    track_id: str | None = Field(default=None, description="The track that it was made for.")
    style: str | None = Field(default=None, description="Of a picture that is drawn here.")
    template: str | None = Field(default=None, description="The template that it was drawn from.")
    seed: int | None = Field(default=None, description="The same seed, wishes and version: the same file.")
    lettering: bool = Field(default=False, description="Whether title and artist are written on it.")
    content_type: Literal["image/jpeg", "image/png", "image/webp"] | str | None = None
    width: int | None = Field(default=None, description="Pixels.")
    height: int | None = Field(default=None, description="Pixels.")
    size_bytes: int | None = None
    sha256: str | None = Field(default=None, description="Of the file, hex.")
    url: str | None = Field(default=None, description="Path of the file; needs the key.")
    thumbnails: list[ArtworkThumbnail] = Field(default=[], description="The smallest first.")
    checks: list[ArtworkCheck] | None = Field(
        default=None,
        description="What Spotify, Apple Music, SoundCloud and DistroKid would say of the picture by our "
        "rules, worst first; `[]`: nothing. `null`: there is no picture yet, or it was not looked into.",
    )
    provenance: ArtworkProvenance | None = None
    problem: Problem | None = Field(default=None, description="Why it failed, and what to do instead.")

    @property
    def is_final(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in FINAL_STATUSES


class ArtworkTemplate(Answer):
    """A picture that can be had at once, without wishes beyond a title."""

    id: str
    style: str
    mood: str
    description: str = Field(description="What one sees.")


class ArtworkTemplateList(Answer):
    """All templates of a server."""

    data: list[ArtworkTemplate]
