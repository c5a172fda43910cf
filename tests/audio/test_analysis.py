"""Whole files: known answers, other people's figures, and everything that must not make it fall over."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aimusicverse.audio.analysis import analyze
from aimusicverse.audio.errors import AudioError
from tests.audio.signals import RATE, cadence, clicks, judged, noise, save, sine


def test_a_level_is_what_it_was_made_to_be(tmp_path):
    # EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS has -23 LUFS.
    found = analyze(save(tmp_path / "a.wav", np.tile(sine(20, 1000, -23), (2, 1))))
    assert found.integrated_lufs == pytest.approx(-23, abs=0.1)
    assert found.max_short_term_lufs == pytest.approx(-23, abs=0.1)
    assert found.true_peak_dbtp == pytest.approx(-23, abs=0.1)
    assert found.sample_peak_dbfs == pytest.approx(-23, abs=0.01)
    assert found.loudness_range_lu == pytest.approx(0, abs=0.1)
    assert (found.tempo, found.key, len(found.sections)) == (None, None, 1)


def test_music_has_everything(tmp_path):
    sound = cadence(57, minor=True, times=3)
    found = analyze(save(tmp_path / "a.flac", np.tile(sound + clicks(120, 12), (2, 1)), subtype="PCM_16"))
    assert (found.format, found.subtype, found.bit_depth) == ("flac", "PCM_16", 16)
    assert (found.channels, found.sample_rate, found.duration_seconds) == (2, RATE, 12)
    assert found.tempo.bpm == pytest.approx(120, rel=0.005)
    assert found.key.name == "A minor"


#: What ffmpeg 5.1 (ebur128) and librosa 0.11 say of the files of benchmarks/analysis_judges.py, on
#: 2026-11-22: LUFS, LU of range, dBTP, bpm (times ½, 1 or 2 ours), key.
JUDGED = {
    "clicks-66.wav": (-33.6, 1.2, -4.2, 66.26, None),
    "clicks-128.flac": (-32.5, 0.7, -4.1, 129.20, None),
    "clicks-185.wav": (-33.6, 0.4, -5.2, 92.29, None),
    "cadence-a-minor.flac": (-26.7, 0.1, -14.5, 60.09, "A minor"),
    "cadence-e-flat.wav": (-26.6, 0.0, -14.5, 60.09, "D# major"),
    "sine-5.1.wav": (-18.1, 0.0, -20.0, None, None),
    "clipped.wav": (-0.8, 0.0, 0.2, None, None),
    "noise-and-gaps.wav": (-17.3, 14.7, -6.3, None, None),
}


@pytest.mark.parametrize("name", JUDGED)
def test_the_figures_of_ffmpeg_and_librosa_are_ours(tmp_path, name):
    lufs, range_lu, true_peak, bpm, key = JUDGED[name]
    found = analyze(save(tmp_path / name, *judged()[name]))
    assert found.integrated_lufs == pytest.approx(lufs, abs=0.1)
    assert found.loudness_range_lu == pytest.approx(range_lu, abs=1)
    assert found.true_peak_dbtp == pytest.approx(true_peak, abs=0.2)
    assert (found.key and found.key.name) == key
    if bpm is None:
        assert found.tempo is None
    else:
        assert min(abs(found.tempo.bpm * factor / bpm - 1) for factor in (0.5, 1, 2)) < 0.03


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 48_000, 96_000, 192_000])
def test_any_rate_and_mono(tmp_path, rate):
    found = analyze(save(tmp_path / "a.wav", sine(4, 997, -20, rate), rate))
    # One channel has 3 dB less than the same in two.
    assert found.integrated_lufs == pytest.approx(-23, abs=0.2)
    assert found.true_peak_dbtp == pytest.approx(-20, abs=0.2)


def test_five_point_one_counts_its_sides_more_and_its_bass_effects_not_at_all(tmp_path):
    silent = np.zeros((6, RATE * 3))
    measured = []
    for channel in range(6):
        sound = silent.copy()
        sound[channel] = sine(3, 997, -20)
        measured.append(analyze(save(tmp_path / "a.wav", sound)).integrated_lufs)
    assert measured[:3] == pytest.approx([-23] * 3, abs=0.1)
    assert measured[3] is None
    assert measured[4:] == pytest.approx([-21.5] * 2, abs=0.1)


def test_more_channels_than_the_rule_knows_have_peaks_but_no_loudness(tmp_path):
    found = analyze(save(tmp_path / "a.wav", np.tile(sine(2), (7, 1))))
    assert found.integrated_lufs is None
    assert found.true_peak_dbtp == pytest.approx(-6, abs=0.1)


@pytest.mark.parametrize(
    "sound",
    [np.zeros((2, 0)), np.zeros((2, 1)), np.zeros((2, RATE * 10)), np.eye(1, RATE * 10, RATE * 4), noise(1)],
    ids=["0 samples", "1 sample", "silence", "a click", "1 s of noise"],
)
def test_what_is_not_known_is_not_made_up(tmp_path, sound):
    found = analyze(save(tmp_path / "a.wav", sound))
    assert found.tempo is None
    assert found.key is None
    assert found.max_short_term_lufs is None or found.duration_seconds >= 3
    if not sound.any():
        assert (found.integrated_lufs, found.true_peak_dbtp, found.sections) == (None, None, ())


def test_a_float_file_may_go_over_full_scale_and_hold_no_numbers(tmp_path):
    sound = 1.5 * sine(2, level_dbfs=0)
    sound[100] = np.nan
    found = analyze(save(tmp_path / "a.wav", sound, subtype="FLOAT"))
    assert found.sample_peak_dbfs == pytest.approx(3.52, abs=0.01)
    assert found.non_finite_samples == 1
    assert found.clipped


@pytest.mark.parametrize("rate", [1, 100, 3999])
def test_an_absurd_rate_is_no_crash(tmp_path, rate):
    found = analyze(save(tmp_path / "a.wav", noise(1)[:2000], rate))
    assert found.duration_seconds == 2000 / rate
    assert (found.integrated_lufs, found.tempo, found.key) == (None, None, None)


def test_an_mp3_is_read_too(tmp_path):
    found = analyze(save(tmp_path / "a.mp3", np.tile(cadence(60), (2, 1)), subtype="MPEG_LAYER_III"))
    assert (found.format, found.bit_depth, found.key.name) == ("mp3", None, "C major")


def broken(tmp_path, name, change):
    path = save(tmp_path / name, noise(2), subtype="PCM_16")
    path.write_bytes(change(bytearray(path.read_bytes())))
    return path


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("a.wav", lambda data: data[:40_000], "ends .* early"),
        ("a.aiff", lambda data: data[:40_000], "ends .* early"),
        ("a.flac", lambda data: data[:40_000], "damaged"),
        ("a.wav", lambda data: b"PK\3\4" + data[4:], "no sound"),
        ("a.wav", lambda data: b"words\n" * 99, "no sound"),
        ("a.wav", lambda data: b"", "no sound"),
        ("a.wav", lambda data: data[:40] + b"\x00\x00\x00\x7f" + data[44:], "ends .* early"),
        ("a.wav", lambda data: data[:22] + b"\xff\xff" + data[24:], "sound file|channels"),
        ("a.wav", lambda data: data[:22] + b"\x00\x00" + data[24:], "sound file|channels"),
    ],
)
def test_a_broken_file_is_one_sentence_that_names_it(tmp_path, name, change, says):
    with pytest.raises(AudioError, match=says) as caught:
        analyze(broken(tmp_path, name, change))
    assert name in caught.value.message
    assert "\n" not in caught.value.message


def test_a_wave_from_a_pipe_that_does_not_know_its_length_is_read(tmp_path):
    path = broken(tmp_path, "a.wav", lambda data: data[:40] + b"\xff\xff\xff\xff" + data[44:])
    assert analyze(path).duration_seconds == 2


def test_a_flac_from_a_pipe_says_how_to_mend_it(tmp_path):
    def forget_length(data):
        data[21] &= 0xF0
        data[22:26] = bytes(4)
        return data

    with pytest.raises(AudioError, match="how long"):
        analyze(broken(tmp_path, "a.flac", forget_length))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_ten_minutes_take_no_more_memory_than_one():
    def peak(minutes):
        code = (
            "import re, tempfile, numpy as np, soundfile\n"
            "from pathlib import Path\n"
            "from aimusicverse.audio.analysis import analyze\n"
            "noise = np.random.default_rng(0).standard_normal((44100, 2)) * 0.1\n"
            "with tempfile.TemporaryDirectory() as folder:\n"
            "    path = Path(folder) / 'a.wav'\n"
            "    with soundfile.SoundFile(path, 'w', 44100, 2) as file:\n"
            f"        for second in range({minutes} * 60): file.write(noise)\n"
            "    analyze(path)\n"
            "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024)\n"
        )
        return int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    assert peak(10) < min(250, peak(1) + 40)
