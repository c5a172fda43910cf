"""What is said of real sound files, and what rules make of it: nothing of good ones, the truth of bad."""

from __future__ import annotations

import hashlib
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from aimusicverse.audio.errors import AudioError
from aimusicverse.release.audio_check import look_into
from tests.release.bad_releases import ALL_STORES
from tests.release.real_files import RATE, Make, ffmpeg, music, needs_ffmpeg, said, save, studio_render
from tests.release.test_riff import fmt, wav

MUSIC = music()
SHORT = music(8)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return save(tmp_path / "song.wav", MUSIC)


@pytest.fixture
def render(tmp_path: Path) -> Path:
    path = tmp_path / "studio.wav"
    path.write_bytes(studio_render())
    return path


def test_all_that_is_known_of_a_file(song: Path) -> None:
    facts = look_into(song)
    content = song.read_bytes()
    assert (facts.name, facts.container, facts.codec, facts.bit_depth) == ("song.wav", "wav", "PCM_24", 24)
    assert (facts.format_code, facts.bytes_after_data, facts.channels, facts.sample_rate) == (1, 0, 2, RATE)
    assert facts.duration_seconds == len(MUSIC) / RATE
    assert facts.size_bytes == len(content)
    assert facts.md5 == hashlib.md5(content).hexdigest()
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert facts.pcm_sha256 == hashlib.sha256(soundfile.read(song, dtype="float32")[0].tobytes()).hexdigest()
    assert facts.correlation == pytest.approx(np.corrcoef(MUSIC.T)[0, 1], abs=1e-4)
    assert facts.clipped_runs == 0
    assert facts.dc_offset == pytest.approx(MUSIC.mean(axis=0)[np.abs(MUSIC.mean(axis=0)).argmax()], abs=1e-5)
    assert facts.bandwidth_hz > 18_000


def test_a_good_file_is_left_alone_everywhere(song: Path) -> None:
    assert said(*ALL_STORES, audio=look_into(song)) == {}


@pytest.mark.long
def test_what_the_studio_renders_is_left_alone_everywhere(render: Path) -> None:
    assert said(*ALL_STORES, audio=look_into(render)) == {}


def test_what_the_studio_renders_is_left_alone_as_flac_too(render: Path, tmp_path: Path) -> None:
    sound, rate = soundfile.read(render, dtype="float32")
    facts = look_into(save(tmp_path / "studio.flac", sound, rate))
    assert said(*ALL_STORES, audio=facts) == {}


@pytest.mark.parametrize(
    ("name", "subtype"), [("a.flac", "PCM_24"), ("a.aiff", "PCM_24"), ("a.wav", "FLOAT")]
)
def test_the_same_sound_has_the_same_hash_in_any_lossless_coding(
    song: Path, tmp_path: Path, name: str, subtype: str
) -> None:
    sound, rate = soundfile.read(song, dtype="float32")
    assert look_into(save(tmp_path / name, sound, rate, subtype)).pcm_sha256 == look_into(song).pcm_sha256


def test_mono_has_no_correlation_and_the_same_on_both_sides_has_all(tmp_path: Path) -> None:
    mono = MUSIC[:, :1]
    assert look_into(save(tmp_path / "mono.wav", mono)).correlation is None
    both = look_into(save(tmp_path / "both.wav", np.repeat(mono, 2, axis=1)))
    assert both.correlation == pytest.approx(1)


def test_a_minus_zero_is_a_zero(tmp_path: Path) -> None:
    zeros = np.zeros((1000, 2), np.float32)
    one = look_into(save(tmp_path / "a.wav", zeros, subtype="FLOAT"))
    other = look_into(save(tmp_path / "b.wav", -zeros, subtype="FLOAT"))
    assert one.pcm_sha256 == other.pcm_sha256
    assert one.sha256 != other.sha256


@needs_ffmpeg
@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_ffmpeg_measures_the_same(tmp_path: Path, rate: int) -> None:
    path = save(tmp_path / "song.wav", music(12, rate), rate)
    words = ffmpeg("-i", path, "-af", "ebur128=peak=true", "-f", "null", "-").rpartition("Summary:")[2]
    facts = look_into(path)
    assert facts.integrated_lufs == pytest.approx(float(re.search(r"I:\s+(\S+) LUFS", words)[1]), abs=0.1)  # type: ignore[index]
    assert facts.true_peak_dbtp == pytest.approx(float(re.search(r"Peak:\s+(\S+) dBFS", words)[1]), abs=0.2)  # type: ignore[index]


# --- what is bad is caught, from the file to the finding ---


def _clipped(path: Path) -> Path:
    return save(path / "song.wav", np.clip(SHORT * 6, -1, 1))


def _cut(path: Path) -> Path:
    return save(path / "song.wav", music(16)[: 8 * RATE])


def _extensible(path: Path) -> Path:
    return save(path / "song.wav", SHORT, format="WAVEX")


def _with_junk(path: Path) -> Path:
    song = save(path / "song.wav", SHORT)
    song.write_bytes(song.read_bytes() + b"TAG" + b"Paper Lanterns".ljust(125, b"\0"))
    return song


def _mp3(path: Path) -> Path:
    return save(path / "song.mp3", SHORT, subtype="MPEG_LAYER_III")


def _mp3_called_wav(path: Path) -> Path:
    return _mp3(path).rename(path / "song.wav")


def _ogg(path: Path) -> Path:
    return save(path / "song.ogg", SHORT, subtype="VORBIS")


def _floats(path: Path) -> Path:
    return save(path / "song.wav", SHORT, subtype="FLOAT")


def _long_wav(path: Path) -> Path:
    return save(path / "song.wav", SHORT, format="RF64")


def _mono(path: Path) -> Path:
    return save(path / "song.wav", SHORT[:, 0])


def _surround(path: Path) -> Path:
    return save(path / "song.wav", np.repeat(SHORT[:, :1], 6, axis=1) / 2, format="WAV")


def _low_rate(path: Path) -> Path:
    return save(path / "song.wav", music(8, 22_050), 22_050)


def _odd_rate(path: Path) -> Path:
    return save(path / "song.wav", music(8, 50_000), 50_000)


def _short(path: Path) -> Path:
    return save(path / "song.wav", music(12))


def _silent(path: Path) -> Path:
    return save(path / "song.wav", np.zeros((8 * RATE, 2)))


def _late(path: Path) -> Path:
    return save(path / "song.wav", np.concatenate([np.zeros((5 * RATE, 2), np.float32), SHORT]))


def _early(path: Path) -> Path:
    return save(path / "song.wav", np.concatenate([SHORT, np.zeros((11 * RATE, 2), np.float32)]))


def _shifted(path: Path) -> Path:
    return save(path / "song.wav", SHORT * 0.9 + 0.05)


def _inverted(path: Path) -> Path:
    return save(path / "song.wav", SHORT[:, :1] * np.array([1, -1], np.float32))


def _hot(path: Path) -> Path:
    """A sine of a quarter of the rate whose samples miss its tops: +3 dB between them."""
    tone = np.zeros((RATE // 10, 2), np.float32)
    tone += (0.9 * np.sin(np.pi / 2 * np.arange(RATE // 10) + np.pi / 4))[:, None] / np.sqrt(0.5)
    sound = SHORT.copy()
    sound[5 * RATE : 5 * RATE + len(tone)] = np.clip(tone, -0.95, 0.95)
    return save(path / "song.wav", sound)


def _loud(path: Path) -> Path:
    return save(path / "song.wav", np.tanh(SHORT * 4) * 0.93)


def _telephone(path: Path) -> Path:
    return save(path / "song.wav", SHORT, subtype="ULAW")


def _eight_bits(path: Path) -> Path:
    return save(path / "song.wav", SHORT, subtype="PCM_U8")


CAUGHT: dict[str, tuple[Make, str, dict[str, str]]] = {
    "clipped": (_clipped, "spotify", {"AU-CLIP": "warning", "AU-TP": "warning", "AU-LUFS": "info"}),
    "cut off in the middle": (_cut, "spotify", {"AU-CUT": "warning"}),
    "an extensible WAV": (_extensible, "spotify", {"AU-WAV-TAG": "error"}),
    "a tag behind the end": (_with_junk, "spotify", {"AU-WAV-TAG": "error"}),
    "an MP3": (_mp3, "apple_music", {"AU-FMT": "error"}),
    "an MP3 called WAV": (_mp3_called_wav, "spotify", {"AU-FMT": "error"}),
    "an Ogg": (_ogg, "spotify", {"AU-FMT": "error"}),
    "floats": (_floats, "spotify", {"AU-BITS": "error"}),
    "a long WAV": (_long_wav, "spotify", {"AU-FMT": "error"}),
    "mono": (_mono, "spotify", {"AU-CH": "error", "AU-LUFS": "info"}),
    "5.1": (_surround, "spotify", {"AU-CH": "error"}),
    "22.05 kHz": (_low_rate, "spotify", {"AU-SR": "error"}),
    "50 kHz": (_odd_rate, "apple_music", {"AU-SR": "error"}),
    "12 seconds": (_short, "spotify", {"AU-MIN": "warning"}),
    "silent": (_silent, "soundcloud", {"AU-SILENT": "error"}),
    "5 seconds of silence first": (_late, "spotify", {"AU-SILENCE": "warning"}),
    "11 seconds of silence last": (_early, "soundcloud", {"AU-SILENCE": "warning"}),
    "an offset": (_shifted, "soundcloud", {"AU-DC": "warning"}),
    "one side inverted": (_inverted, "soundcloud", {"AU-PHASE": "warning"}),
    "high between the samples": (_hot, "apple_music", {"AU-TP": "warning"}),
    "loud": (_loud, "spotify", {"AU-LUFS": "info", "AU-TP": "warning"}),
    "coded for the telephone": (_telephone, "spotify", {"AU-BITS": "error", "AU-WAV-TAG": "error"}),
    "8 bits": (_eight_bits, "spotify", {"AU-BITS": "error"}),
}


@pytest.mark.parametrize(("make", "store", "rules"), CAUGHT.values(), ids=CAUGHT)
def test_a_bad_file_is_caught(make: Make, store: str, rules: dict[str, str], tmp_path: Path) -> None:
    found = said(store, audio=look_into(make(tmp_path)))
    # How loud and how long the sound of a test is does not matter, where that is not the fault.
    ours = {rule: how for rule, how in found.items() if rule in rules or rule not in ("AU-LUFS", "AU-MIN")}
    assert ours == rules


# --- lossy sources ---


def _rewrapped(path: Path, *coding: str, depth: str = "pcm_s24le") -> Path:
    source = save(path / "source.wav", SHORT)
    ffmpeg("-i", source, *coding, path / "lossy.mka")
    ffmpeg("-i", path / "lossy.mka", "-c:a", depth, path / "song.wav")
    return path / "song.wav"


@needs_ffmpeg
@pytest.mark.parametrize("depth", ["pcm_s16le", "pcm_s24le"])
@pytest.mark.parametrize(
    "coding",
    [
        ("-c:a", "libmp3lame", "-b:a", "128k"),
        ("-c:a", "libmp3lame", "-b:a", "96k"),
        ("-c:a", "aac", "-b:a", "128k"),
        ("-c:a", "aac", "-cutoff", "16000", "-b:a", "192k"),
    ],
    ids=" ".join,
)
def test_a_lossy_source_in_a_wav_is_told(tmp_path: Path, coding: tuple[str, ...], depth: str) -> None:
    facts = look_into(_rewrapped(tmp_path, *coding, depth=depth))
    assert facts.bandwidth_hz == pytest.approx(16_500, abs=1_700)
    assert said("spotify", audio=facts)["AU-UPCONV"] == "warning"


def test_the_mp3_of_our_own_writer_is_told_once_it_is_a_wav_again(tmp_path: Path) -> None:
    sound, rate = SHORT, RATE
    save(tmp_path / "a.mp3", sound, rate, "MPEG_LAYER_III", bitrate_mode="CONSTANT", compression_level=0.72)
    decoded, rate = soundfile.read(tmp_path / "a.mp3", dtype="float32")
    facts = look_into(save(tmp_path / "song.wav", decoded, rate, "PCM_16"))
    assert facts.cliff_db >= 20
    assert said("apple_music", audio=facts)["AU-UPCONV"] == "warning"


def _filtered(order: int, corner: float) -> np.ndarray:
    """Dull music: it falls by 6 dB an octave and order from a corner on."""
    spectrum = np.fft.rfft(SHORT, axis=0)
    frequencies = np.fft.rfftfreq(len(SHORT), 1 / RATE)[:, None]
    return np.fft.irfft(spectrum / np.sqrt(1 + (frequencies / corner) ** (2 * order)), len(SHORT), axis=0)


HONEST = {
    "a warm filter": _filtered(2, 3_000),
    "a tape": _filtered(4, 9_000),
    "a steep filter of a synthesizer": _filtered(8, 6_000),
    "very quiet": SHORT * 0.003,
    "a bass alone": np.stack([0.5 * np.sin(2 * np.pi * 55 * np.arange(8 * RATE) / RATE)] * 2, axis=1),
    "a tone at 12 kHz": np.stack([0.1 * np.sin(2 * np.pi * 12_000 * np.arange(8 * RATE) / RATE)] * 2, axis=1),
    "a click and nothing else": np.eye(1, 8 * RATE, 1000).T * [0.5, 0.5],
}


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("sound", HONEST.values(), ids=HONEST)
def test_dull_and_quiet_music_is_not_taken_for_a_lossy_source(
    sound: np.ndarray, subtype: str, tmp_path: Path
) -> None:
    facts = look_into(save(tmp_path / "song.wav", sound, RATE, subtype))
    assert "AU-UPCONV" not in said("spotify", audio=facts)


# --- what cannot be looked into ---


def _named(path: Path, name: str, content: bytes) -> Path:
    (path / name).write_bytes(content)
    return path / name


UNREADABLE: dict[str, tuple[Make, str, str]] = {
    "missing": (lambda path: path / "gone.wav", "unreadable", r"gone\.wav is not there"),
    "a folder": (lambda path: path, "unreadable", "is a folder"),
    "no bytes": (lambda path: _named(path, "a.wav", b""), "unreadable", r"a\.wav is empty: it has 0 bytes"),
    "no samples": (
        lambda path: save(path / "a.wav", np.zeros((0, 2))), "unreadable", r"a\.wav is empty: .* no sound"
    ),
    "text": (lambda path: _named(path, "a.wav", b"Lantern\n" * 50), "unreadable", r"a\.wav is no sound file"),
    "a picture": (lambda path: _named(path, "a.wav", b"\xff\xd8\xff" + bytes(500)), "unreadable", r"a\.wav"),
    "a header alone": (lambda path: _named(path, "a.wav", b"RIFF\0\0\0\0WAVE"), "unreadable", "no samples"),
    "half of a WAV": (
        lambda path: _named(path, "a.wav", save(path / "b.wav", SHORT).read_bytes()[:500_000]),
        "truncated", r"a\.wav ends \d+ bytes early",
    ),
    "half of a FLAC": (
        lambda path: _named(path, "a.flac", save(path / "b.flac", SHORT).read_bytes()[:500_000]),
        "unreadable", r"a\.flac is damaged",
    ),
    "a sample rate of two billion": (
        lambda path: _named(path, "a.wav", wav(fmt(rate=2_130_739_268), b"data\x08\0\0\0" + bytes(8))),
        "unreadable", r"a\.wav is damaged: its sample rate would be 2,130,739,268 Hz",
    ),
    "whole numbers written as floats": (
        lambda path: save(path / "a.wav", SHORT * 32_768, subtype="FLOAT"),
        "unreadable", r"a\.wav has samples [\d,]+ times as high as full scale",
    ),
    "a BW64": (
        lambda path: _named(path, "a.wav", wav(fmt(), b"data\x08\0\0\0" + bytes(8), form=b"BW64")),
        "unsupported_format", r"ffmpeg -i a\.wav",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "code", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_says_why(make: Make, code: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=words) as caught:
        look_into(make(tmp_path))
    assert caught.value.code == code


def test_samples_that_overflow_when_squared_are_an_audio_error(tmp_path: Path) -> None:
    sound = np.full((5000, 2), 3e38, np.float32)
    sound[100] = [np.inf, -np.inf]
    with pytest.raises(AudioError, match="times as high as full scale"):
        look_into(save(tmp_path / "a.wav", sound, subtype="FLOAT"))


@needs_ffmpeg
@pytest.mark.parametrize(("coding", "name"), [("aac", "AAC"), ("alac", "ALAC")])
def test_an_m4a_is_named_with_what_to_do(coding: str, name: str, tmp_path: Path) -> None:
    ffmpeg("-i", save(tmp_path / "a.wav", SHORT[:RATE]), "-c:a", coding, tmp_path / "song.m4a")
    with pytest.raises(AudioError, match=rf"MP4 file with {name}.*ffmpeg -i song\.m4a") as caught:
        look_into(tmp_path / "song.m4a")
    assert caught.value.code == "unsupported_format"


def test_an_mp4_whose_boxes_lie_is_still_an_mp4(tmp_path: Path) -> None:
    for inside in (
        b"",
        b"\xff" * 40,
        b"\0\0\0\1moov" + bytes(20),
        b"\0\0\0\7moov",
        b"\0\0\0\0moov\0\0\0\0trak",
    ):
        path = _named(tmp_path, "song.m4a", b"\0\0\0\x14ftypM4A \0\0\0\0M4A " + inside)
        with pytest.raises(AudioError, match="MP4 file with unknown sound"):
            look_into(path)


# --- bounds ---


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def most(seconds: int) -> int:
        path = save(
            tmp_path / f"{seconds}.wav", np.tile(SHORT[: 5 * RATE], (seconds // 5, 1)), subtype="PCM_16"
        )
        tracemalloc.start()
        look_into(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(5)  # what is imported once
    assert most(60) < most(20) + 4_000_000


@pytest.mark.parametrize("count", [1, 2, 3, 63, 64, 2205, 4095, 4096, 4097])
def test_the_shortest_files_are_read(tmp_path: Path, count: int) -> None:
    facts = look_into(save(tmp_path / "a.wav", SHORT[:count] + 0.01))
    assert facts.duration_seconds == count / RATE
    assert facts.end_dbfs is not None


@pytest.mark.parametrize("rate", [1, 100, 8_000, 11_025, 192_000, 384_000])
def test_any_rate_is_read(tmp_path: Path, rate: int) -> None:
    assert look_into(save(tmp_path / "a.wav", SHORT[:5000], rate)).sample_rate == rate


def test_the_end_is_measured_over_its_last_fiftieth_part_of_two_seconds(tmp_path: Path) -> None:
    sound = np.zeros((RATE, 2), np.float32)
    sound[-2205:] = 0.1
    facts = look_into(save(tmp_path / "a.wav", sound))
    assert facts.end_dbfs == pytest.approx(-20, abs=0.01)
    assert replace(facts, end_dbfs=None) != facts
