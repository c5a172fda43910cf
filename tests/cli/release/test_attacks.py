"""Files, names and moments that are meant to break `amv release`: told in words, and nothing half-written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aimusicverse.release import preparing
from aimusicverse.release.gathering import Gathered
from tests.cli.conftest import Run
from tests.cli.release.test_release import given, own_config, sound
from tests.release.real_files import artwork, content_of

#: Large and hostile files take their time.
pytestmark = pytest.mark.long


__all__ = ["own_config"]

RELEASE = 'title = "{title}"\nartist = "Maren Okafor"\nfile = "song.wav"\n[cover]\nfile = "front.jpg"\n'


@pytest.fixture(scope="module")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cover") / "front.jpg"
    path.write_bytes(content_of(artwork(), "JPEG", quality=92))
    return path


def left_behind() -> list[str]:
    return sorted(path.name for path in Path().iterdir() if path.name.startswith((".unfinished", ".amv")))


def _garbage(file: Path) -> None:
    file.write_bytes(b"garbage")


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0\0")


def _secret(file: Path) -> None:
    """A link to what the person who prepares may read, and nobody should be sent."""
    Path("secret").write_text("do not send")
    file.unlink()
    file.symlink_to("secret")


def _pipe(file: Path) -> None:
    """Nobody ever writes into it."""
    file.unlink()
    os.mkfifo(file)


def _endless(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["song.wav", "front.jpg"])
@pytest.mark.parametrize("swap", [_garbage, _cut, _longer, Path.unlink, _secret, _pipe, _endless])
def test_a_file_that_is_swapped_after_it_was_judged_is_never_packed(
    amv: Run, cover: Path, monkeypatch: pytest.MonkeyPatch, name: str, swap: Callable[[Path], None]
) -> None:
    sound("song.wav")
    shutil.copy(cover, "front.jpg")
    given(RELEASE.format(title="Paper Lanterns"))
    whole = preparing.prepare

    def prepare(*words: object, found: Gathered, **more: object) -> object:
        swap(Path(name))
        return whole(*words, found=found, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(preparing, "prepare", prepare)
    done = amv("release", "prepare", "release.toml", "--via", "distrokid", "-o", "out")
    assert done.code in (1, 2), done.err
    assert "Traceback" not in done.err
    assert name in done.err or "01 Paper Lanterns" in done.err
    assert not Path("out").exists()
    assert left_behind() == []


@pytest.mark.parametrize(
    "title",
    ["a" * 250, "é" * 250, "夜" * 250, "👩‍👩‍👧" * 40, "../../evil", "..", "/", "CON", "\\\\u0000", "-rf"],
)
def test_whatever_a_title_is_the_folder_of_its_name_lies_here(amv: Run, cover: Path, title: str) -> None:
    sound("song.wav")
    shutil.copy(cover, "front.jpg")
    given(RELEASE.format(title=title.replace("\\\\", "\\")))
    before = {path.name for path in Path().iterdir()}
    around = sorted(Path("..").iterdir())
    done = amv("release", "prepare", "release.toml", "--via", "distrokid")
    assert done.code in (0, 10), done.err
    [made] = {path.name for path in Path().iterdir()} - before
    assert (Path(made) / "README.md").is_file()
    assert not made.startswith("-"), "a program would take it for an option"
    assert sorted(Path("..").iterdir()) == around
    [master] = Path(made, "master").iterdir()
    assert len(os.fsencode(master.name)) <= 255
