"""A file that is written anew passes where its source did not, and sounds the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from aimusicverse.audio.errors import AudioError
from aimusicverse.release.audio_check import look_into
from aimusicverse.release.master import master
from tests.release.real_files import RATE, music, said, save

MUSIC = music(4)
#: What 4 seconds of a test's own sound have for themselves.
OWN = {"AU-MIN", "AU-LUFS"}


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


SOURCES: dict[str, tuple[str, Any, dict[str, Any], list[str]]] = {
    "an extensible WAV": (
        "song.wav", MUSIC, {"format": "WAVEX"}, ["format code 0xFFFE written as plain PCM"]
    ),
    "floats": ("song.wav", MUSIC, {"subtype": "FLOAT"}, ["32 bits (FLOAT) written as 24, with dither"]),
    "doubles": ("song.wav", MUSIC, {"subtype": "DOUBLE"}, ["64 bits (DOUBLE) written as 24, with dither"]),
    "32 bits": ("song.wav", MUSIC, {"subtype": "PCM_32"}, ["32 bits (PCM_32) written as 24, with dither"]),
    "8 bits": ("song.wav", MUSIC, {"subtype": "PCM_U8"}, ["8 bits (PCM_U8) written as 16"]),
    "mono": ("song.wav", MUSIC[:, 0], {}, ["mono written to both sides"]),
    "an AIFF": ("song.aiff", MUSIC, {}, ["AIFF written as WAV"]),
    "a long WAV": ("song.wav", MUSIC, {"format": "RF64"}, ["RF64 written as WAV"]),
    "an MP3": (
        "song.mp3", MUSIC, {"subtype": "MPEG_LAYER_III"},
        ["decoded MP3 (MPEG_LAYER_III): what it had left out stays left out"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "sound", "how", "done"), SOURCES.values(), ids=SOURCES)
def test_what_does_not_pass_does_once_it_is_written_anew(
    name: str, sound: Any, how: dict[str, Any], done: list[str], tmp_path: Path
) -> None:
    source = save(tmp_path / name, sound, **how)
    assert set(said("spotify", "apple_music", audio=look_into(source))) - OWN
    for target in (tmp_path / "master.wav", tmp_path / "master.flac"):
        made = master(source, target)
        facts = look_into(target)
        # That something is missing above 16 kHz stays as true as it was.
        assert set(said("spotify", "apple_music", audio=facts)) <= OWN | (
            {"AU-UPCONV"} if ".mp3" in name else OWN
        )
        assert made.path == target
        if target.suffix == ".wav":
            assert list(made.done) == done
        written = soundfile.read(target, dtype="float64")[0]
        heard = soundfile.read(source, dtype="float64", always_2d=True)[0]
        assert np.abs(written - heard).max() < 2**-22


def test_a_tag_behind_the_end_is_left_out(tmp_path: Path) -> None:
    source = save(tmp_path / "song.wav", MUSIC)
    source.write_bytes(source.read_bytes() + b"TAG" + bytes(125))
    made = master(source, tmp_path / "master.wav")
    assert made.done == ("128 bytes behind the end left out",)
    assert look_into(made.path).bytes_after_data == 0


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_what_passes_is_the_same_file_and_in_another_coding_the_same_samples(
    subtype: str, tmp_path: Path
) -> None:
    source = save(tmp_path / "song.wav", MUSIC, subtype=subtype)
    assert master(source, tmp_path / "copy.wav").done == ()
    assert (tmp_path / "copy.wav").read_bytes() == source.read_bytes()
    assert master(source, tmp_path / "song.flac").done == ("WAV written as FLAC",)
    assert look_into(tmp_path / "song.flac").pcm_sha256 == look_into(source).pcm_sha256


def test_floats_above_full_scale_are_lowered_and_not_clipped(tmp_path: Path) -> None:
    source = save(tmp_path / "song.wav", MUSIC * 3, subtype="FLOAT")
    made = master(source, tmp_path / "master.wav")
    assert made.done[-1].startswith("lowered by ")
    facts = look_into(made.path)
    assert facts.clipped_runs == 0
    assert facts.true_peak_dbtp == pytest.approx(-1, abs=0.05)


def test_twice_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    source = save(tmp_path / "song.wav", MUSIC, subtype="FLOAT")
    one, other = (master(source, tmp_path / name).path for name in ("a.flac", "b.flac"))
    assert one.read_bytes() == other.read_bytes()


def test_dither_keeps_what_is_quieter_than_a_step(tmp_path: Path) -> None:
    step = 2.0**-23
    tone = 0.4 * step * np.sin(2 * np.pi * 1000 * np.arange(4 * RATE) / RATE)
    source = save(tmp_path / "song.wav", np.stack([tone, tone], axis=1), subtype="DOUBLE")
    sound = soundfile.read(master(source, tmp_path / "master.wav").path)[0][:, 0]
    spectrum = np.abs(np.fft.rfft(sound))
    assert spectrum.argmax() == 4 * 1000


def test_a_file_may_be_written_in_its_own_place(tmp_path: Path) -> None:
    source = save(tmp_path / "song.wav", MUSIC[:, 0])
    assert master(source, source).done == ("mono written to both sides",)
    assert look_into(source).channels == 2
    assert master(source, source).done == ()
    assert _names(tmp_path) == ["song.wav"]


@pytest.mark.parametrize(
    ("channels", "rate", "target", "code", "words"),
    [
        (6, RATE, "a.wav", "unsupported_channels", r"6 channels.*ffmpeg -i song\.wav -ac 2"),
        (2, 22_050, "a.wav", "unsupported_format", r"22,050 Hz.*ffmpeg -i song\.wav -ar 44100"),
        (2, RATE, "a.mp3", "unsupported_format", r"a\.mp3 must end in \.flac or \.wav"),
    ],
)
def test_what_it_cannot_repair_it_says(
    channels: int, rate: int, target: str, code: str, words: str, tmp_path: Path
) -> None:
    source = save(tmp_path / "song.wav", np.repeat(MUSIC[:, :1], channels, axis=1), rate)
    with pytest.raises(AudioError, match=words) as caught:
        master(source, tmp_path / target)
    assert caught.value.code == code
    assert _names(tmp_path) == ["song.wav"]


def test_a_damaged_source_leaves_nothing_behind(tmp_path: Path) -> None:
    whole = save(tmp_path / "whole.flac", MUSIC)
    facts = look_into(whole)
    (tmp_path / "song.flac").write_bytes(whole.read_bytes()[:200_000])
    with pytest.raises(AudioError):
        master(tmp_path / "song.flac", tmp_path / "master.wav", facts=facts)
    assert _names(tmp_path) == ["song.flac", "whole.flac"]


def test_a_folder_that_is_not_there_is_an_audio_error(tmp_path: Path) -> None:
    source = save(tmp_path / "song.wav", MUSIC)
    for target in (tmp_path / "gone" / "a.wav", tmp_path / "gone" / "a.flac"):
        with pytest.raises(AudioError, match=rf"cannot write {target.name}") as caught:
            master(source, target)
        assert caught.value.code == "unwritable"


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_a_name_as_long_as_a_file_system_takes_can_be_written(tmp_path: Path, subtype: str) -> None:
    source = tmp_path / "song.wav"
    soundfile.write(source, np.zeros((4410, 2)), 44100, subtype=subtype)
    made = master(source, tmp_path / f"{'a' * 251}.wav")
    assert made.path.stat().st_size > 4410
    assert len(list(tmp_path.iterdir())) == 2
