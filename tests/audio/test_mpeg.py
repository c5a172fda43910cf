"""MP3 files are as long as their frames, whatever they say or leave unsaid."""

from __future__ import annotations

import io
import struct
import time
from contextlib import suppress

import numpy as np
import pytest
import soundfile

from aimusicverse.audio import files, mpeg
from aimusicverse.audio.errors import AudioError

SECONDS = 4
#: ISO 11172-3: an ID3v2 tag with 2,048 bytes of nothing, and an ID3v1 tag.
ID3V2 = b"ID3\x04\x00\x00\x00\x00\x10\x00" + bytes(2048)
ID3V1 = b"TAG" + b"x" * 125


def mp3(mode="VARIABLE", rate=44_100, channels=2, seconds=SECONDS):
    """Half silence, half noise, so that a variable bit rate varies."""
    at = np.arange(seconds * rate) / rate
    level = np.where(at < seconds / 2, 0.0005, 0.3)
    sound = np.random.default_rng(1).normal(0, 1, (len(at), channels)) * level[:, None]
    file = io.BytesIO()
    with soundfile.SoundFile(
        file,
        "w",
        rate,
        channels,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode=mode,
        compression_level=0.5,
    ) as writer:
        writer.write(sound.clip(-1, 1))
    return file.getvalue()


@pytest.fixture(scope="module")
def variable():
    return mp3()


@pytest.fixture(scope="module")
def constant():
    return mp3("CONSTANT")


def saved(tmp_path, content):
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    return path


def counted(tmp_path, content):
    return mpeg.count(saved(tmp_path, content))


def bare(content, tmp_path):
    """Without the frame that holds the count."""
    return content[counted(tmp_path, content).first :]


def read_whole(path):
    """Seconds that the file says it has, and those that are read."""
    about = files.probe(path)
    samples = sum(block.shape[1] for block in files.blocks(path))
    return about.duration_seconds, samples / about.sample_rate


@pytest.mark.parametrize("mode", ["VARIABLE", "CONSTANT", "AVERAGE"])
@pytest.mark.parametrize(
    ("rate", "channels"), [(44_100, 2), (48_000, 1), (22_050, 2), (24_000, 1), (8_000, 2)]
)
@pytest.mark.parametrize("around", [(b"", b""), (ID3V2, b""), (b"", ID3V1), (ID3V2 * 2, ID3V1)])
def test_without_a_count_all_of_it_is_read(tmp_path, mode, rate, channels, around):
    before, behind = around
    content = bare(mp3(mode, rate, channels), tmp_path)
    said, was_read = read_whole(saved(tmp_path, before + content + behind))
    assert said == was_read == pytest.approx(SECONDS, abs=0.16)


@pytest.mark.parametrize("mode", ["VARIABLE", "CONSTANT", "AVERAGE"])
def test_a_count_that_is_right_is_left_alone_so_that_nothing_is_added_at_the_ends(tmp_path, mode):
    path = saved(tmp_path, ID3V2 + mp3(mode) + ID3V1)
    assert mpeg.count(path).is_read_right
    assert files.probe(path).frames == SECONDS * 44_100
    assert files.read(path)[0].shape == (2, SECONDS * 44_100)


def test_the_sound_is_the_same_with_and_without_a_count(tmp_path, variable):
    whole, _ = files.read(saved(tmp_path, variable))
    without, _ = files.read(saved(tmp_path, bare(variable, tmp_path)))
    late = 576  # LAME's delay, which only the frame with the count tells
    assert np.abs(without[:, late + 2000 : late + 100_000] - whole[:, 2000:100_000]).max() < 0.01


def with_count(content, frames):
    at = content.index(b"Xing")
    assert struct.unpack_from(">I", content, at + 4)[0] & 1
    return content[: at + 8] + struct.pack(">I", frames) + content[at + 12 :]


def test_a_count_that_is_too_low_is_not_believed(tmp_path, variable):
    said, was_read = read_whole(saved(tmp_path, with_count(variable, 10)))
    assert said == was_read == pytest.approx(SECONDS, abs=0.1)


def test_a_count_that_is_too_high_means_that_sound_is_missing(tmp_path, variable):
    frames = counted(tmp_path, variable).frames
    for promised, early in ((frames + 100, "2.61"), (2**32 - 1, "")):
        with pytest.raises(AudioError, match=rf"song\.mp3 ends .*{early}.* seconds early") as caught:
            files.probe(saved(tmp_path, with_count(variable, promised)))
        assert caught.value.code == "truncated"


def test_a_count_with_the_frame_of_the_count_in_it_is_right_too(tmp_path, variable):
    frames = counted(tmp_path, variable).frames
    said, was_read = read_whole(saved(tmp_path, with_count(variable, frames + 1)))
    assert said == was_read == pytest.approx(SECONDS, abs=0.1)


def test_two_files_one_behind_the_other_are_as_long_as_both(tmp_path, variable, constant):
    art = b"ID3\x04\x00\x00\x00\x04\x00\x00" + b"\xff\xfb\x90\x00" * (1 << 14)  # a tag that looks like frames
    for between in (b"", ID3V1, ID3V2, ID3V1 + art, art):
        said, was_read = read_whole(saved(tmp_path, variable + between + constant))
        assert said == was_read == pytest.approx(2 * SECONDS, abs=0.2)


def test_fraunhofers_count_is_read(tmp_path, constant):
    content = bare(constant, tmp_path)
    frames, size = counted(tmp_path, content).frames, len(content) // counted(tmp_path, content).frames
    head = content[:4] + bytes(32) + b"VBRI" + struct.pack(">HHHII", 1, 0, 0, len(content), frames)
    fraunhofer = head.ljust(size + (content[2] >> 1 & 1), b"\0") + content
    about = counted(tmp_path, fraunhofer)
    assert (about.claimed, about.frames) == (frames, frames)
    said, was_read = read_whole(saved(tmp_path, fraunhofer))
    assert said == was_read == pytest.approx(SECONDS, abs=0.1)
    with pytest.raises(AudioError, match="early"):
        files.probe(saved(tmp_path, fraunhofer[: len(fraunhofer) // 2]))


@pytest.mark.parametrize("share", [0.3, 0.99, 0.9999])
@pytest.mark.parametrize("has_count", [True, False])
def test_what_is_cut_within_a_frame_is_refused(tmp_path, variable, share, has_count):
    content = variable if has_count else bare(variable, tmp_path)
    with pytest.raises(AudioError, match=r"song\.mp3 ends .* early") as caught:
        files.probe(saved(tmp_path, content[: int(len(content) * share)]))
    assert caught.value.code == "truncated"


def test_something_else_between_frames_is_passed_over_or_refused_but_never_the_end(tmp_path, constant):
    content = bare(constant, tmp_path)
    frames = counted(tmp_path, content).frames
    cut = content.index(content[:2], len(content) // 2)
    for length in (1, 100, 1020):
        noisy = content[:cut] + (b"\xff\xfb\xff\x00 advertisement \xff" * 99)[:length] + content[cut:]
        assert counted(tmp_path, noisy).frames == frames
        said, was_read = read_whole(tmp_path / "song.mp3")
        assert said == was_read == pytest.approx(SECONDS, abs=0.1)
    for length in (1030, 5000, 100_000):
        with pytest.raises(AudioError, match="damaged"):
            files.probe(saved(tmp_path, content[:cut] + bytes(length) + content[cut:]))


@pytest.mark.parametrize("mode", [0x00, 0xC0])
@pytest.mark.parametrize(
    ("second", "third", "size", "samples"),
    [
        (0xFD, 0xA4, 576, 1152),  # layer II, MPEG-1, 192 kbit/s, 48 kHz
        (0xF5, 0x84, 384, 1152),  # layer II, MPEG-2, 64 kbit/s, 24 kHz
        (0xFF, 0xC4, 384, 384),  # layer I, MPEG-1, 384 kbit/s, 48 kHz
    ],
)
def test_layers_one_and_two_are_counted_too(tmp_path, second, third, size, samples, mode):
    frame = bytes([0xFF, second, third, mode]).ljust(size, b"\0")
    for content in (frame * 100, ID3V2 + frame * 100 + ID3V1):
        stream = counted(tmp_path, content)
        assert (stream.frames, stream.samples, stream.missing) == (100, 100 * samples, 0)
        said, was_read = read_whole(tmp_path / "song.mp3")
        assert said == was_read == 100 * samples / stream.rate


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"\xff\xfb\x90",
        b"ID3",
        ID3V2,
        b"\xff" * 5000,
        b"\0" * 5000,
        b"\xff\xfb\x00\x00" * 500,
        b"RIFF",
    ],
    ids=repr,
)
def test_what_is_no_stream_is_none(tmp_path, content):
    assert counted(tmp_path, content) is None


@pytest.mark.parametrize("seed", range(200))
def test_damage_anywhere_never_does_more_than_be_refused(tmp_path, constant, seed):
    chance = np.random.default_rng(seed)
    content = bytearray(constant[:30_000])
    for _ in range(chance.integers(1, 30)):
        content[chance.integers(0, 3000 if seed % 2 else len(content))] = chance.integers(0, 256)
    path = saved(tmp_path, bytes(content))
    with suppress(AudioError):
        about = files.probe(path)
        assert sum(block.shape[1] for block in files.blocks(path)) == about.frames


def test_days_of_it_are_not_counted_to_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(mpeg, "MOST_FRAMES", 50)
    with pytest.raises(AudioError, match="lasts more than 0 hours") as caught:
        files.probe(saved(tmp_path, mp3()))
    assert caught.value.code == "too_long"


def test_counting_takes_a_moment(tmp_path, constant):
    path = saved(tmp_path, bare(constant, tmp_path) * 1000)  # more than an hour
    began = time.process_time()
    assert mpeg.count(path).frames > 150_000
    assert time.process_time() - began < 3
