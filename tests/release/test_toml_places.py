"""Places of values: for any text that `tomllib` accepts, what stands there is the value."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.toml_places import Path, parsed, places, spelled

BARE = st.text("abcXYZ019_-", min_size=1, max_size=4)
PIECE = st.sampled_from([*"aé\t #[]{}=,.'", "\\n", '\\"', "\\\\", "\\u00e9", "😀", "ש"])
BASIC = st.lists(PIECE, max_size=6).map(lambda pieces: '"' + "".join(pieces) + '"')
LITERAL = st.text('ab\t #[]{}=,."\\é', max_size=6).map(lambda text: f"'{text}'")
LONG = st.builds(
    lambda body, quote, more: f"{quote * 3}{''.join(body)}{quote * more}{quote * 3}",
    st.lists(st.sampled_from(["a", "#", "\n", "\r\n", " ", "[", "=", "é", ","]), max_size=8),
    st.sampled_from("\"'"),
    st.integers(0, 2),
)
PLAIN = st.sampled_from(
    ["1", "0x1f", "1_000", "1.5e3", "true", "nan", "2027-01-08", "2027-01-08 10:00:00", "10:00:00"]
)
GAP = st.sampled_from(["", " ", "\t"])
WIDE = st.sampled_from(["", " ", "\n", "\r\n\t", ' # comment ] } "\n', "\n#, '''\n"])
KEY = st.one_of(BARE, BASIC, LITERAL)


def lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    item = st.builds(lambda before, value, after: before + value + after, WIDE, inner, WIDE)
    return st.builds(
        lambda items, trailing: f"[{','.join(items)}{',' * (trailing and bool(items))}]",
        st.lists(item, max_size=3),
        st.booleans(),
    )


def inline(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.builds(lambda a, key, b, value, c: f"{a}{key}{b}={c}{value}", GAP, KEY, GAP, inner, GAP)
    return st.lists(pair, max_size=3).map(lambda pairs: "{" + " ,".join(pairs) + "}")


VALUE = st.recursive(
    st.one_of(BASIC, LITERAL, LONG, PLAIN), lambda inner: st.one_of(lists(inner), inline(inner)), max_leaves=6
)
DOTTED = st.lists(KEY, min_size=1, max_size=3).map(" . ".join)
STATEMENT = st.one_of(
    st.builds(lambda key, gap, value: f"{key}{gap}={gap}{value}", DOTTED, GAP, VALUE),
    DOTTED.map(lambda key: f"[ {key} ]"),
    DOTTED.map(lambda key: f"[[{key}]]"),
    st.just("# just a comment = [1"),
    st.just(""),
)
LINE = st.builds(
    lambda indent, statement, comment: indent + statement + comment,
    GAP,
    STATEMENT,
    st.sampled_from(["", " # said", "#\t'"]),
)
TEXT = st.builds(
    lambda lines, end: end.join(lines), st.lists(LINE, max_size=8), st.sampled_from(["\n", "\r\n"])
)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def held(text: str) -> None:
    """Every value is found where it stands, on the line where its key is."""
    data = tomllib.loads(text)
    found = places(text)
    told = dict(leaves(data))
    for path, value in told.items():
        place = found.by_path[path]
        again = tomllib.loads("k = " + text[place.start : place.end])["k"]
        assert repr(again) == repr(value), path  # nan is not equal to itself
        assert place.line == text.count("\n", 0, place.key_start) + 1
        lines = text.split("\n")
        assert lines[place.line - 1][place.column - 1 :].startswith(
            text[place.key_start : place.start].split("\n")[0]
        )
    assert set(found.by_path) == {path for path, _ in everything(data)} - {()}


def everything(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from everything(inner, (*path, key))


@given(TEXT)
def test_every_value_of_any_file_is_found_where_it_stands(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    held(text)


@given(VALUE, st.sampled_from(["\n", "\r\n"]))
def test_every_value_of_a_key_is_found_whatever_is_before_and_behind_it(value: str, end: str) -> None:
    text = end.join(
        ["a = 1", f"k = {value} # k = 2", "[[t]]", f"k={value}", "[[t]]", f"'k' = {value}", "[t.u]", ""]
    )
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a key twice in an inline table
        return
    held(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('title = "a"\n\n[[tracks]]\ntitle = "b"\n[[tracks]]\n[[tracks.writers]]\nname = "c"\n',
         {"title": 1, "tracks": 3, "tracks[0]": 3, "tracks[0].title": 4, "tracks[1]": 5,
          "tracks[1].writers": 6, "tracks[1].writers[0].name": 7}),
        ('artists = [\n  {name = "a"},\n  # b\n  {name = "c"},\n]\n',
         {"artists": 1, "artists[0]": 2, "artists[1].name": 4}),
        ('ai.lyrics = "none"\nai.vocals = "all"\n', {"ai": 1, "ai.lyrics": 1, "ai.vocals": 2}),
        ('lyrics = """\na\nb"""\nisrc = "x"\n', {"lyrics": 1, "isrc": 4}),
    ],
)  # fmt: skip
def test_a_line_is_the_one_of_the_key(text: str, lines: dict[str, int]) -> None:
    found = places(text)
    assert {path: found.by_path[parsed(path)].line for path in lines} == lines


def test_what_is_not_written_has_the_line_of_what_is_around_it() -> None:
    found = places('title = "a"\n[[tracks]]\ntitle = "b"\n')
    nearest = found.nearest(parsed("tracks[0].isrc"))
    assert nearest is not None
    assert nearest.line == 2
    assert found.nearest(parsed("upc")) is None


@pytest.mark.parametrize(
    "path", ["title", "tracks[1].isrc", "tracks[0].writers[2].ipi", "genres.apple_music"]
)
def test_a_path_is_spelled_as_it_is_read(path: str) -> None:
    assert spelled(parsed(path)) == path


def test_five_hundred_tracks_take_a_moment_and_not_a_square_of_it() -> None:
    words = "la\n" * 40
    text = "\n".join(f'[[tracks]]\ntitle = "{n}"\nlyrics = """\n{words}"""' for n in range(500))
    found = places(text)
    assert found.by_path["tracks", 499, "title"].line == 499 * 44 + 2
