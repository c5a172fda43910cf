"""Writes a sound file anew, in a form that every store takes: FLAC or WAV, stereo, 16 or 24 bits.

It repairs what only a file can be repaired in: an extensible WAV header, what stands behind the end, floats,
mono. How it sounds is not changed, but for floats above full scale, which would be clipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from aimusicverse.audio import files
from aimusicverse.audio.errors import AudioError
from aimusicverse.audio.filters import Floats
from aimusicverse.release.audio_check import look_into
from aimusicverse.release.copying import copy_checked
from aimusicverse.release.facts import AudioFacts
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.release.riff import IEEE_FLOAT, PCM

#: Hz, as Apple's list has them; Spotify takes these too.
_RATES: Final = (44_100, 48_000, 88_200, 96_000, 176_400, 192_000)
#: What floats above full scale are lowered to.
_CEILING_DBTP: Final = -1.0


@dataclass(frozen=True, slots=True)
class Master:
    """A file that was written.

    Args:
        path: where it is.
        done: what was changed, in words for a person; empty: it is the same file, byte by byte.
    """

    path: Path
    done: tuple[str, ...]


def master(source: Path, target: Path, *, facts: AudioFacts | None = None) -> Master:
    """Write `source` as `target`, whose ending says what it becomes: `.flac` or `.wav`.

    Samples of 16 and 24 bits stay as they are; finer ones and decoded lossy ones are dithered to 24. `target`
    appears whole or not at all.

    Args:
        source: any sound file that can be read.
        target: in a folder that is there.
        facts: of `source`, if it was looked into already.

    Raises:
        AudioError: `source` cannot be read; has more than two channels, or a sample rate that no store takes,
            for which there is no repair here; or `target` cannot be written.
    """
    form = target.suffix.lower().removeprefix(".")
    if form not in ("flac", "wav"):
        raise AudioError("unsupported_format", f"{target.name} must end in .flac or .wav")
    known = facts or look_into(source)
    _refuse(known)
    if _is_right(known, form):
        if source.resolve() != target.resolve():
            _copy(source, target, known)
        return Master(target, ())
    is_exact = known.codec in ("PCM_16", "PCM_24", "PCM_S8", "PCM_U8")
    depth = 16 if is_exact and known.codec != "PCM_24" else 24
    gain = _gain_db(known)
    with files.Writer(
        target,
        sample_rate=known.sample_rate,
        format=form,
        bit_depth=depth,
        dither=not is_exact,
    ) as writer:
        for block in _stereo(source, gain):
            writer.write(block)
    return Master(target, tuple(_done(known, form, depth, gain)))


def _refuse(known: AudioFacts) -> None:
    if known.channels > 2:
        raise AudioError(
            "unsupported_channels",
            f"{known.name} has {known.channels} channels; export a stereo mix, "
            f"or have one made: ffmpeg -i {known.name} -ac 2 stereo.wav",
        )
    if known.sample_rate not in _RATES:
        raise AudioError(
            "unsupported_format",
            f"{known.name} has {known.sample_rate:,} Hz, which stores do not take; export it at 44,100 Hz, "
            f"or have it made: ffmpeg -i {known.name} -ar 44100 song.wav",
        )


def _is_right(known: AudioFacts, form: str) -> bool:
    is_plain = known.format_code in (None, PCM) and known.bytes_after_data == 0
    is_stereo = known.channels == 2
    return known.container == form and known.codec in ("PCM_16", "PCM_24") and is_stereo and is_plain


def _copy(source: Path, target: Path, known: AudioFacts) -> None:
    """Only if it is still the file that was looked into: what is said of it is said of the copy."""
    part = target.with_name(f".{os.urandom(6).hex()}.part")  # its own name may be as long as names can be
    try:
        copy_checked(source, part, known)
        part.replace(target)
    except (CannotPackage, OSError) as error:
        part.unlink(missing_ok=True)
        cause = error if isinstance(error, OSError) else error.__cause__
        if isinstance(cause, OSError):
            raise AudioError("unwritable", f"cannot write {target.name}: {cause.strerror}") from None
        raise AudioError("unreadable", f"{source.name} has changed since it was looked into") from None


def _gain_db(known: AudioFacts) -> float:
    """To make floats fit that go above full scale; whole numbers cannot."""
    peak = known.true_peak_dbtp
    if known.codec not in ("FLOAT", "DOUBLE") or peak is None or peak <= 0:
        return 0.0
    return _CEILING_DBTP - peak


def _stereo(source: Path, gain_db: float) -> Iterator[Floats]:
    gain = 10 ** (gain_db / 20)
    for block in files.blocks(source):
        # NaN and infinities of floats are silence, as they are where they are measured.
        sound: Floats = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        sound = sound if gain_db == 0 else sound * gain
        yield sound if len(sound) == 2 else np.repeat(sound, 2, axis=0)


def _done(known: AudioFacts, form: str, depth: int, gain: float) -> Iterator[str]:
    if known.bit_depth is None:
        yield f"decoded {known.container.upper()} ({known.codec}): what it had left out stays left out"
    elif known.container != form:
        yield f"{known.container.upper()} written as {form.upper()}"
    elif known.container == "wav" and known.format_code not in (None, PCM, IEEE_FLOAT):
        yield f"format code 0x{known.format_code:04X} written as plain PCM"
    if known.bytes_after_data:
        yield f"{known.bytes_after_data} bytes behind the end left out"
    if known.bit_depth not in (None, depth):
        dither = ", with dither" if known.bit_depth > depth else ""
        yield f"{known.bit_depth} bits ({known.codec}) written as {depth}{dither}"
    if known.channels == 1:
        yield "mono written to both sides"
    if gain:
        yield f"lowered by {-gain:.1f} dB, as it went above full scale"
