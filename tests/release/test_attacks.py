"""Files that are written to bring a program down: answered soon, in little memory, as any mistake is."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aimusicverse.release.image_check import ImageError, look_into
from aimusicverse.release.picture_repair import repaired
from aimusicverse.release.toml_file import ReleaseFileError, load
from tests.release.real_files import artwork, content_of

#: Large and hostile files take their time.
pytestmark = pytest.mark.long

#: CPU seconds that reading one file may cost on a machine with other work. By the square it takes minutes.
SOON = 10.0
_READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from aimusicverse.release.toml_file import ReleaseFileError, load
try:
    load(sys.argv[1])
except ReleaseFileError as error:
    print(error)
"""


def given(folder: Path, content: bytes) -> Path:
    path = folder / "release.toml"
    path.write_bytes(content)
    return path


def cpu() -> float:
    return time.process_time()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'title = "x"\ngenres = [' + b"1," * 100_000 + b"]", id="numbers on one line"),
        pytest.param(b'title = "x"\ngenres = [' + b"[1]," * 60_000 + b"]", id="lists on one line"),
        pytest.param(b'title = "x"\ngenres = [' + b"{a=1}," * 40_000 + b"]", id="tables on one line"),
        pytest.param(b'title = "x"\n' + b"[[tracks]]\n" * 60_000, id="tracks"),
        pytest.param(b"# \n" * 300_000, id="comments"),
        pytest.param(b"a" * 3_000_000 + b" = 1", id="a long key"),
        pytest.param(b'"' * 500_000, id="quotes"),
        pytest.param(b"a." * 99 * 10_000, id="dots, not quite too many"),
    ],
)
def test_a_large_file_of_any_form_is_read_in_time_by_its_length(tmp_path: Path, content: bytes) -> None:
    began = cpu()
    with pytest.raises(ReleaseFileError):
        load(given(tmp_path, content))
    assert cpu() - began < SOON


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b".".join([b"a"] * 500_000) + b" = 1", id="bare"),
        pytest.param(b"[" + b" . ".join([b"a"] * 500_000) + b"]", id="a heading"),
        pytest.param(b'title = {"' + b'"."'.join([b"a"] * 500_000) + b'" = 1}', id="quoted"),
    ],
)
def test_a_key_of_many_dots_fills_no_memory(tmp_path: Path, content: bytes) -> None:
    path = given(tmp_path, content)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "a key of 100 parts" in done.stdout, done.stdout + done.stderr


def test_dots_in_text_are_no_key(tmp_path: Path) -> None:
    spelled = ".".join("R.E.M" for _ in range(20))
    lyrics = f'title = "x{"." * 500}"\nartist = "{spelled}"\nlyrics = """\n{"... " * 500}\n"""\n'
    assert load(given(tmp_path, lyrics.encode())).value.title == "x" + "." * 500


@pytest.mark.parametrize("key", ["title", "tracks", "explicit", "release_at", "ai", "label", "nonsense"])
@pytest.mark.parametrize(
    "number", ["0x" + "f" * 100_000, "0b" + "1" * 20_000, "9" * 5_000, "-" + "9" * 4_000]
)
def test_a_number_of_any_length_is_a_mistake_and_no_crash(tmp_path: Path, key: str, number: str) -> None:
    title = "" if key == "title" else 'title = "x"\n'
    with pytest.raises(ReleaseFileError) as told:
        load(given(tmp_path, f"{title}{key} = {number}\n".encode()))
    assert len(str(told.value)) < 6_000


@pytest.mark.parametrize("look", [look_into, repaired])
def test_a_jpeg_of_millions_of_segments_fills_no_memory(look: Callable[[bytes, str], object]) -> None:
    picture = content_of(artwork(64), "JPEG")
    began = cpu()
    for segments in (b"\xff\xe0\0\2" * 2_000_000, b"\xff\xd0" * 4_000_000):
        with pytest.raises(ImageError, match="segments"):
            look(picture[:2] + segments + picture[2:], "front.jpg")
        frame = picture.index(b"\xff\xda")
        with pytest.raises(ImageError, match="segments"):
            look(picture[:frame] + segments + picture[frame:], "front.jpg")
    assert cpu() - began < SOON
    assert look(picture[:2] + b"\xff\xe0\0\2" * 1_000 + picture[2:], "front.jpg")
