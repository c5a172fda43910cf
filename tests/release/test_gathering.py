"""Files of a release are looked into; one that is missing or damaged is told, and others are known still."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from aimusicverse.release.gathering import facts_of
from aimusicverse.types.release import Release


def sound(path: Path, seconds: float = 0.5, hertz: float = 440.0) -> Path:
    times = np.arange(int(44_100 * seconds)) / 44_100
    wave = 0.3 * np.sin(2 * np.pi * hertz * times)
    soundfile.write(path, np.stack([wave, wave], 1), 44_100, "PCM_24")
    return path


def release(*files: str) -> Release:
    tracks = [{"title": f"Song {number}", "file": file} for number, file in enumerate(files)]
    return Release.model_validate({"title": "Songs", "tracks": tracks})


def test_each_track_has_the_facts_of_its_file(tmp_path: Path) -> None:
    sound(tmp_path / "a.wav", 0.5)
    sound(tmp_path / "b.wav", 1.0)
    found = facts_of(release("a.wav", "b.wav", "a.wav"), tmp_path)
    assert {index: facts.duration_seconds for index, facts in found.audio.items()} == {0: 0.5, 1: 1.0, 2: 0.5}
    assert found.problems == []
    assert found.image is None


def test_twelve_files_are_looked_into_and_told_one_by_one(tmp_path: Path) -> None:
    names = [sound(tmp_path / f"{number}.wav", 0.2, 220 + number).name for number in range(12)]
    told: list[tuple[str, int, int]] = []
    found = facts_of(release(*names), tmp_path, lambda *what: told.append(what))
    assert len({facts.pcm_sha256 for facts in found.audio.values()}) == 12
    assert sorted(name for name, _, _ in told) == sorted(names)
    assert [(done, of) for _, done, of in told] == [(number, 12) for number in range(1, 13)]


def test_paths_are_seen_from_the_folder_of_the_release(tmp_path: Path) -> None:
    (tmp_path / "masters").mkdir()
    sound(tmp_path / "masters/a.wav")
    absolute = sound(tmp_path / "b.wav")
    found = facts_of(release("masters/a.wav", "../" + tmp_path.name + "/b.wav", str(absolute)), tmp_path)
    assert len(found.audio) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sogn.wav", "did you mean 'song.wav'?"),
        ("SONG.WAV", "did you mean 'song.wav'?"),
        ("entirely-different.flac", "it is not in"),
        ("nowhere/song.wav", "there is no folder"),
        ("song.wav/song.wav", "there is no folder"),
        ("a\0b.wav", "no file can have this name"),
    ],
)
def test_a_missing_file_is_told_with_what_may_have_been_meant(tmp_path: Path, name: str, said: str) -> None:
    sound(tmp_path / "song.wav")
    found = facts_of(release(name, "song.wav"), tmp_path)
    (problem,) = found.problems
    assert (problem.code, problem.field, problem.name) == ("missing", "tracks[0].file", name)
    assert said in problem.message
    assert list(found.audio) == [1]


def test_a_name_that_looks_the_same_and_is_written_otherwise_is_guessed(tmp_path: Path) -> None:
    composed = unicodedata.normalize("NFC", "café.wav")
    sound(tmp_path / composed)
    (problem,) = facts_of(release(unicodedata.normalize("NFD", composed)), tmp_path).problems
    assert composed in problem.message


def test_what_is_no_sound_is_told_and_stops_nothing(tmp_path: Path) -> None:
    sound(tmp_path / "good.wav")
    (tmp_path / "text.wav").write_text("This is no sound.")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    whole = sound(tmp_path / "cut.wav", 2.0).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    os.mkfifo(tmp_path / "pipe.wav")
    names = ["text.wav", "empty.wav", "folder.wav", "cut.wav", "pipe.wav", "good.wav"]
    found = facts_of(release(*names), tmp_path)
    assert [problem.name for problem in found.problems] == names[:-1]
    assert all(problem.code != "missing" and problem.message for problem in found.problems)
    assert list(found.audio) == [5]


def test_a_file_that_two_tracks_name_is_missing_at_both(tmp_path: Path) -> None:
    found = facts_of(release("a.wav", "a.wav"), tmp_path)
    assert [problem.field for problem in found.problems] == ["tracks[0].file", "tracks[1].file"]


def test_a_release_without_files_has_no_facts(tmp_path: Path) -> None:
    assert facts_of(Release.model_validate({"title": "Song"}), tmp_path) == ({}, None, [])


def test_a_missing_cover_is_told(tmp_path: Path) -> None:
    found = facts_of(Release.model_validate({"title": "Song", "cover": {"file": "cover.jpg"}}), tmp_path)
    (problem,) = found.problems
    assert (problem.field, problem.code) == ("cover.file", "missing")


def test_the_cover_is_looked_into_beside_the_sound(tmp_path: Path) -> None:
    sound(tmp_path / "song.wav")
    Image.effect_noise((1500, 1400), 40).convert("RGB").save(tmp_path / "cover.jpg")
    covered = Release.model_validate({"title": "Song", "file": "song.wav", "cover": {"file": "cover.jpg"}})
    found = facts_of(covered, tmp_path)
    assert found.image is not None
    assert (found.image.kind, found.image.width, found.image.height) == ("jpeg", 1500, 1400)
    assert len(found.audio) == 1


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture_is_told_and_the_sound_is_still_known(tmp_path: Path, content: bytes) -> None:
    sound(tmp_path / "song.wav")
    (tmp_path / "cover.png").write_bytes(content)
    found = facts_of(
        Release.model_validate({"title": "Song", "file": "song.wav", "cover": {"file": "cover.png"}}),
        tmp_path,
    )
    assert found.image is None
    assert [problem.field for problem in found.problems] == ["cover.file"]
    assert list(found.audio) == [0]
