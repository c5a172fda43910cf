"""Files: exact, deterministic, whole or not there."""

import subprocess
import sys
import time

import numpy as np
import pytest

from aimusicverse.audio import files
from aimusicverse.audio.errors import AudioError
from aimusicverse.audio.files import Writer, convert, probe, read


@pytest.fixture
def sound():
    time_axis = np.arange(44_100) / 44_100
    return np.stack(
        [0.5 * np.sin(2 * np.pi * 440 * time_axis), 0.3 * np.sin(2 * np.pi * 660 * time_axis)]
    ).astype(np.float32)


def save(path, sound, format="wav", bit_depth=24):
    with Writer(path, sample_rate=44_100, channels=len(sound), format=format, bit_depth=bit_depth) as writer:
        for start in range(0, sound.shape[1], 9999):
            writer.write(sound[:, start : start + 9999])
    return path


@pytest.mark.parametrize(
    ("format", "depth", "error"),
    [
        ("wav", 24, 2**-23),
        ("flac", 24, 2**-23),
        ("wav", 16, 2**-14),
        ("flac", 16, 2**-14),
        ("mp3", None, 0.02),
    ],
)
def test_what_is_written_is_read_back(tmp_path, sound, format, depth, error):
    path = save(tmp_path / f"a.{format}", sound, format, depth)
    back, rate = read(path)
    about = probe(path)
    assert (rate, about.channels, about.format, about.bit_depth) == (44_100, 2, format, depth)
    assert back.dtype == np.float32
    assert back.shape == sound.shape
    assert about.duration_seconds == 1
    assert np.abs(back[:, 2000:-2000] - sound[:, 2000:-2000]).max() <= error


@pytest.mark.parametrize(
    ("format", "depth"), [("wav", 16), ("wav", 24), ("flac", 16), ("flac", 24), ("mp3", None)]
)
def test_the_same_samples_give_the_same_bytes_at_another_time(tmp_path, sound, format, depth):
    first = save(tmp_path / "a", sound, format, depth).read_bytes()
    time.sleep(1.05)
    assert save(tmp_path / "b", sound, format, depth).read_bytes() == first


def test_a_mono_file_reads_as_two_equal_channels(tmp_path, sound):
    back, _ = read(save(tmp_path / "a.wav", sound[:1]))
    assert back.shape == (2, 44_100)
    assert (back[0] == back[1]).all()


def test_sixteen_bits_are_dithered_and_not_cut(tmp_path):
    quiet = np.full((2, 44_100), 0.3 / 2**15, np.float32)
    back, _ = read(save(tmp_path / "a.wav", quiet, bit_depth=16))
    assert back.mean() * 2**15 == pytest.approx(0.3, abs=0.02)


def test_what_is_too_loud_is_clipped_and_not_wrapped(tmp_path):
    for depth in (16, 24):
        back, _ = read(save(tmp_path / "a.wav", np.full((2, 100), 1.5, np.float32), bit_depth=depth))
        assert back.min() > 0.99


@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_convert_keeps_length_and_leaves_only_the_target(tmp_path, sound, format):
    source = save(tmp_path / "a.wav", sound)
    convert(source, tmp_path / "out", format, None if format == "mp3" else 16)
    assert probe(tmp_path / "out").frames == 44_100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "out"]


def test_a_failed_conversion_leaves_nothing_and_keeps_an_older_target(tmp_path, sound):
    source = save(tmp_path / "a.wav", sound)
    (tmp_path / "out.wav").write_bytes(b"older")
    source.write_bytes(source.read_bytes()[:50_000])
    with pytest.raises(AudioError) as caught:
        convert(source, tmp_path / "out.wav", "wav")
    assert caught.value.code == "truncated"
    assert (tmp_path / "out.wav").read_bytes() == b"older"
    assert len(list(tmp_path.iterdir())) == 2


def test_an_exception_inside_the_block_leaves_nothing(tmp_path, sound):
    def write_and_fail():
        with Writer(tmp_path / "a.wav", sample_rate=44_100, format="wav") as writer:
            writer.write(sound)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", [2_000, 20_000])
@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_a_disk_that_fills_up_is_said_and_leaves_nothing(tmp_path, format, limit):
    # A limit on the size of files gives the error of a full disk, also in what is written at the close.
    code = (
        "import resource, numpy as np; from pathlib import Path\n"
        "from aimusicverse.audio.files import Writer; from aimusicverse.audio.errors import AudioError\n"
        "sound = np.random.default_rng(1).random((2, 44100), np.float32) - 0.5\n"
        "before = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, before[1]))\n"
        "try:\n"
        f"    with Writer(Path({str(tmp_path / 'a')!r}), sample_rate=44100, format={format!r}) as writer:\n"
        "        writer.write(sound)\n"
        "except AudioError as error: print(error.code)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, before)\n"  # coverage saves its data at the end
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("disk_full\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"just some words\n" * 100, "unreadable"),
        (b"RIFF\x00\x00\x00\x00WAVE", "unreadable"),
    ],
)
def test_what_is_no_sound_is_refused_with_a_sentence(tmp_path, content, code):
    path = tmp_path / "song.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"song\.wav") as caught:
        read(path)
    assert caught.value.code == code


def test_a_cut_flac_is_refused(tmp_path):
    noise = np.random.default_rng(0).standard_normal((2, 44_100)).astype(np.float32) * 0.1
    path = save(tmp_path / "a.flac", noise, "flac")
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(AudioError):
        read(path)


def test_a_missing_file_is_an_audio_error(tmp_path):
    with pytest.raises(AudioError, match="not there"):
        probe(tmp_path / "none.wav")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"format": "ogg"}, "unsupported_format"),
        ({"format": "wav", "bit_depth": 12}, "unsupported_bit_depth"),
        ({"format": "mp3", "bit_depth": 16}, "unsupported_bit_depth"),
        ({"format": "mp3", "sample_rate": 96_000}, "unsupported_format"),
    ],
)
def test_what_cannot_be_written_is_refused_before_a_file_exists(tmp_path, options, code):
    with pytest.raises(AudioError) as caught:
        Writer(tmp_path / "a", **{"sample_rate": 44_100, **options})
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_more_than_two_channels_are_refused(tmp_path):
    import soundfile

    soundfile.write(tmp_path / "a.wav", np.zeros((100, 3)), 44_100)
    with pytest.raises(AudioError) as caught:
        probe(tmp_path / "a.wav")
    assert caught.value.code == "unsupported_channels"


def test_without_soundfile_the_error_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(ImportError, match=r"pip install 'aimusicverse\[release\]'"):
        files.probe(tmp_path / "a.wav")


def test_sixteen_bits_stay_as_they_are_without_dither(tmp_path):
    steps = np.random.default_rng(6).integers(-32768, 32768, (2, 5000)).astype(np.float32) / 2**15
    with files.Writer(
        tmp_path / "a.wav", sample_rate=44_100, format="wav", bit_depth=16, dither=False
    ) as writer:
        writer.write(steps)
    assert np.array_equal(files.read(tmp_path / "a.wav")[0], steps)


def test_dither_of_24_bits_is_within_a_step_and_a_half(tmp_path):
    sound = np.random.default_rng(7).uniform(-0.9, 0.9, (2, 5000))
    with files.Writer(tmp_path / "a.wav", sample_rate=44_100, format="wav", dither=True) as writer:
        writer.write(sound)
    away = np.abs(files.read(tmp_path / "a.wav")[0] - sound).max() * 2**23
    assert 0.6 < away <= 1.5


def test_a_folder_that_is_not_there_is_an_audio_error(tmp_path):
    with pytest.raises(AudioError, match=r"cannot write a\.wav: No such file"):
        files.Writer(tmp_path / "gone" / "a.wav", sample_rate=44_100, format="wav")
