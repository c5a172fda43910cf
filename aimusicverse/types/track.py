"""Tracks: finished recordings and their audio."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Editable, Timestamp
from aimusicverse.types.engine import SoundfontInUse
from aimusicverse.types.plan import Plan

AudioFormat = Literal["wav", "flac", "mp3"]
AUDIO_FORMATS: tuple[AudioFormat, ...] = ("wav", "flac", "mp3")


class TrackAudio(Answer):
    """The master recording as measured (ITU-R BS.1770-4), and where to fetch it."""

    formats: list[str] = Field(description="What `GET …/audio?format=` can give.")
    sample_rate: int = Field(description="Hz.")
    channels: int = 2
    bit_depth: int = Field(description="Of the master.")
    lufs: float = Field(description="Integrated loudness, LUFS.")
    true_peak_dbtp: float = Field(description="Highest true peak, dBTP.")
    sha256: str = Field(description="Of the master WAV file, hex.")
    size_bytes: int = Field(description="Of the master WAV file.")
    url: str = Field(description="Path of the audio; needs the key. For a link without one: `play-url`.")


class Provenance(Answer):
    """How a recording came to be; release rules and stores ask for it."""

    generation_id: str | None = None
    engine: str
    engine_version: str
    prompt: str
    seed: int | None = None
    licence: str
    ai_parts: list[str] = Field(
        default=[], description="Parts made by a machine: `composition`, `instruments`, `vocals`, `lyrics`."
    )
    source_type: str | None = Field(
        default=None,
        description="How those parts were made, as IPTC's digital source types call it: `algorithmicMedia` "
        "(by rules), `trainedAlgorithmicMedia` (by a model that was trained).",
    )
    plan: Plan | None = Field(
        default=None, description="What was played; sent back as `plan`, it gives the same music."
    )
    derived_from_track_id: str | None = Field(
        default=None, description="`trk_…`: the track of which this one keeps a part, to the sample."
    )
    derivation: str | None = Field(
        default=None, description="What was done to that track: `went on from 42.667 s`."
    )
    soundfont: SoundfontInUse | None = Field(
        default=None, description="Whose samples are heard; their licence is its maker's."
    )


class Track(Editable):
    """A finished recording."""

    title: str
    artist: str | None = None
    status: Literal["ready", "deleted"] | str = "ready"
    duration_seconds: float
    tempo_bpm: float | None = None
    key: str | None = Field(default=None, description='Like "A minor".')
    genre: str | None = None
    tags: list[str] = []
    lyrics: str | None = None
    audio: TrackAudio
    provenance: Provenance
    artwork_id: str | None = Field(default=None, description="`art_…`: the picture that it is shown with.")
    version: int = Field(default=1, description="Counts its changes.")
    etag: str = Field(default="", description="Changes with each edit; for `If-Match`.")
    deleted_at: Timestamp | None = Field(
        default=None, description="Since when it is deleted. 30 days later it is gone for good."
    )


class PlayUrl(Answer):
    """A link that plays in an `<audio>` element until it expires. It holds a signature, no key."""

    url: str
    format: str
    expires_at: Timestamp
