"""What the server knows of a track and a cover, put where a release says nothing: sound, picture, and what a
machine made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.release.provenance_answers import provenance_answers
from aimusicverse.types import Artwork, Track
from aimusicverse.types.release import Recording, Release


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


def with_cover(release: Release, artwork: Artwork | None) -> Release:
    """The release with what its cover is known to be, where it says nothing of it.

    Args:
        release: as it was sent; what it says stays.
        artwork: that is its cover; `None`: one will be drawn here, by rules and without words.
    """
    drawn = artwork is None or artwork.source in ("generated", "template")
    cover, ai = release.cover, release.ai
    if artwork is not None:
        cover = cover.model_copy(update={"artwork_id": artwork.id})
    if drawn:
        words = [artwork.title, artwork.artist] if artwork is not None and artwork.lettering else []
        cover = cover.model_copy(
            update={
                "lettering": [word for word in words if word] if cover.lettering is None else cover.lettering,
                "rights": cover.rights or "own",
            }
        )
    made = "none" if artwork is None else artwork.provenance and artwork.provenance.ai
    if ai.artwork is None and made in ("none", "partly", "all"):
        ai = ai.model_copy(update={"artwork": made})
    return release.model_copy(update={"cover": cover, "ai": ai})


def of_cover(looked: ImageFacts | FileProblem | None) -> tuple[ImageFacts | None, list[FileProblem]]:
    """The facts of a cover, and what kept it from being looked into, as `validate` takes them."""
    if isinstance(looked, FileProblem):
        return None, [looked]
    return looked, []


def _recording(recording: Recording, release: Release, track: Track) -> Recording:
    """Answers of the release count before those of its tracks' provenance: a person gave them."""
    said = {
        **release.ai.model_dump(exclude_none=True),
        **({} if recording.ai is None else recording.ai.model_dump(exclude_none=True)),
    }
    known = provenance_answers(track)
    return recording.model_copy(
        update={
            "track_id": track.id,
            "duration_seconds": recording.duration_seconds or track.duration_seconds,
            "ai": recording.ai if known is None else known.model_copy(update=said),
        }
    )


#: Packages count it from the file itself; there is always one.
_NOT_COUNTED: Final = "0" * 32


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
        md5=_NOT_COUNTED,
        sha256=audio.sha256,
        pcm_sha256=audio.sha256,  # until the samples are counted, on the way to a store
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
