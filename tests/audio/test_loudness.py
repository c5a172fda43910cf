"""The meters against the signals of EBU Tech 3341 and 3342, and against ffmpeg."""

import shutil
import subprocess

import numpy as np
import pytest

from aimusicverse.audio import files, loudness
from aimusicverse.audio.loudness import LoudnessMeter, measure_blocks
from aimusicverse.audio.true_peak import PeakTrack, decibels


def tone(levels_and_seconds, rate=48_000, frequency=1000.0):
    """A stereo sine whose level (dBFS, each channel) changes in steps."""
    parts = [np.full(int(seconds * rate), 10 ** (level / 20)) for level, seconds in levels_and_seconds]
    gain = np.concatenate(parts)
    return np.tile(gain * np.sin(2 * np.pi * frequency / rate * np.arange(len(gain))), (2, 1))


def metered(samples, rate=48_000, block=10_007):
    meter = LoudnessMeter(rate, len(samples))
    for start in range(0, samples.shape[1], block):
        meter.add(samples[:, start : start + block])
    return meter


@pytest.mark.parametrize(
    ("signal", "lufs"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_integrated_loudness_meets_ebu_tech_3341_to_a_tenth(signal, lufs, rate):
    assert metered(tone(signal, rate), rate).integrated() == pytest.approx(lufs, abs=0.1)


@pytest.mark.parametrize(
    ("signal", "range_lu"),
    [
        ([(-20, 20), (-30, 20)], 10),
        ([(-20, 20), (-15, 20)], 5),
        ([(-40, 20), (-20, 20)], 20),
        ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
    ],
)
def test_loudness_range_meets_ebu_tech_3342(signal, range_lu):
    assert metered(tone(signal)).range() == pytest.approx(range_lu, abs=1)


def test_momentary_and_short_term_of_a_steady_tone_are_its_level():
    meter = metered(tone([(-23, 5)]))
    assert meter.momentary().max() == pytest.approx(-23, abs=0.1)
    assert meter.short_term().max() == pytest.approx(-23, abs=0.1)


def test_the_size_of_the_blocks_does_not_change_the_reading():
    samples = np.random.default_rng(1).standard_normal((2, 100_000)) * 0.1
    assert metered(samples, block=977).integrated() == pytest.approx(metered(samples).integrated(), abs=1e-6)


def test_the_quick_reading_is_the_exact_one_also_below_an_offset():
    samples = np.random.default_rng(1).standard_normal((2, 300_000)) * 1e-3 + 0.5
    quick = LoudnessMeter(48_000, 2, np.float32)
    quick.add(samples.astype(np.float32))
    assert quick.integrated() == pytest.approx(metered(samples).integrated(), abs=1e-3)


def test_silence_has_no_loudness_and_no_error():
    result = measure_blocks([np.zeros((2, 44_100), np.float32)], 44_100, 2)
    assert result.integrated_lufs == -np.inf
    assert result.true_peak_dbtp == -np.inf
    assert result.range_lu == 0


@pytest.mark.parametrize(("frequency", "phase"), [(12_000, 45), (8_000, 60), (6_000, 67.5), (12_000, 0)])
def test_true_peak_reads_between_the_samples_as_ebu_tech_3341_asks(frequency, phase):
    # Cases 15 to 19: half scale, phases that hide the top from the samples; +0.2 / -0.4 dB allowed.
    time = np.arange(48_000)
    sound = 0.5 * np.sin(2 * np.pi * frequency / 48_000 * time + np.deg2rad(phase))
    sound *= np.minimum(1, np.minimum(time, time[::-1]) / 4800)
    track = PeakTrack(1)
    for start in range(0, 48_000, 1000):
        track.add(sound[None, start : start + 1000].astype(np.float32))
    track.finish()
    assert -0.4 <= decibels(track.highest) + 6.02 <= 0.2


def test_peak_readings_cover_every_sample_once():
    sound = np.zeros((1, 1000), np.float32)
    sound[0, 500] = 0.9
    track = PeakTrack(1)
    readings = np.concatenate([track.add(sound[:, :333]), track.add(sound[:, 333:]), track.finish()])
    assert len(readings) == -(-1000 // 32)
    assert int(readings.argmax()) in (500 // 32, 500 // 32 - 1)


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg: apt-get install ffmpeg")
def test_ffmpeg_reads_the_same(tmp_path):
    random = np.random.default_rng(3)
    noise = np.cumsum(random.standard_normal((2, 44_100 * 12)), axis=1)
    noise = np.diff(noise - np.convolve(noise[0], np.ones(100) / 100, "same"), axis=1)
    noise *= 0.4 / np.abs(noise).max() * (1 + np.sin(np.arange(noise.shape[1]) / 44_100))
    path = tmp_path / "noise.wav"
    with files.Writer(path, sample_rate=44_100, format="wav", bit_depth=24) as writer:
        writer.write(noise.astype(np.float32))
    said = (
        subprocess.run(
            ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
            capture_output=True,
            text=True,
            check=True,
        )
        .stderr.rsplit("Summary:", 1)[1]
        .split()
    )
    ours = loudness.measure(path)
    assert ours.integrated_lufs == pytest.approx(float(said[said.index("I:") + 1]), abs=0.1)
    assert ours.true_peak_dbtp == pytest.approx(float(said[said.index("Peak:") + 1]), abs=0.2)
