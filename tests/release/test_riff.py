"""WAV files by their chunks: what is in them is told as it is, and what lies is named."""

from __future__ import annotations

import io
import struct
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.audio.errors import AudioError
from aimusicverse.release import riff
from aimusicverse.release.audio_check import look_into


def chunk(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    """A chunk, with the byte that makes it even; `size`: what it says of itself."""
    even = b"\0" * (len(content) % 2)
    return kind + struct.pack("<I", len(content) if size is None else size) + content + even


def fmt(code: int = 1, channels: int = 2, rate: int = 44_100, bits: int = 16, more: bytes = b"") -> bytes:
    align = channels * bits // 8
    return chunk(
        b"fmt ", struct.pack("<HHIIHH", code, channels, rate, rate * align % 2**32, align, bits) + more
    )


def wav(*chunks: bytes, form: bytes = b"RIFF", size: int | None = None, after: bytes = b"") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return form + struct.pack("<I", len(body) if size is None else size) + body + after


SAMPLES = np.random.default_rng(1).integers(-9000, 9000, 8000, np.int16).tobytes()
DATA = chunk(b"data", SAMPLES)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "song.wav"
    path.write_bytes(content)
    return path


def read(folder: Path, content: bytes) -> riff.Riff:
    found = riff.read(written(folder, content))
    assert found is not None
    return found


def test_a_plain_file_is_read_as_it_lies(tmp_path: Path) -> None:
    found = read(tmp_path, wav(fmt(), chunk(b"LIST", b"INFOx"), DATA))
    assert (found.form, found.format_code, found.sub_format) == ("RIFF", 1, None)
    assert (found.channels, found.sample_rate, found.bits, found.valid_bits) == (2, 44_100, 16, None)
    assert [part.kind for part in found.chunks] == ["fmt ", "LIST", "data"]
    assert (found.data.start, found.data.size) == (12 + 24 + 14 + 8, len(SAMPLES))
    assert found.bytes_after == 0


@pytest.mark.parametrize(
    ("subtype", "format", "code", "sub_format"),
    [
        ("PCM_16", "WAV", 1, None),
        ("PCM_24", "WAV", 1, None),
        ("FLOAT", "WAV", 3, None),
        ("PCM_24", "WAVEX", 0xFFFE, 1),
        ("FLOAT", "WAVEX", 0xFFFE, 3),
        ("ULAW", "WAV", 7, None),
    ],
)
def test_the_format_code_is_the_one_that_libsndfile_wrote(
    tmp_path: Path, subtype: str, format: str, code: int, sub_format: int | None
) -> None:
    path = tmp_path / "song.wav"
    soundfile.write(path, np.zeros((100, 2)), 44_100, subtype, format=format)
    found = riff.read(path)
    assert found is not None
    assert (found.format_code, found.sub_format) == (code, sub_format)


def test_chunks_behind_the_samples_are_no_junk(tmp_path: Path) -> None:
    assert read(tmp_path, wav(fmt(), DATA, chunk(b"LIST", b"INFO"))).bytes_after == 0


@pytest.mark.parametrize("junk", [b"\0" * 7, b"TAG" + b"x" * 125, b"ID3\x04" + b"\0" * 60, b"\xff" * 9])
def test_what_stands_behind_the_end_is_counted(tmp_path: Path, junk: bytes) -> None:
    assert read(tmp_path, wav(fmt(), DATA, after=junk)).bytes_after == len(junk)


def test_a_chunk_behind_the_end_that_the_file_gives_does_not_belong_to_it(tmp_path: Path) -> None:
    after = chunk(b"junk", b"12345678")
    assert read(tmp_path, wav(fmt(), DATA, after=after)).bytes_after == len(after)


@pytest.mark.parametrize("is_padded", [True, False])
def test_an_odd_number_of_bytes_is_no_damage_with_or_without_the_even_one(
    tmp_path: Path, is_padded: bool
) -> None:
    content = wav(fmt(channels=1, bits=8), chunk(b"data", b"\x80" * 101))
    found = read(tmp_path, content if is_padded else content[:-1])
    assert (found.data.size, found.bytes_after) == (101, 0)


def test_the_chunk_after_an_odd_one_is_found(tmp_path: Path) -> None:
    found = read(tmp_path, wav(fmt(), chunk(b"note", b"odd"), DATA))
    assert found.data.size == len(SAMPLES)


def test_samples_that_run_past_the_end_are_told_by_how_much(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"song\.wav ends 100 bytes early") as caught:
        riff.read(written(tmp_path, wav(fmt(), DATA)[:-100]))
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0xFFFFFFF0])
def test_a_stream_that_never_learned_its_length_goes_on_to_the_end(tmp_path: Path, size: int) -> None:
    found = read(tmp_path, wav(fmt(), chunk(b"data", SAMPLES, size), size=size))
    assert (found.data.size, found.bytes_after) == (len(SAMPLES), 0)


@pytest.mark.parametrize("form", [b"RF64", b"BW64"])
def test_long_files_have_their_sizes_from_ds64(tmp_path: Path, form: bytes) -> None:
    sizes = chunk(b"ds64", struct.pack("<QQQI", 4 + 36 + 24 + 8 + len(SAMPLES), len(SAMPLES), 4000, 0))
    chunks = (sizes, fmt(), chunk(b"data", SAMPLES, 0xFFFFFFFF))
    found = read(tmp_path, wav(*chunks, form=form, size=0xFFFFFFFF, after=b"\1junk"))
    assert (found.form, found.data.size, found.bytes_after) == (form.decode(), len(SAMPLES), 5)


def test_the_most_significant_byte_may_come_first(tmp_path: Path) -> None:
    body = b"WAVEfmt " + struct.pack(">IHHIIHH", 16, 1, 2, 48_000, 192_000, 4, 16)
    body += b"data" + struct.pack(">I", 8) + bytes(8)
    found = read(tmp_path, b"RIFX" + struct.pack(">I", len(body)) + body)
    assert (found.form, found.format_code, found.sample_rate, found.data.size) == ("RIFX", 1, 48_000, 8)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (wav(fmt()), "no samples"),
        (wav(DATA), "how it is coded"),
        (wav(chunk(b"fmt ", b"\1\0\2\0"), DATA), "of 4 bytes, not 16"),
        (wav(fmt(), *[chunk(b"note", b"")] * 5000, DATA), "more than 4096 chunks"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(AudioError, match=words):
        riff.read(written(tmp_path, content))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"fLaC" + bytes(40), b"RIFF\0\0\0\0AVI ", b"ID3\4"])
def test_other_files_are_none(tmp_path: Path, content: bytes) -> None:
    assert riff.read(written(tmp_path, content)) is None


def test_a_file_that_is_not_there_is_an_audio_error(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"gone\.wav"):
        riff.read(tmp_path / "gone.wav")


def _sound(format: str, subtype: str) -> bytes:
    file, noise = io.BytesIO(), np.random.default_rng(2).uniform(-0.5, 0.5, (600, 2))
    soundfile.write(file, noise, 44_100, subtype, format=format)
    return file.getvalue()


#: Whole ones, to be damaged.
WHOLE = [
    _sound(format, subtype)
    for format, subtype in (
        ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAVEX", "PCM_24"), ("RF64", "PCM_16"), ("FLAC", "PCM_16"),
        ("AIFF", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"),
    )
]  # fmt: skip
WHOLE += [wav(fmt(), DATA), b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42\0\0\0\x08moov"]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound file with some bytes changed, cut somewhere, with something behind it."""
    content = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 6))):
        content[draw(st.integers(0, min(len(content), 120) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))]) + draw(st.binary(max_size=20))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(damaged(), st.binary(max_size=300), st.binary(max_size=200).map(lambda b: wav(b))))
def test_any_bytes_are_facts_or_an_audio_error(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    problem, began = None, time.process_time()
    try:
        facts = look_into(path)
    except AudioError as error:
        problem = error.message
    assert time.process_time() - began < 5  # of CPU; a rate of two billion once took forty
    if problem is None:
        assert facts.size_bytes == len(content)
        assert facts.duration_seconds > 0
    else:
        assert "song.wav" in problem
