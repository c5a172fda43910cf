"""How a release begins: titles from names of files, paths, and what provenance answers."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.beginning import NO_TITLE, of_files, title_of


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("song.wav", "Song"),
        ("01 - Paper Lanterns.wav", "Paper Lanterns"),
        ("01_paper_lanterns.flac", "Paper Lanterns"),
        ("1. Paper Lanterns.mp3", "Paper Lanterns"),
        ("paper-lanterns.wav", "Paper Lanterns"),
        ("Maren Okafor - Paper Lanterns.wav", "Paper Lanterns"),
        ("03 Maren Okafor - Paper Lanterns.wav", "Paper Lanterns"),
        ("Other - Paper Lanterns.wav", "Other - Paper Lanterns"),
        ("McCartney-Road.wav", "McCartney Road"),
        ("1999.wav", "1999"),
        ("7.wav", "7"),
        ("99 Luftballons.wav", "Luftballons"),  # it may be a number of a track: the user sees the title
        ("夜に駆ける.wav", "夜に駆ける"),
        ("01 שלום.wav", "שלום"),
        ("a\u202eb.wav", "Ab"),
        ("-.wav", NO_TITLE),
        ("  .wav", NO_TITLE),
    ],
)
def test_a_title_is_made_of_the_name_of_a_file(name: str, title: str) -> None:
    assert title_of(PurePosixPath(name), "Maren Okafor") == title


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=30))
def test_any_name_gives_a_title_that_is_clean(name: str) -> None:
    title = title_of(PurePosixPath(f"{name}.wav"))
    assert title == " ".join(title.split()) != ""
    assert title.isprintable()


def test_paths_are_seen_from_where_the_release_will_be(tmp_path: Path) -> None:
    files = [tmp_path / "masters/a.wav", tmp_path / "b.wav"]
    begun = of_files(files, tmp_path / "release", {})
    assert [track.file for track in begun.release.tracks] == ["../masters/a.wav", "../b.wav"]
    assert begun.release.title == NO_TITLE


def test_a_single_is_called_like_its_track() -> None:
    begun = of_files([Path("song.wav")], Path(), {"title": "Paper Lanterns", "artist": "Maren Okafor"})
    assert begun.release.title == begun.release.tracks[0].title == "Paper Lanterns"
