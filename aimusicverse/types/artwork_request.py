"""What is asked for around artwork. Apart from the answers, so that a client need not load it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aimusicverse.types.generation_request import MusicalKey, Seed
from aimusicverse.types.request import Request
from aimusicverse.types.text import LeftAsWritten, Line, Text, Title
from aimusicverse.types.track_request import Artist

#: Bytes of a picture that is sent.
MOST_ARTWORK_BYTES = 20 * 2**20

#: A word or two: a mood, a style, the id of a template, a generator.
Word = Annotated[str, Field(min_length=1, max_length=40), Line, LeftAsWritten]
TrackId = Annotated[str, Field(pattern=r"^trk_[0-9A-Za-z]{1,36}$")]
Prompt = Annotated[str, Field(min_length=1, max_length=1_000), Text, LeftAsWritten]


class ArtworkCreate(Request):
    """What to draw. A track says everything; what is said besides it wins. Without one, a title is needed."""

    track_id: TrackId | None = Field(default=None, description="Draw after this track of yours.")
    title: Title | None = Field(default=None, description="Of the release; the track's by default.")
    artist: Artist | None = Field(default=None, description="The track's by default.")
    mood: Word | None = Field(default=None, description="Such as `calm` or `dark`; the track's by default.")
    key: MusicalKey | None = Field(default=None, description='Like "A minor": its colours follow from it.')
    style: Word | None = Field(default=None, description="One of the server's; chosen by the seed otherwise.")
    template: Word | None = Field(default=None, description="The id of a template, instead of a style.")
    seed: Seed | None = Field(default=None, description="For the same picture again.")
    lettering: bool = Field(default=False, description="Write title and artist on it.")
    generator: Word | None = Field(
        default=None,
        description="`stability` or `replicate`, where the server has an account there; it is drawn here "
        "otherwise.",
    )
    prompt: Prompt | None = Field(
        default=None, description="For a generator; by default made of title and mood."
    )


class ArtworkUpload(Request):
    """What is known of a picture that is brought."""

    title: Title
    artist: Artist | None = None
    track_id: TrackId | None = None
