"""`amv artwork check`: a picture is judged, and mended into a cover, without any server."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest

from aimusicverse.cli.check_view import ASKED
from aimusicverse.release.picture_checks import TARGETS
from tests.cli.conftest import AMV, Run
from tests.server.sample_pictures import decoded, drawing, encoded, sent


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own, where no server can be reached."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AMV_BASE_URL", "http://127.0.0.1:1")


@pytest.fixture
def wide() -> str:
    Path("wide.png").write_bytes(encoded(drawing(900, 700), "PNG"))
    return "wide.png"


def test_what_blocks_ends_with_ten_and_what_does_not_with_nought(amv: Run, wide: str) -> None:
    refused = amv("artwork", "check", wide)
    assert (refused.code, refused.err) == (10, "")
    first, *findings = refused.out.splitlines()
    assert first.startswith("wide.png: PNG, 900 × 700 pixels")
    assert [line.split(" (")[0] for line in findings] == [
        "error C-SQUARE", "error C-MIN", "error C-FMT", "warning C-MIN",
    ]  # fmt: skip
    Path("good.jpg").write_bytes(encoded(drawing(3000, 3000)))
    taken = amv("artwork", "check", "good.jpg")
    assert (taken.code, taken.out.splitlines()[1]) == (
        0, "no rule of spotify, apple_music, soundcloud, distrokid speaks against it",
    )  # fmt: skip
    Path("small.jpg").write_bytes(encoded(drawing(1500, 1500)))
    warned = amv("artwork", "check", "small.jpg")
    assert (warned.code, "warning C-MIN" in warned.out) == (0, True)


def test_those_are_asked_who_are_named(amv: Run, wide: str) -> None:
    told = amv("artwork", "check", wide, "--to", "Apple-Music,distrokid", "--to", "tunecore", "--json")
    assert (told.code, told.data["blocking"], told.data["file"]) == (10, True, wide)
    assert told.data["targets"] == ["apple_music", "distrokid", "tunecore"]
    square, *_ = told.data["checks"]
    assert (square["rule"], square["targets"]) == ("C-SQUARE", told.data["targets"])
    assert set(square) == {
        "rule", "severity", "blocking", "targets", "message", "passes", "fix", "docs_url",
    }  # fmt: skip


def test_the_same_are_asked_as_a_server_asks() -> None:
    assert tuple(target.id for target in TARGETS) == ASKED


def test_a_repair_writes_a_cover_tells_what_was_done_and_judges_that(amv: Run, wide: str) -> None:
    before = Path(wide).read_bytes()
    mended = amv("artwork", "check", wide, "--repair", "-o", "cover.jpg")
    assert mended.code == 0
    assert mended.out.splitlines()[:3] == [
        "cover.jpg",
        "done: PNG written as JPEG",
        "done: cut to a square: the middle of 900 × 700",
    ]
    cover = decoded(Path("cover.jpg").read_bytes())
    assert (cover.format, cover.size, cover.mode) == ("JPEG", (3000, 3000), "RGB")
    assert Path(wide).read_bytes() == before
    again = amv("artwork", "check", "cover.jpg", "--repair", "-o", "same.jpg", "--json")
    assert (again.code, again.data["repaired"]) == (0, {"file": "same.jpg", "done": []})
    assert sha256("same.jpg") == sha256("cover.jpg")
    shown = amv("artwork", "check", "cover.jpg", "--repair", "-o", "same.jpg")
    assert "done: nothing had to be changed" in shown.out


def sha256(name: str) -> str:
    return hashlib.sha256(Path(name).read_bytes()).hexdigest()


def contents() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


def test_a_picture_comes_from_standard_input(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent())))
    told = amv("artwork", "check", "-")
    assert (told.code, told.out.split(":")[0]) == (10, "standard input")


def test_a_cover_may_go_to_standard_output_and_words_go_elsewhere(amv_process: Run, wide: str) -> None:
    Path("to").mkdir()
    into = amv_process("artwork", "check", wide, "--repair", "-o", "to")
    assert (into.code, into.out.splitlines()[0]) == (0, "to/wide.jpg")
    command = [AMV, "artwork", "check", wide, "--repair", "-o", "-"]
    piped = subprocess.run(command, capture_output=True, timeout=60)
    assert piped.returncode == 0
    assert piped.stdout == Path("to/wide.jpg").read_bytes()
    assert b"done: PNG written as JPEG" in piped.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("missing.png",), "missing.png"),
        (("text.txt",), "no picture"),
        (("cut.jpg",), "end is missing"),
        (("cut.jpg", "--repair", "-o", "x.jpg"), "end is missing"),
        ((".",), "cannot be read"),
        (("wide.png", "--repair"), "-o"),
        (("wide.png", "-o", "x.jpg"), "--repair"),
        (("wide.png", "--repair", "-o", "wide.png"), "the picture itself"),
        (("wide.png", "--repair", "-o", "./wide.png"), "the picture itself"),
        (("wide.png", "--repair", "-o", "x.png"), ".jpg"),
        (("wide.png", "--repair", "-o", "nowhere/x.jpg"), "no folder"),
        (("wide.png", "--repair", "-o", "-", "--json"), "standard output"),
        (("wide.png", "--to", "spotfy"), "Did you mean spotify?"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_writes_nothing(
    amv: Run, wide: str, words: tuple[str, ...], says: str
) -> None:
    Path("text.txt").write_bytes(b"Dear diary, " * 100)
    Path("cut.jpg").write_bytes(sent()[:-200])
    before = contents()
    refused = amv("artwork", "check", *words)
    assert (refused.code, refused.out) == (2, ""), refused.err
    assert says in refused.err
    assert contents() == before
