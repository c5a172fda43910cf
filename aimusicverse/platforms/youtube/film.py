"""The video of a track: one picture and the sound, by the person's own ffmpeg.

The same picture, sound and ffmpeg give the same bytes, so that an upload can be gone on with after a restart.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.release.facts import AudioFacts
from aimusicverse.release.release_files import SoundFile

#: ffmpeg's names of what is in a file; it is not left to guess.
_DEMUXERS: Final = {"wav": "wav", "flac": "flac", "aiff": "aiff", "mp3": "mp3", "ogg": "ogg", "m4a": "mov"}
_SOUND_RATES: Final = (44_100, 48_000)
_ASK_SECONDS: Final = 0.5
_LAST_WORDS: Final = 200
_DONE: Final = re.compile(rb"out_time_us=(\d+)")


@dataclass(frozen=True, slots=True)
class Film:
    """A video file.

    Args:
        path: where it is.
        size: bytes.
        sha256: hex.
        seconds: how long it lasts: as long as its sound.
    """

    path: Path
    size: int
    sha256: str
    seconds: float


def require(ffmpeg: str) -> str:
    """Where the program is.

    Raises:
        DeliveryError: `setup`: it is not installed.
    """
    found = shutil.which(ffmpeg)
    if found is None:
        raise DeliveryError(
            general(
                "program_missing",
                f"YouTube takes videos alone, and the program that makes one ({ffmpeg}) is not installed.",
                hint="Whoever runs this server installs ffmpeg: apt-get install ffmpeg, brew install ffmpeg "
                "or winget install ffmpeg. Elsewhere than on the PATH AMV_FFMPEG names it. Retry then.",
            )
        )
    return found


def make_film(
    ffmpeg: str, frame: Path, sound: SoundFile, film: Path, progress: Callable[[float], None]
) -> Film:
    """Make it.

    Args:
        ffmpeg: the program.
        frame: the picture, as a PNG.
        sound: the track's master.
        film: the file that comes to be.
        progress: called at least twice a second, with 0 to 1. What it raises ends the program.

    Raises:
        DeliveryError: `setup`: no ffmpeg, or one that cannot do it; `metadata`: it does not read the sound.
    """
    program = require(ffmpeg)
    said = film.with_suffix(".log")
    with said.open("wb") as log:
        process = subprocess.Popen(
            [program, *_words(frame, sound, film)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # its reports
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us: we end it
        )
    try:
        code = _watched(process, sound.facts.duration_seconds, progress)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    if code != 0 or not film.exists():
        raise _failed(said, sound)
    with film.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Film(film, film.stat().st_size, digest, sound.facts.duration_seconds)


def _words(frame: Path, sound: SoundFile, film: Path) -> list[str]:
    facts = sound.facts
    frames, rate = _frames(facts)
    demuxer = _DEMUXERS.get(facts.container)
    # Read and drawn once, however often it is shown.
    still = (
        f"[0:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,loop=loop={frames - 1}:size=1[still]"
    )
    return [
        "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-protocol_whitelist", "file",
        "-f", "image2", "-pattern_type", "none", "-framerate", rate, "-i", f"file:{frame}",
        "-protocol_whitelist", "file", *(("-f", demuxer) if demuxer else ()), "-i", f"file:{sound.path}",
        "-filter_complex", still, "-map", "[still]", "-map", "1:a:0",
        "-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "18", "-g", "60",
        "-threads:v", "1",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        # The quick way of the encoder is the better one at such a rate, by its own manual.
        "-c:a", "aac", "-aac_coder", "fast", "-b:a", "320k", "-ac", "2",
        *(() if facts.sample_rate in _SOUND_RATES else ("-ar", "48000")),
        "-t", f"{facts.duration_seconds:.6f}",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
        "-movflags", "+faststart", "-progress", "pipe:1", "-f", "mp4", f"file:{film}",
    ]  # fmt: skip


def _frames(facts: AudioFacts) -> tuple[int, str]:
    """How many, and how many a second: about one, and so that the last one ends with the sound."""
    milliseconds = max(round(facts.duration_seconds * 1000), 1)
    frames = max(round(milliseconds / 1000), 1)
    return frames, f"{frames * 1000}/{milliseconds}"


def _watched(process: subprocess.Popen[bytes], seconds: float, progress: Callable[[float], None]) -> int:
    done = _Done()
    reader = threading.Thread(target=done.read, args=(process.stdout,), name="ffmpeg", daemon=True)
    reader.start()
    try:
        while True:
            progress(min(done.seconds / seconds, 1.0) if seconds else 1.0)
            try:
                code = process.wait(_ASK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            progress(1.0)
            return code
    finally:
        if process.poll() is None:
            process.kill()
        reader.join()
        if process.stdout is not None:
            process.stdout.close()


class _Done:
    """How far it is, by what it reports."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self, reports: IO[bytes]) -> None:
        for line in reports:
            if found := _DONE.match(line):
                self.seconds = int(found[1]) / 1_000_000


def _failed(said: Path, sound: SoundFile) -> DeliveryError:
    words = said.read_bytes().decode("utf-8", "replace")
    if "Unknown encoder" in words or "Unrecognized option" in words or "No such filter" in words:
        return DeliveryError(
            general(
                "program_missing",
                "The ffmpeg that is installed cannot make the video: it lacks libx264 or AAC, or is too old.",
                hint="Whoever runs this server installs a full ffmpeg, 4.3 or later. Retry then.",
            )
        )
    if "No space left" in words:
        return DeliveryError(general("disk_full"))
    line = " ".join(words.replace(str(sound.path.parent), "").replace(str(said.parent), "").split())
    return DeliveryError(
        general("audio_unusable", f"ffmpeg cannot make a video of {sound.facts.name}: {line[:_LAST_WORDS]}")
    )
