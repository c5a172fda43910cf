from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aimusicverse.cli.destination import destination, numbered, slug
from aimusicverse.cli.errors import OutputProblem, UsageProblem


def files(
    output: str | None, format: str | None = None, *, name: str = "Rainy Night", count: int = 1
) -> list[str]:
    return [str(file) for file in destination(output, format, name=name, count=count).files()]


def test_without_a_name_the_file_is_called_after_the_title() -> None:
    assert files(None) == ["rainy-night.wav"]
    assert files(None, "flac") == ["rainy-night.flac"]


def test_a_name_of_our_own_never_meets_a_file_that_exists() -> None:
    Path("rainy-night.wav").touch()
    Path("rainy-night-2.wav").touch()
    assert files(None) == ["rainy-night-3.wav"]


def test_a_link_that_points_nowhere_counts_as_a_file() -> None:
    Path("rainy-night.wav").symlink_to("gone")
    assert files(None) == ["rainy-night-2.wav"]


def test_a_name_that_was_asked_for_is_kept_even_if_it_exists() -> None:
    Path("song.wav").write_bytes(b"old")
    assert files("song.wav") == ["song.wav"]
    assert not destination("song.wav", None, name="x").ours


def test_variants_are_numbered() -> None:
    assert files("song.wav", count=3) == ["song-1.wav", "song-2.wav", "song-3.wav"]
    assert files(None, count=2) == ["rainy-night-1.wav", "rainy-night-2.wav"]
    assert numbered(Path("v1.2"), 3) == Path("v1.2-3")


def test_variants_of_our_own_naming_meet_no_file_either() -> None:
    Path("rainy-night-2.wav").touch()
    assert files(None, count=2) == ["rainy-night-2-1.wav", "rainy-night-2-2.wav"]


def test_a_folder_gets_a_file_named_after_the_title() -> None:
    Path("songs").mkdir()
    assert files("songs") == files("songs/") == ["songs/rainy-night.wav"]
    assert files(".") == ["rainy-night.wav"]


@pytest.mark.parametrize(
    ("output", "format", "expected"),
    [
        ("song.flac", None, "flac"),
        ("song.MP3", None, "mp3"),
        ("song.flac", "flac", "flac"),
        ("song", None, "wav"),
        ("song", "mp3", "mp3"),
        ("v1.2", None, "wav"),
        ("/dev/null", None, "wav"),
    ],
)
def test_the_format_is_what_the_name_ends_in_else_what_was_said_else_wav(
    output: str, format: str | None, expected: str
) -> None:
    assert destination(output, format, name="x").format == expected


@pytest.mark.parametrize(("output", "format"), [("song.wav", "mp3"), ("song.ogg", None), ("song.ogg", "mp3")])
def test_a_name_that_contradicts_the_format_is_wrong_usage(output: str, format: str | None) -> None:
    with pytest.raises(UsageProblem):
        destination(output, format, name="x")


@pytest.mark.parametrize("output", ["nowhere/song.wav", "nowhere/"])
def test_a_folder_that_does_not_exist_is_named_with_the_command_that_makes_it(output: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        destination(output, None, name="x")
    assert refused.value.hint == "Make it first: mkdir -p nowhere"


def test_a_file_where_a_folder_should_be_is_told() -> None:
    Path("file").touch()
    with pytest.raises(OutputProblem, match="Not a directory"):
        destination("file/song.wav", None, name="x")


def test_a_variant_that_would_hit_a_folder_is_told() -> None:
    Path("song-2.wav").mkdir()
    with pytest.raises(UsageProblem, match=r"song-2\.wav is a folder"):
        destination("song.wav", None, name="x", count=2)


def test_a_place_that_cannot_be_written_is_found_out_by_trying() -> None:
    with pytest.raises(OutputProblem, match="nothing can be written in /proc"):
        destination("/proc/song.wav", None, name="x")


def test_a_link_is_tried_out_where_it_points() -> None:
    Path("song.wav").symlink_to("/proc/song.wav")
    with pytest.raises(OutputProblem, match="nothing can be written in /proc"):
        destination("song.wav", None, name="x")
    Path("version.wav").symlink_to("/proc/version")
    with pytest.raises(OutputProblem):
        destination("version.wav", None, name="x")
    Path("lost.wav").symlink_to("nowhere/song.wav")
    with pytest.raises(UsageProblem, match=r"there is no folder .*nowhere"):
        destination("lost.wav", None, name="x")
    Path("songs").mkdir()
    Path("new.wav").symlink_to("songs/new.wav")
    assert files("new.wav") == ["new.wav"]
    assert list(Path("songs").iterdir()) == []


def test_a_file_that_is_not_ours_to_overwrite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("song.wav").touch()
    monkeypatch.setattr("os.access", lambda *_: False)  # as root, every file is ours
    with pytest.raises(OutputProblem, match="not yours to overwrite"):
        destination("song.wav", None, name="x")


def test_trying_out_leaves_nothing_behind() -> None:
    destination("song.wav", None, name="x")
    assert list(Path().iterdir()) == []


def test_audio_does_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(UsageProblem, match="terminal"):
        destination("-", None, name="x")


def test_several_variants_do_not_go_into_one_stream() -> None:
    with pytest.raises(UsageProblem, match="3 variants"):
        destination("-", None, name="x", count=3)


def test_the_options_lead_to_the_same_place_again() -> None:
    assert destination("song.flac", None, name="x").arguments() == ["-o", "song.flac"]
    assert destination("song", "mp3", name="x").arguments() == ["-o", "song", "--format", "mp3"]
    assert destination("-", None, name="x").arguments() == ["-o", "-", "--format", "wav"]
    assert destination(None, None, name="A b").arguments() == ["-o", "a-b.wav"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lofi hip-hop, rainy night!", "lofi-hip-hop-rainy-night"),
        ("雨の夜", "雨の夜"),
        ("../../etc/passwd", "etc-passwd"),
        ("\x00\x1b\u202e", "song"),
        ("", "song"),
        ("...", "song"),
        ("-rf", "rf"),
    ],
)
def test_a_file_name_holds_letters_and_digits_only(text: str, name: str) -> None:
    assert slug(text) == name


def test_a_file_name_is_short_and_ends_with_a_word() -> None:
    name = slug("one two three four five six seven eight nine ten eleven twelve thirteen")
    assert len(name) <= 60
    assert name.endswith("eleven")
    assert len(slug("雨" * 500).encode()) <= 200
