"""The kit for DistroKid: files named by titles, each question answered or marked, tables that run nothing."""

from __future__ import annotations

import csv
import html.parser
import io
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.release.kit import track_names, write_kit
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.release.spreadsheet import harmless
from aimusicverse.types.release import Release
from tests.release.ern.written import RICH
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, LEFT_OUT, SINGLE, changed

TEXTS = ("checklist.html", "checklist.md", "release.csv")


def kit(
    folder: Path, release: dict[str, Any] = SINGLE, changes: dict[str, Any] | None = None, **options: bool
) -> Path:
    """One, of a release with real files."""
    parsed = Release.model_validate(changed(release, changes or {}))
    files = release_files(folder / "in", len(parsed.tracks), ending="wav")
    return write_kit(folder / "out" / "kit", parsed, files, **options)


def sounds(folder: Path) -> list[str]:
    """Names of the sound files in it."""
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".wav")


def rows(folder: Path) -> list[dict[str, str]]:
    """The table, as a program reads it."""
    text = (folder / "release.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_files_are_named_by_number_and_title(tmp_path: Path) -> None:
    made = kit(tmp_path, ALBUM)
    assert sounds(made)[:2] == ["01 Cold Morning.wav", "02 Ferry.wav"]
    assert {path.name for path in made.iterdir()} == {*sounds(made), "cover.jpg", *TEXTS}


def test_files_are_the_masters_byte_by_byte(tmp_path: Path) -> None:
    made = kit(tmp_path, ALBUM)
    for number, name in enumerate(sounds(made)):
        assert (made / name).read_bytes() == (tmp_path / "in" / f"take {number}.wav").read_bytes()


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = kit(tmp_path / "1", RICH), kit(tmp_path / "2", RICH)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "01 .. .. etc passwd.wav"),
        ("/etc/passwd", "01 etc passwd.wav"),
        ("C:\\Windows\\x", "01 C Windows x.wav"),
        ("a\x00b", "01 a b.wav"),
        ("CON", "01 CON.wav"),
        ("..", "01.wav"),
        ("...", "01.wav"),
        ("What? *Why* <now>: \"this\" | that", "01 What Why now this that.wav"),
        ("Dot.", "01 Dot.wav"),
        ("evil\u202egnp", "01 evilgnp.wav"),
        ("Zoe\u0308", "01 Zo\u00eb.wav"),
        ("夜に駆ける", "01 夜に駆ける.wav"),
        ("أغنية", "01 أغنية.wav"),
        ("🚂", "01 🚂.wav"),
    ],
)  # fmt: skip
def test_no_title_leads_out_of_the_kit(tmp_path: Path, title: str, name: str) -> None:
    made = kit(tmp_path, SINGLE, {"tracks[0].title": title})
    assert sounds(made) == [name]
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kit"]


@pytest.mark.parametrize(
    "title", ["x" * 400, "夜" * 200, "👩\u200d🎤" * 80, "e\u0301\u0302" * 150, "g\u0300" * 150]
)
def test_a_long_title_is_cut_between_characters(tmp_path: Path, title: str) -> None:
    (name,) = sounds(kit(tmp_path, SINGLE, {"tracks[0].title": title}))
    assert 200 < len(name.encode()) <= 255
    assert name.endswith(".wav")


def test_ascii_names_keep_what_can_be_kept(tmp_path: Path) -> None:
    made = kit(tmp_path, SINGLE, {"tracks[0].title": "Über Ñandú 夜"}, ascii_names=True)
    assert sounds(made) == ["01 Uber Nandu.wav"]


def test_two_tracks_of_one_title_are_two_files(tmp_path: Path) -> None:
    changes = {"tracks[1].title": "Cold Morning", "tracks[2].title": "COLD MORNING"}
    assert len({name.casefold() for name in sounds(kit(tmp_path, ALBUM, changes))}) == 7


def test_numbers_have_as_many_digits_as_the_last(tmp_path: Path) -> None:
    many = {**SINGLE, "tracks": [{"title": f"T{n}"} for n in range(100)]}
    release = Release.model_validate(many)
    one = release_files(tmp_path).tracks[0]
    files = release_files(tmp_path)
    files = type(files)((one,) * 100, files.cover)
    assert track_names(release, files)[0] == "001 T0.flac"


class TestChecklist:
    def test_every_answer_of_the_release_is_there_in_order(self, tmp_path: Path) -> None:
        text = (kit(tmp_path, ALBUM) / "checklist.md").read_text()
        order = (
            "Number of songs: 7", "Artist or band: Maren Okafor", "Release date: 2027", "Record label: Maren",
            "Album cover: cover.jpg", "Primary genre: Pop", "Album title: Harbour Lights",
            "## Track 1: Cold Morning", "Audio file: 01 Cold Morning.wav", "ISRC: USSKG2600001",
            "Explicit words?: No", "Instrumental?: No",
            "Songwriters, by legal first and last name: Maren Okafor", "AI: were the lyrics",
            "AI: was the music", "AI: was the audio", "## Track 2: Ferry", "## Extras",
        )  # fmt: skip
        plain = text.replace("\\", "")
        places = [plain.find(it) for it in order]
        assert -1 not in places, order[places.index(-1)]
        assert places == sorted(places)

    def test_what_the_release_does_not_say_is_marked(self, tmp_path: Path) -> None:
        gone = dict.fromkeys(("explicit", "genre", "ai", "tracks[0].writers"), LEFT_OUT)
        made = kit(tmp_path, SINGLE, gone)
        text = (made / "checklist.md").read_text()
        for question in ("Explicit words?", "Primary genre", "Songwriters", "AI: was the music composed"):
            (line,) = [line for line in text.splitlines() if line.startswith(f"- [ ] {question}")]
            assert "**To do" in line
        assert (made / "checklist.html").read_text().count('class="open"') == text.count("**To do")

    @pytest.mark.parametrize(
        ("ai", "answers"),
        [
            ({}, ("No", "No", "No")),
            ({"lyrics": "all", "composition": "partly"}, ("Yes, all of it", "Yes, partly", "No")),
            ({"instruments": "all"}, ("No", "No", "Yes, partly")),
            ({"instruments": "all", "vocals": "all"}, ("No", "No", "Yes, all of it")),
        ],
    )  # fmt: skip
    def test_what_a_machine_made_is_told_as_the_form_asks(
        self, tmp_path: Path, ai: dict[str, str], answers: tuple[str, ...]
    ) -> None:
        made = kit(tmp_path, SINGLE, {f"ai.{aspect}": part for aspect, part in ai.items()})
        lines = (made / "checklist.md").read_text().splitlines()
        told = [
            line.split("?: ")[1].split(" *")[0] for line in lines if line.startswith("- [ ] AI: was the ")
        ]
        words = [line.split("?: ")[1] for line in lines if line.startswith("- [ ] AI: were the lyrics")]
        assert (*words, *told) == answers

    def test_whose_persona_it_is_is_asked_only_if_all_of_the_sound_is_a_machines(
        self, tmp_path: Path
    ) -> None:
        asked = "person or an AI persona"
        some = kit(tmp_path / "1", SINGLE, {"ai.instruments": "all"})
        assert asked not in (some / "checklist.md").read_text()
        everything = {"ai.instruments": "all", "ai.vocals": "all"}
        human = kit(tmp_path / "2", SINGLE, everything)
        assert f"{asked}?: **To do" in (human / "checklist.md").read_text()
        persona = kit(tmp_path / "3", SINGLE, {**everything, "artists[0].ai": "all"})
        assert f"{asked}?: AI persona" in (persona / "checklist.md").read_text()

    def test_an_instrumental_has_no_words(self, tmp_path: Path) -> None:
        changes = {"language": "zxx", "ai.instruments": "all"}
        text = (kit(tmp_path, SINGLE, changes) / "checklist.md").read_text()
        assert "Instrumental?: Yes" in text
        assert "lyrics written by it?: No lyrics" in text
        assert "audio generated by it?: Yes, all of it" in text

    @pytest.mark.parametrize(
        "title", ["<script>alert(1)</script>", "*bold* [a](b)", "a\n# Track 9\n- [x] done", "&lt;"]
    )
    def test_a_title_is_text_and_nothing_else(self, tmp_path: Path, title: str) -> None:
        made = kit(tmp_path, SINGLE, {"title": title, "tracks[0].title": title})
        page = (made / "checklist.html").read_text()
        seen = Seen()
        seen.feed(page)
        assert "script" not in seen.tags
        assert title in seen.text
        headings = [line for line in (made / "checklist.md").read_text().splitlines() if line.startswith("#")]
        assert len(headings) == 4


class Seen(html.parser.HTMLParser):
    """Tags and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


class TestTable:
    def test_it_has_a_row_a_track_and_a_mark_for_excel(self, tmp_path: Path) -> None:
        made = kit(tmp_path, ALBUM)
        assert (made / "release.csv").read_bytes().startswith(b"\xef\xbb\xbftrack,title,")
        assert [row["title"] for row in rows(made)][:2] == ["Cold Morning", "Ferry"]
        assert rows(made)[0]["songwriters"] == "Maren Okafor"

    def test_lines_end_as_rfc_4180_has_it(self, tmp_path: Path) -> None:
        content = (kit(tmp_path, ALBUM) / "release.csv").read_bytes()
        assert content.count(b"\r\n") == content.count(b"\n") == 8

    @pytest.mark.parametrize("title", ['a,b "c"', "a\r\nb", "夜", "a;b\tc"])
    def test_any_text_comes_back_as_it_was(self, tmp_path: Path, title: str) -> None:
        assert rows(kit(tmp_path, SINGLE, {"tracks[0].title": title}))[0]["title"] == title

    @pytest.mark.parametrize(
        "title",
        [
            "=1+1",
            "+49",
            "-1",
            "@SUM(A1)",
            "＝1",
            '=HYPERLINK("http://x")',
        ],
    )
    def test_no_cell_is_a_formula(self, tmp_path: Path, title: str) -> None:
        assert rows(kit(tmp_path, SINGLE, {"tracks[0].title": title}))[0]["title"] == f"'{title}"


@pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "  @x", "=", "\0=1"])
def test_a_formula_behind_blanks_is_none_either(cell: str) -> None:
    assert harmless(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", " ", "a=1", "1+1", "夜", "'quoted'", "3-2-1"])
def test_other_text_is_left_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out" / "kit").mkdir(parents=True)
    with pytest.raises(CannotPackage, match="it is there already"):
        kit(tmp_path)
    assert list((tmp_path / "out" / "kit").iterdir()) == []


def test_without_a_cover_there_is_no_kit(tmp_path: Path) -> None:
    files = release_files(tmp_path / "in")
    with pytest.raises(CannotPackage, match="there is no cover"):
        write_kit(tmp_path / "kit", Release.model_validate(SINGLE), type(files)(files.tracks))
