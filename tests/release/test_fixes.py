"""A repair changes the value that it is of, and no character more; what cannot be done is left, and told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.release import toml_form
from aimusicverse.release.fixes import changed_at, diff, repaired
from aimusicverse.release.toml_file import TomlFile, of_content
from aimusicverse.types.release import Release
from aimusicverse.types.validation import Finding, Repair, TargetReport, ValidationReport
from tests.release.releases_of_all_kinds import RELEASES

FILE = Path("release.toml")
EDITED = """\
# mine
title   = "Rainy Night - Single"   # keep this
artist = 'Maren'\t# and this

[ai]
lyrics = "none"

# the first
[[tracks]]
title = "Rainy Night - Single" # same
isrc = "US-SKG-26-00001"
roles = []
"""


def opened(text: str | bytes) -> TomlFile[Release]:
    return of_content(Release, FILE, text.encode() if isinstance(text, str) else text)


EDITED = EDITED.replace("roles = []\n", "")


def offering(
    *rows: tuple[str, str, Callable[[Release], str | None], str | None],
) -> Callable[[TomlFile[Release]], ValidationReport]:
    """A judge whose rules offer a repair as long as the value is another one.

    Args:
        rows: rule, field, how the value is got, what it should be.
    """

    def judge(file: TomlFile[Release]) -> ValidationReport:
        findings = [
            Finding(
                rule=rule, severity="error", blocking=True, field=field, value=now(file.value), message="m",
                passes="p", fix="f", source="s", as_of=date(2026, 11, 22), evidence="own", docs_url="",
                repair=Repair(field=field, before=now(file.value), after=after),
            )
            for rule, field, now, after in rows
            if now(file.value) != after
        ]  # fmt: skip
        target = TargetReport(target="spotify", kind="store", blocking=bool(findings), findings=findings)
        return ValidationReport(blocking=False, targets=[target], rules_as_of=date(2026, 11, 22))

    return judge


def test_only_the_values_change_and_the_diff_shows_it() -> None:
    before = opened(EDITED)
    done = repaired(
        before,
        offering(
            ("T-A", "title", lambda r: r.title, "Rainy Night"),
            ("T-A", "tracks[0].title", lambda r: r.tracks[0].title, "Rainy Night"),
        ),
    )
    assert done.file.text == EDITED.replace("Night - Single", "Night")
    assert [finding.field for finding in done.made] == ["title", "tracks[0].title"]
    assert done.left == []
    assert diff(before, done.file).splitlines()[:6] == [
        "--- release.toml (now)",
        "+++ release.toml (then)",
        "@@ -1,5 +1,5 @@",
        " # mine",
        '-title   = "Rainy Night - Single"   # keep this',
        '+title   = "Rainy Night"   # keep this',
    ]


def test_nothing_offered_is_no_diff() -> None:
    before = opened(EDITED)
    assert diff(before, repaired(before, offering()).file) == ""


def test_two_rules_mend_one_value_one_after_the_other() -> None:
    def judge(file: TomlFile[Release]) -> ValidationReport:
        title = file.value.title
        return offering(
            ("T-1", "title", lambda r: r.title, title.removesuffix(" - Single")),
            ("T-2", "title", lambda r: r.title, title.replace("Rainy", "rainy")),
        )(file)

    done = repaired(opened(EDITED), judge)
    assert done.file.value.title == "rainy Night"
    assert [finding.rule for finding in done.made] == ["T-1", "T-2"]


def test_rules_that_undo_each_other_come_to_an_end() -> None:
    def judge(file: TomlFile[Release]) -> ValidationReport:
        other = "a" if file.value.title == "b" else "b"
        return offering(("T-1", "title", lambda r: r.title, other))(file)

    assert repaired(opened(EDITED), judge).file.value.title in ("a", "b")


def test_what_stores_want_differently_is_left_to_the_person() -> None:
    judge = offering(
        ("T-1", "title", lambda r: r.title, "x"),
        ("T-1", "title", lambda r: r.title, "y"),
    )
    done = repaired(opened(EDITED), judge)
    assert done.file.text == EDITED
    assert "'x' or 'y'" in done.left[0].why


def test_what_cannot_be_done_in_the_text_is_left_and_told() -> None:
    judge = offering(("A-1", "artists[0].isni", lambda r: r.artists[0].isni, "x"))
    done = repaired(opened(EDITED), judge)
    assert done.file.text == EDITED
    assert "by hand" in done.left[0].why


@pytest.mark.parametrize(
    ("text", "path", "after", "expected"),
    [
        ('title = "x"\n', "upc", "1", 'title = "x"\nupc = "1"\n'),
        ('title = "x"', "upc", "1", 'title = "x"\nupc = "1"'),
        ('title = "x" # a\r\n\r\n[ai]\r\n', "upc", "1", 'title = "x" # a\r\nupc = "1"\r\n\r\n[ai]\r\n'),
        ('title = "x"\n', "tracks[0].isrc", "1", 'title = "x"\nisrc = "1"\n'),
        ('title = "x"\n[[tracks]] # a\ntitle = "y"\n', "tracks[0].isrc", "1",
         'title = "x"\n[[tracks]] # a\nisrc = "1"\ntitle = "y"\n'),
        ('title = "x"\ntracks = [{title = "y"}]\n', "tracks[0].isrc", "1",
         'title = "x"\ntracks = [{ isrc = "1",title = "y"}]\n'),
        ('title = "x"\n', "ai.lyrics", "none", 'title = "x"\n\n[ai]\nlyrics = "none"\n'),
        ('title = "x"\n', "intentional_styling", "true", 'title = "x"\nintentional_styling = true\n'),
        ('title = "x"\nupc = "1" # a\nlabel = "y"\n', "upc", None, 'title = "x"\nlabel = "y"\n'),
        ('title = "x"\nartist = "a"\n', "artists[0].name", "b", 'title = "x"\nartist = "b"\n'),
        ('title = "x"\ncomposers = ["a", "b"]\n', "tracks[0].writers[1].name", "c",
         'title = "x"\ncomposers = ["a", "c"]\n'),
        ('title = "x"\nterritories = [ "UK", "DE" ]\n', "territories[0]", "GB",
         'title = "x"\nterritories = [ "GB", "DE" ]\n'),
        ('title = "x"\nrelease_at = 2027-01-08\n', "release_at", "2027-01-15",
         'title = "x"\nrelease_at = "2027-01-15"\n'),
        ('title = "x"\n[genres]\napple_music = "Pop"\n', "genres.apple_music", "POP-00",
         'title = "x"\n[genres]\napple_music = "POP-00"\n'),
        ('title = "x"\n', "title", 'a "b" \\ \u202e', 'title = "a \\"b\\" \\\\ \\u202e"\n'),
    ],
)  # fmt: skip
def test_a_value_is_written_where_it_belongs(text: str, path: str, after: str | None, expected: str) -> None:
    changed = changed_at(opened(text), path, after)
    assert changed is not None
    assert changed.text == expected


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ('title = "x"\n', "title", None),  # a release has one
        ('title = "x"\n', "explicit", "perhaps"),
        ('title = "x"\nartists = [{name = "a"}]\n', "artists", "b"),
        ('title = "x"\n[cover]\nfile = "a"\n', "cover", "b"),
        ('title = "x"\ntracks = [{title = "y", isrc = "1"}]\n', "tracks[0].isrc", None),
        ('title = "x"\n', "tracks[3].isrc", "1"),
        ('title = "x"\n', "title", "\ud800"),
        ('title = "x"\n', "no_such_key", "1"),
    ],
)
def test_what_would_be_no_release_is_not_written(text: str, path: str, after: str | None) -> None:
    assert changed_at(opened(text), path, after) is None


def test_a_byte_order_mark_stays() -> None:
    changed = changed_at(opened(b'\xef\xbb\xbftitle = "x"\r\n'), "title", "y")
    assert changed is not None
    assert changed.content == b'\xef\xbb\xbftitle = "y"\r\n'


@settings(deadline=None, max_examples=60)
@given(RELEASES, st.sampled_from(["title", "upc", "label", "tracks[0].title", "tracks[0].isrc", "ai.lyrics"]))
def test_in_any_release_one_value_changes_and_everything_else_says_the_same(
    release: Release, path: str
) -> None:
    before = opened(toml_form.written(release))
    after = "none" if path == "ai.lyrics" else "Anything [else] = #1"
    changed = changed_at(before, path, after)
    assert changed is not None
    expected = before.value.model_dump()
    part = expected
    *way, last = path.replace("[0]", ".0").split(".")
    for step in way:
        part = part[int(step)] if step.isdigit() else part[step]
    part[last] = after
    assert changed.value.model_dump() == expected
    lines = [line for line in diff(before, changed).splitlines()[2:] if line[:1] in "+-"]
    assert sum(line.startswith("+") for line in lines) == 1 or tomllib.loads(before.text) == tomllib.loads(
        changed.text
    )


def test_five_hundred_titles_are_mended_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    from aimusicverse.release import fixes

    opened_times = []
    real = fixes.of_content
    monkeypatch.setattr(fixes, "of_content", lambda *given: opened_times.append(1) or real(*given))
    text = 'title = "x" # x\n' + "".join(f'[[tracks]]\ntitle = "SONG {n}" # {n}\n' for n in range(500))

    def judge(file: TomlFile[Release]) -> ValidationReport:
        rows = [
            ("T-1", f"tracks[{n}].title", lambda r, n=n: r.tracks[n].title, f"Song {n}") for n in range(500)
        ]
        return offering(*rows)(file)  # type: ignore[arg-type]

    done = repaired(opened(text), judge)
    assert done.file.text == text.replace("SONG", "Song")
    assert len(done.made) == 500
    assert len(opened_times) < 5


def test_one_repair_that_cannot_be_does_not_keep_the_others_back() -> None:
    judge = offering(
        ("T-1", "title", lambda r: r.title, "y"),
        ("T-2", "ai.lyrics", lambda r: r.ai.lyrics, "perhaps"),
        ("T-3", "tracks[0].title", lambda r: r.tracks[0].title, "z"),
    )
    done = repaired(opened(EDITED), judge)
    assert (done.file.value.title, done.file.value.tracks[0].title) == ("y", "z")
    assert [left.finding.rule for left in done.left] == ["T-2"]


def test_rules_that_are_not_wanted_change_nothing() -> None:
    judge = offering(
        ("T-1", "title", lambda r: r.title, "y"), ("T-2", "artists[0].name", lambda r: r.artists[0].name, "z")
    )
    done = repaired(opened(EDITED), judge, lambda rule: rule == "T-2")
    assert (done.file.value.title, done.file.value.artists[0].name) == ("Rainy Night - Single", "z")
