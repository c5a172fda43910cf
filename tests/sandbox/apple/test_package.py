"""What the stand-in sees in a package: every fault named, whatever is in the folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.release.itmsp import write_itmsp, write_itmsp_takedown
from aimusicverse.sandbox.apple.package import read_package
from aimusicverse.types.release import Release
from tests.release.package_files import release_files
from tests.release.sound_releases import NOW, SINGLE

UPC = "036000291452"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    release = Release.model_validate(SINGLE)
    files = release_files(tmp_path / "in")
    return write_itmsp(tmp_path / "out", release, files, provider="Lanterns", now=NOW)


def test_a_good_package_has_no_faults(package: Path) -> None:
    found = read_package(package)
    assert found.errors == []
    assert (found.vendor_id, found.provider, found.title) == (UPC, "Lanterns", "Paper Lanterns")
    assert (found.upc, found.isrcs, found.starts) == (UPC, ["USSKG2600001"], "2027-01-08")
    assert found.cleared


def test_a_takedown_needs_no_files(tmp_path: Path) -> None:
    release = Release.model_validate(SINGLE)
    found = read_package(write_itmsp_takedown(tmp_path, release, provider="Lanterns", now=NOW))
    assert (found.errors, found.cleared) == ([], False)


def _longer(package: Path) -> None:
    with (package / f"{UPC}.jpg").open("ab") as cover:
        cover.write(b"x")


def _other_bytes(package: Path) -> None:
    sound = package / f"{UPC}_01_001.flac"
    content = bytearray(sound.read_bytes())
    content[-1] ^= 1
    sound.write_bytes(content)


def _text(old: str, new: str) -> Callable[[Path], None]:
    def change(package: Path) -> None:
        metadata = package / "metadata.xml"
        text = metadata.read_text("utf-8")
        assert old in text
        metadata.write_text(text.replace(old, new), "utf-8")

    return change


def _linked(package: Path) -> None:
    sound = package / f"{UPC}_01_001.flac"
    sound.rename(package.parent / "elsewhere.flac")
    sound.symlink_to(package.parent / "elsewhere.flac")


def _fifo(package: Path) -> None:
    (package / "metadata.xml").unlink()
    os.mkfifo(package / "metadata.xml")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_longer, "size"),
        (_other_bytes, "checksum"),
        (lambda package: (package / f"{UPC}.jpg").unlink(), "file"),
        (lambda package: (package / "more.txt").write_text("x"), "file"),
        (_linked, "file"),
        (_fifo, "metadata"),
        (lambda package: (package / "metadata.xml").write_bytes(b"<a"), "metadata"),
        (_text('version="music5.3"', 'version="music9"'), "form"),
        (_text(f"<vendor_id>{UPC}</vendor_id>", "<vendor_id>another</vendor_id>"), "vendor_id"),
        (_text(f"<upc>{UPC}</upc>", "<upc>036000291453</upc>"), "upc"),
        (_text("<isrc>USSKG2600001</isrc>", "<isrc>x</isrc>"), "isrc"),
        (_text(f"<file_name>{UPC}.jpg</file_name>", "<file_name>../../secret</file_name>"), "file"),
        (_text("<track_count>1</track_count>", "<track_count>2</track_count>"), "track_count"),
        (_text("2027-01-08</sales_start_date>", "soon</sales_start_date>"), None),
        (_text("<stream_start_date>2027-01-08", "<stream_start_date>soon"), "date"),
        (_text("<provider>Lanterns</provider>", "<provider/>"), "provider"),
        (_text("<title>Paper Lanterns</title>", "<title></title>"), "title"),
    ],
)
def test_each_fault_is_named(package: Path, change: Callable[[Path], None], code: str | None) -> None:
    change(package)
    codes = [found for found, _ in read_package(package).errors]
    assert (f"sandbox-{code}" in codes) if code else codes == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=40), st.booleans())
def test_any_metadata_is_read_to_an_end(package: Path, raw: bytes, text: str, is_raw: bool) -> None:
    inner = text.replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "ignore")
    ours = (
        b'<package xmlns="http://apple.com/itunes/importer" version="music5.3"><album><vendor_id>'
        + inner
        + b"</vendor_id><products><product><cleared_for_sale>true</cleared_for_sale></product></products>"
        b"<tracks><track><audio_file><file_name>" + inner + b"</file_name></audio_file></track></tracks>"
        b"</album></package>"
    )
    (package / "metadata.xml").write_bytes(raw if is_raw else ours)
    assert read_package(package).errors


def test_entities_are_not_followed(package: Path) -> None:
    secret = package.parent / "secret"
    secret.write_text("the server's own")
    (package / "metadata.xml").write_text(
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret}">]><package xmlns="http://apple.com/itunes/importer" '
        'version="music5.3"><provider>&a;</provider><album/></package>'
    )
    assert "own" not in read_package(package).provider
