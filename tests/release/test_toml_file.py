"""`release.toml` is read, or it is said where and what is wrong with it, and what to do."""

from __future__ import annotations

import os
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.defaults import ReleaseDefaults
from aimusicverse.release.toml_file import LARGEST, ReleaseFileError, load, of_content, read
from aimusicverse.release.toml_form import written
from aimusicverse.release.toml_mistakes import Mistake
from aimusicverse.types.release import Release

FILE = Path("release.toml")


def mistakes(text: str | bytes) -> list[Mistake]:
    with pytest.raises(ReleaseFileError) as caught:
        of_content(Release, FILE, text.encode() if isinstance(text, str) else text)
    for mistake in caught.value.mistakes:
        assert mistake.message
        assert mistake.hint
        assert mistake.told().count("{") == 0
    return caught.value.mistakes


def only(text: str | bytes) -> Mistake:
    found = mistakes(text)
    assert len(found) == 1, found
    return found[0]


def release(text: str | bytes) -> Release:
    return of_content(Release, FILE, text.encode() if isinstance(text, str) else text).value


@pytest.mark.parametrize(
    ("text", "line", "column", "key", "hint"),
    [
        ("title = Paper Lanterns", 1, 9, "title", "in quotes"),
        ('title = "x"\nrelease_at = 8 January 2027\n', 2, 16, "release_at", "2027-01-08"),
        ('\n\ntitle: "x"', 3, 6, "title", "joined by ="),
        ('title = “x”', 1, 9, "title", "straight"),
        ('title = "x"\nis_cover = True', 2, 12, "is_cover", "small letters"),
        ('title = "x"\nfile = "C:\\new\\Users\\x.wav"', 2, 17, "file", "Windows"),
        ('title = "x"\nupc = 036000291452', 2, 8, "upc", "begin with 0"),
        ('title = "x"\n\ttitle = "y"\n', 2, 2, "title", "take one away"),
        ('title = "x"\n[ai]\n[cover]\n[ai]\n', 4, 4, None, "is there twice"),
        ('title = "x"\nterritories = ["DE",\n', 2, 21, "territories", "not closed"),
        ('title = "x\nlabel = "y"', 1, 11, "title", '"""'),
        ('title = "x"\nlabel\n', 2, 6, None, "toml.io"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_told_by_its_place_and_what_was_most_likely_meant(
    text: str, line: int, column: int, key: str | None, hint: str
) -> None:
    mistake = only(text)
    assert (mistake.line, mistake.column, mistake.key) == (line, column, key)
    assert hint in mistake.hint


@pytest.mark.parametrize(
    ("text", "line", "key", "message", "hint"),
    [
        ('title = 5\n', 1, "title", "must be text", '"5"'),
        ('title = "x"\nupc = 4006381333931\n', 2, "upc", "must be text", 'upc = "4006381333931"'),
        ('title = "x"\nisrc = true\n', 2, "isrc", "must be text", '"true"'),
        ('title = "x"\np_line = ["2026 M"]\n', 2, "p_line", "a list", '"…"'),
        ('title = "x"\nterritories = "DE"\n', 2, "territories", "must be a list", 'territories = ["DE"]'),
        ('title = "x"\nexplicit = "Clean"\n', 2, "explicit", "cannot be", 'Did you mean "clean"?'),
        ('title = "x"\nexplicit = false\n', 2, "explicit", "cannot be", '"explicit", "clean" or "none"'),
        ('title = "x"\nlable = "y"\n', 2, "lable", "no known key", "Did you mean label?"),
        ('title = "x"\nrelease-at = "y"\n', 2, "release-at", "no known key", "Did you mean release_at?"),
        ('title = "x"\nIsrc = "y"\n', 2, "Isrc", "no known key", "Did you mean isrc?"),
        ('title = "x"\nartist = 5\n', 2, "artist", "the name of one artist", "like that"),
        ('title = "x"\nartist = "a"\nartists = [{name = "b"}]\n', 2, "artist", "beside", "not both"),
        ('title = "x"\ncomposers = ["a", 5]\n', 2, "composers[1]", "must be a name", "quotes"),
        ('title = "x"\n[cover]\nlabel = "y"\n', 3, "cover.label", "does not belong", "above the first"),
        ('title = "x"\nlettering = []\n', 2, "lettering", "does not belong", "below [cover]"),
        ('title = "x"\nisrc = "y"\n[[tracks]]\ntitle = "x"\n', 2, "isrc", "does not belong", "[[tracks]]"),
        ('title = "x"\ncover = "cover.jpg"\n', 2, "cover", "must be a table", "[cover]"),
        ('title = "x"\ntracks = ["a.wav"]\n', 2, "tracks[0]", "must be a table", "[[tracks]]"),
        ('title = "x"\ntracks = []\n', 2, "tracks", "is empty", "one track at least"),
        ('title = "x"\n[tracks]\ntitle = "x"\n', 2, "tracks", "a list of tables", "[[tracks]]"),
        ('title = "x"\n[[tracks]]\n', 2, "tracks[0].title", "is missing", 'title = "…"'),
        ('title = "x"\n[[tracks]]\ntitle = "x"\n[[tracks.writers]]\nroles = []\n', 4,
         "tracks[0].writers[0].name", "is missing", "name"),
        ('title = "x"\nduration_seconds = -1\n', 2, "duration_seconds", "greater than 0", "-1"),
        ('title = "x"\nduration_seconds = nan\n', 2, "duration_seconds", "finite number", "NaN"),
        ('title = "x"\n[ai]\nseed = 1.5\n', 3, "ai.seed", "must be a number", "digits"),
        ('title = "x"\nlive_message = "maybe"\n', 2, "live_message", "true or false", "without quotes"),
        ('artist = "a"\n', 1, "title", "is missing", 'title = "…"'),
        ("", 1, "title", "is missing", 'title = "…"'),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_told_by_its_line_its_key_and_what_to_write(
    text: str, line: int, key: str, message: str, hint: str
) -> None:
    mistake = only(text)
    assert (mistake.line, mistake.key) == (line, key)
    assert message in mistake.message
    assert hint in mistake.hint


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    found = mistakes('lable = "x"\nupc = 1\n[cover]\nrights = 2\n[[tracks]]\ntitle = 3\n')
    assert [mistake.key for mistake in found] == ["title", "lable", "upc", "cover.rights", "tracks[0].title"]
    assert [mistake.line for mistake in found] == [1, 1, 2, 4, 6]


def test_more_than_500_tracks_are_too_many() -> None:
    mistake = only('title = "x"\n' + '[[tracks]]\ntitle = "y"\n' * 501)
    assert "501" in mistake.message
    assert "500" in mistake.hint


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2027-01-08", "2027-01-08"),
        ("2027-01-08T10:00:00+01:00", "2027-01-08T10:00:00+01:00"),
        ("2027-01-08 10:00:00Z", "2027-01-08T10:00:00+00:00"),
        ("2027-01-08T10:00:00", "2027-01-08T10:00:00"),
        ('"2027-01-08"', "2027-01-08"),
    ],
)
def test_a_date_of_toml_is_the_text_that_stands_for_it(value: str, text: str) -> None:
    assert release(f'title = "x"\nrelease_at = {value}\n').release_at == text


def test_a_date_in_words_is_text_that_rules_judge() -> None:
    assert release('title = "x"\nrelease_at = "8 January 2027"\n').release_at == "8 January 2027"


@pytest.mark.parametrize(
    "content",
    [
        b'title\t=\t"x"\t# tabs\n\tlabel = "y"\n',
        b'\xef\xbb\xbftitle = "x"\nlabel = "y"\n',  # Notepad
        b'title = "x"\r\nlabel = "y"\r\n',
        b'title = "x"\nlabel = "y"',
    ],
    ids=["tabs", "byte order mark", "CRLF", "no end of line"],
)
def test_what_editors_do_to_a_file_changes_nothing(content: bytes) -> None:
    assert (release(content).title, release(content).label) == ("x", "y")


@pytest.mark.parametrize("title", ["夜に駆ける", "שלום עולם", "مرحبا", "👩‍👩‍👧 x", "\u202eabc", "e\u0301"])
def test_a_title_in_any_script_is_read_as_it_stands(title: str) -> None:
    assert release(f'title = "{title}"\n').title == title


def test_what_is_not_utf8_is_told_with_its_line() -> None:
    mistake = only(b'title = "x"\nlabel = "\xfcber"\n')
    assert (mistake.line, mistake.column) == (2, 10)
    assert "UTF-8" in mistake.hint
    assert "UTF-16" in only('title = "x"'.encode("utf-16")).message


def test_lone_surrogates_and_controls_are_no_text() -> None:
    assert only(b'title = "\\ud800"').line == 1
    assert "control character" in only(b'title = "a\x00"').hint


@pytest.mark.parametrize("text", ["x = " + "[" * 20_000, "x = " + "9" * 5_000, "x = " + "{a=" * 20_000])
def test_what_would_bring_a_parser_down_is_refused(text: str) -> None:
    assert len(mistakes(text)) == 1


@given(st.lists(st.sampled_from([*"=\"\n[]{}.,#'\\ x1é:", '"""', "title", "tracks", "artist"]), max_size=25))
def test_any_text_is_read_or_refused_with_a_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        release(text)
    except ReleaseFileError as error:
        for mistake in error.mistakes:
            assert mistake.line is None or 1 <= mistake.line <= text.count("\n") + 1
            assert mistake.message
            assert mistake.hint


def test_a_file_that_is_not_there_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "release.toml").write_text('title = "x"')
    with pytest.raises(ReleaseFileError, match=r"Did you mean release\.toml\?"):
        read(tmp_path / "relaese.toml")
    with pytest.raises(ReleaseFileError, match="amv release init"):
        read(tmp_path / "x")
    with pytest.raises(ReleaseFileError, match="no folder"):
        read(tmp_path / "nowhere/release.toml")


def test_a_folder_a_pipe_and_a_name_that_cannot_be_are_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseFileError, match=r"is a folder.*release\.toml"):
        read(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReleaseFileError, match="no file"):
        read(tmp_path / "pipe")
    with pytest.raises(ReleaseFileError, match="no name"):
        read("a\0b")
    with pytest.raises(ReleaseFileError, match="cannot be read"):
        read(tmp_path / ("x" * 300))


def test_a_file_that_is_too_long_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "release.toml"
    with file.open("wb") as opened:
        opened.truncate(LARGEST * 1000)  # a hole
    with pytest.raises(ReleaseFileError, match="longer than 4 MiB"):
        read(file)


def test_the_error_names_the_file_and_its_mistakes_and_pickles(tmp_path: Path) -> None:
    file = tmp_path / "release.toml"
    file.write_text('title = 5\nlable = "x"\n')
    with pytest.raises(ReleaseFileError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}:1:1: title: must be text")
    assert "(and 1 more)" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.mistakes == caught.value.mistakes


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('title = "x"\nartist = "a"\n', "artists[0].name", 2),
        ('title = "x"\nartist = "a"\n', "artists[0].isni", 2),
        ('title = "x"\nisrc = "a"\n', "tracks[0].isrc", 2),
        ('title = "x"\nupc = "1"\n', "tracks[0].title", 1),
        ('title = "x"\nupc = "1"\ncomposers = ["a",\n"b"]\n', "tracks[0].writers[1].name", 4),
        ('title = "x"\n[[tracks]]\ntitle = "y"\ncomposers = ["a"]\n', "tracks[0].writers[0].name", 4),
        ('title = "x"\n[[tracks]]\ntitle = "y"\nartist = "a"\n', "tracks[0].artists[0].name", 4),
        ('title = "x"\n\n[[tracks]]\ntitle = "y"\n', "tracks[0].isrc", 3),
        ('\n\ntitle = "x"\n', "upc", 1),
    ],
)
def test_a_value_of_the_long_form_has_the_line_where_it_stands_in_the_short_one(
    text: str, path: str, line: int
) -> None:
    assert of_content(Release, FILE, text.encode()).line(path) == line


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("artists", "#artist ="),
        ("upc", "#upc ="),
        ("genres.apple_music", "#apple_music ="),
        ("contributors", "#[[contributors]]"),
        ("tracks[0].writers", "#composers ="),
        ("tracks[0].isrc", "#isrc ="),
        ("tracks[0].contributors", "#[[tracks.contributors]]"),
        ("ai.lyrics", "#lyrics ="),
        ("tracks[1].isrc", "[[tracks]]"),
        ("title", "title ="),
    ],
)
def test_what_is_not_written_has_the_line_where_it_stands_behind_a_hash(field: str, line: str) -> None:
    begun = Release(title="Paper Lanterns", tracks=[{"title": "A"}, {"title": "B"}])
    file = of_content(Release, FILE, written(begun).encode())
    at = file.line(field)
    assert file.places.lines[at - 1].startswith(line)
    tables = {"ai.lyrics": "[ai]", "tracks[0].isrc": "[[tracks]]", "tracks[0].writers": "[[tracks]]"}
    if field in tables:
        above = [text for text in file.places.lines[:at] if text.startswith("[")]
        assert above[-1] == tables[field]


def test_a_line_of_lyrics_with_a_hash_is_taken_for_no_key_of_the_release() -> None:
    file = of_content(Release, FILE, b'title = "x"\n[[tracks]]\ntitle = "y"\nlyrics = """\n#upc = "1"\n"""\n')
    assert file.line("upc") == 1


def test_what_the_guide_shows_can_be_read() -> None:
    guide = (Path(__file__).parents[2] / "docs/releases.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    single, album, defaults = blocks
    assert release(single).release_at == "2027-01-08"
    assert release(album).tracks[1].contributors[0].name == "Jonas Weil"
    own = of_content(ReleaseDefaults, Path("release-defaults.toml"), defaults.encode()).value
    assert own.distributor == "distrokid"
    assert all(getattr(own, name) for name in ReleaseDefaults.model_fields), "every key is shown"
