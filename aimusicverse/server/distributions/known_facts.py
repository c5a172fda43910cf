"""What the server knows of a track and a cover, put where a release says nothing: sound, picture, and what a
machine made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.types import Provenance, Track
from aimusicverse.types.release import AiDisclosure, Recording, Release

_ASPECTS: Final = ("lyrics", "composition", "vocals", "instruments")
#: The engine of what somebody brought: how that came about, nobody here knows.
_UPLOAD: Final = "upload"
#: The engine of this package: what it makes belongs to whoever asked.
_STUDIO: Final = "studio"


def completed(release: Release, tracks: Mapping[int, Track]) -> tuple[Release, dict[int, AudioFacts]]:
    """The release with what its tracks are known to be, and the facts of their sound.

    Args:
        release: as it was sent; what it says stays.
        tracks: of this server, by the number of the recording.
    """
    recordings = [
        recording if (track := tracks.get(index)) is None else _recording(recording, release, track)
        for index, recording in enumerate(release.tracks)
    ]
    facts = {index: _audio(track) for index, track in tracks.items()}
    return release.model_copy(update={"tracks": recordings}), facts


def of_cover(looked: ImageFacts | FileProblem | None) -> tuple[ImageFacts | None, list[FileProblem]]:
    """The facts of a cover, and what kept it from being looked into, as `validate` takes them."""
    if isinstance(looked, FileProblem):
        return None, [looked]
    return looked, []


def disclosed(provenance: Provenance) -> AiDisclosure:
    """The answers that a track's provenance gives. Of an upload there are none.

    An engine names the parts that it made; the others it did not make, whoever did.
    """
    if provenance.engine == _UPLOAD:
        return AiDisclosure()
    return AiDisclosure(
        **{aspect: "all" if aspect in provenance.ai_parts else "none" for aspect in _ASPECTS},
        tool=f"aimusicverse {provenance.engine}",
        tool_version=provenance.engine_version,
        plan="own" if provenance.engine == _STUDIO else None,
        licence=provenance.licence,
        prompt=provenance.prompt,
        seed=provenance.seed,
        output_id=provenance.generation_id,
    )


def _recording(recording: Recording, release: Release, track: Track) -> Recording:
    """Answers of the release count before those of its tracks' provenance: a person gave them."""
    said = {
        **release.ai.model_dump(exclude_none=True),
        **({} if recording.ai is None else recording.ai.model_dump(exclude_none=True)),
    }
    known = disclosed(track.provenance).model_dump(exclude_none=True)
    return recording.model_copy(
        update={
            "track_id": track.id,
            "duration_seconds": recording.duration_seconds or track.duration_seconds,
            "ai": AiDisclosure(**{"made_on": track.created_at.date().isoformat(), **known, **said})
            if known
            else recording.ai,
        }
    )


def _audio(track: Track) -> AudioFacts:
    """What was measured when the track came in. What was not stands at what no rule speaks of: clipping,
    silence, ends and stereo are judged where the file is, by `amv release check`.
    """
    audio = track.audio
    return AudioFacts(
        name=f"{track.id}.wav",
        container="wav",
        codec=f"PCM_{audio.bit_depth}",
        format_code=1,
        bytes_after_data=0,
        sample_rate=audio.sample_rate,
        channels=audio.channels,
        bit_depth=audio.bit_depth,
        duration_seconds=track.duration_seconds,
        size_bytes=audio.size_bytes,
        md5="",
        sha256=audio.sha256,
        pcm_sha256=audio.sha256,  # all masters are written alike: the same samples are the same file
        integrated_lufs=audio.lufs,
        true_peak_dbtp=audio.true_peak_dbtp,
        clipped_runs=0,
        leading_silence_seconds=0.0,
        trailing_silence_seconds=0.0,
        dc_offset=0.0,
        correlation=None,
        bandwidth_hz=audio.sample_rate / 2,
        end_dbfs=None,
    )
