from __future__ import annotations

import hashlib
import json
import shutil
import stat
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.youtube.film import Film, make_film
from aimusicverse.platforms.youtube.still import Still
from aimusicverse.release.release_files import SoundFile
from tests.platforms.youtube.deliveries import Stopped, delivery, single
from tests.release.package_files import picture_file, sound_file
from tests.sandbox.youtube.stand_in import StandIn

needs_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="needs ffmpeg: apt-get install ffmpeg"
)


def no_report(part: float) -> None:
    assert 0 <= part <= 1


def made(folder: Path, sound: SoundFile, progress: Callable[[float], None] = no_report) -> Film:
    still = Still(picture_file(folder / "front.jpg").path, folder)
    return make_film("ffmpeg", still.frame, sound, folder / "film.mp4", progress)


def probed(film: Path) -> dict[str, Any]:
    words: list[str | Path] = [
        "ffprobe",
        "-v",
        "error",
        "-count_frames",
        "-show_streams",
        "-show_format",
        "-of",
        "json",
        film,
    ]
    found: dict[str, Any] = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return found


@needs_ffmpeg
@pytest.mark.parametrize(
    ("seconds", "frames", "ending"), [(0.4, 1, "wav"), (3.27, 3, "flac"), (6.6, 7, "wav")]
)
def test_a_video_lasts_as_long_as_its_sound(tmp_path: Path, seconds: float, frames: int, ending: str) -> None:
    # No name of a file is anything but a name.
    (folder := tmp_path / "-i 100%d 'of it'").mkdir()
    film = made(folder, sound_file(folder / f"%03d - take.{ending}", seconds=seconds))
    found = probed(film.path)
    picture, sound = sorted(found["streams"], key=lambda stream: stream["codec_type"], reverse=True)
    for one in (found["format"], picture, sound):
        assert float(one["duration"]) == pytest.approx(seconds, abs=0.03)
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("h264", 1920, 1080)
    assert (picture["pix_fmt"], int(picture["nb_read_frames"])) == ("yuv420p", frames)
    assert (sound["codec_name"], sound["profile"], sound["channels"]) == ("aac", "LC", 2)
    assert sound["sample_rate"] == "44100"
    assert found["format"]["format_name"].startswith("mov,mp4")
    assert (film.size, film.seconds) == (film.path.stat().st_size, seconds_of(film, seconds))
    assert film.sha256 == hashlib.sha256(film.path.read_bytes()).hexdigest()


def seconds_of(film: Film, seconds: float) -> float:
    assert film.seconds == pytest.approx(seconds, abs=0.001)
    return film.seconds


@needs_ffmpeg
def test_the_same_files_make_the_same_bytes_so_that_an_upload_can_go_on(tmp_path: Path) -> None:
    sums = []
    for name in ("first", "second"):
        (folder := tmp_path / name).mkdir()
        sums.append(made(folder, sound_file(folder / f"{name}.wav", seconds=2)).sha256)
    assert sums[0] == sums[1]


@needs_ffmpeg
def test_high_rates_and_one_channel_become_what_youtube_takes(tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    sound = sound_file(tmp_path / "a.wav", seconds=1)
    soundfile.write(sound.path, np.zeros(96_000), 96_000, subtype="PCM_24")
    sound = replace(sound, facts=replace(sound.facts, sample_rate=96_000, channels=1, duration_seconds=1.0))
    stream = next(s for s in probed(made(tmp_path, sound).path)["streams"] if s["codec_type"] == "audio")
    assert (stream["sample_rate"], stream["channels"]) == ("48000", 2)


@needs_ffmpeg
def test_the_whole_way_with_a_real_video(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single(), ffmpeg="ffmpeg")
    sent.deliver()
    youtube.reviewed()
    assert sent.look().stands == "live"
    (video,) = youtube.records("video").values()
    assert video["seconds"] == pytest.approx(0.5, abs=0.05)


@needs_ffmpeg
@pytest.mark.long
def test_a_song_of_a_minute_has_sixty_pictures_and_is_told_how_far_it_is(tmp_path: Path) -> None:
    parts: list[float] = []
    film = made(tmp_path, sound_file(tmp_path / "a.wav", seconds=60), parts.append)
    found = probed(film.path)
    assert float(found["format"]["duration"]) == pytest.approx(60, abs=0.03)
    assert [s["nb_read_frames"] for s in found["streams"] if s["codec_type"] == "video"] == ["60"]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0


def program(folder: Path, script: str) -> str:
    path = folder / "a program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_cancelled_while_it_runs_the_program_is_gone(tmp_path: Path) -> None:
    (tmp_path / "frame.png").touch()
    never_ends = program(tmp_path, f"echo $$ > '{tmp_path}/pid'\nexec sleep 600")
    started = threading.Event()

    def cancelled(part: float) -> None:
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip():
            started.set()
            raise Stopped

    with pytest.raises(Stopped):
        make_film(
            never_ends, tmp_path / "frame.png", sound_file(tmp_path / "a.wav"), tmp_path / "f.mp4", cancelled
        )
    assert started.is_set()
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def problem_of(folder: Path, ffmpeg: str, sound: SoundFile) -> Any:
    (folder / "frame.png").touch()
    with pytest.raises(DeliveryError) as raised:
        make_film(ffmpeg, folder / "frame.png", sound, folder / "film.mp4", no_report)
    return raised.value.problem


@needs_ffmpeg
def test_sound_that_ffmpeg_does_not_read_is_a_matter_of_the_track(tmp_path: Path) -> None:
    sound = sound_file(tmp_path / "a.wav")
    sound.path.write_bytes(b"RIFF of no use")
    still = Still(picture_file(tmp_path / "front.jpg").path, tmp_path)
    with pytest.raises(DeliveryError) as raised:
        make_film("ffmpeg", still.frame, sound, tmp_path / "film.mp4", no_report)
    problem = raised.value.problem
    assert (problem.code, problem.kind) == ("audio_unusable", "metadata")
    assert str(tmp_path) not in problem.message


@pytest.mark.parametrize(
    ("script", "code", "kind"),
    [
        ("echo \"Unknown encoder 'libx264'\" >&2; exit 1", "program_missing", "setup"),
        (
            "echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1",
            "disk_full",
            "transient",
        ),
        ("exit 0", "audio_unusable", "metadata"),
        ("kill -9 $$", "audio_unusable", "metadata"),
    ],
)
def test_what_the_program_says_is_understood(tmp_path: Path, script: str, code: str, kind: str) -> None:
    problem = problem_of(tmp_path, program(tmp_path, script), sound_file(tmp_path / "a.wav"))
    assert (problem.code, problem.kind) == (code, kind)


def test_a_program_that_is_not_there_is_named_with_how_to_install_it(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, "no-ffmpeg-here", sound_file(tmp_path / "a.wav"))
    assert (problem.code, problem.kind) == ("program_missing", "setup")
    assert "no-ffmpeg-here" in problem.message
    assert "AMV_FFMPEG" in problem.hint


def test_the_frame_is_wide_and_shows_all_of_the_cover(tmp_path: Path) -> None:
    Image.new("RGB", (3000, 3000), (200, 30, 40)).save(tmp_path / "cover.png")
    still = Still(tmp_path / "cover.png", tmp_path)
    frame = Image.open(still.frame)
    assert frame.size == (1920, 1080)  # a square one would be a Short
    for place in ((425, 5), (1494, 5), (425, 1074), (960, 540)):
        assert frame.getpixel(place) == pytest.approx((200, 30, 40), abs=2)
    beside = frame.getpixel((10, 540))
    assert isinstance(beside, tuple)
    assert max(beside) < 150
    assert still.thumbnail.startswith(b"\xff\xd8")
    assert len(still.thumbnail) < 2_000_000


def test_a_cover_that_is_no_picture_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").write_bytes(b"no picture")
    with pytest.raises(DeliveryError) as raised:
        _ = Still(tmp_path / "cover.jpg", tmp_path).frame
    assert raised.value.problem.code == "cover_failed"
