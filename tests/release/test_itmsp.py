"""Apple's package: everything that is known of it, and its own word that nobody verified it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aimusicverse.release.apple_metadata import UNVERIFIED
from aimusicverse.release.itmsp import write_itmsp, write_itmsp_takedown
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.types.release import Release
from tests.release.ern.written import RICH
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, LEFT_OUT, NOW, SINGLE, changed

N = {"a": "http://apple.com/itunes/importer"}


def package(folder: Path, release: dict[str, Any] = SINGLE, changes: dict[str, Any] | None = None) -> Path:
    """One, of a release with real files."""
    parsed = Release.model_validate(changed(release, changes or {}))
    return write_itmsp(
        folder / "out", parsed, release_files(folder / "in", len(parsed.tracks)), provider="Lanterns", now=NOW
    )


def root_of(folder: Path) -> etree._Element:
    """Its metadata."""
    return etree.fromstring((folder / "metadata.xml").read_bytes())


def texts(folder: Path, path: str) -> list[str]:
    """Of all elements at a path, `a:` before each."""
    return [element.text or "" for element in root_of(folder).findall(path, N)]


def test_a_package_has_its_files_under_its_vendor_id(tmp_path: Path) -> None:
    made = package(tmp_path, ALBUM, {"vendor_id": "MO_004"})
    assert made.name == "MO_004.itmsp"
    assert sorted(path.name for path in made.iterdir()) == sorted(
        [
            "metadata.xml",
            "README.txt",
            "MO_004.jpg",
            *(f"MO_004_01_{number:03}.flac" for number in range(1, 8)),
        ]
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["MO_004.itmsp"]


def test_namespace_and_version_are_apples(tmp_path: Path) -> None:
    root = root_of(package(tmp_path))
    assert root.tag == "{http://apple.com/itunes/importer}package"
    assert root.get("version") == "music5.3"


def test_it_says_that_nobody_verified_it(tmp_path: Path) -> None:
    made = package(tmp_path)
    assert UNVERIFIED.encode() in (made / "metadata.xml").read_bytes()
    assert UNVERIFIED in (made / "README.txt").read_text()


def test_sizes_and_sums_are_those_of_the_files_in_it(tmp_path: Path) -> None:
    made = package(tmp_path, ALBUM)
    names = texts(made, ".//a:file_name")
    assert len(names) == 8
    for name, size, md5 in zip(names, texts(made, ".//a:size"), texts(made, ".//a:checksum"), strict=True):
        content = (made / name).read_bytes()
        assert (str(len(content)), hashlib.md5(content).hexdigest()) == (size, md5)


def test_what_is_known_is_told(tmp_path: Path) -> None:
    made = package(tmp_path, RICH, {"p_line": "℗ 2026 Maren Okafor", "c_line": "© 2026 Maren Okafor"})
    album = "a:album"
    assert texts(made, "a:language") == ["en"]
    assert texts(made, "a:provider") == ["Lanterns"]
    assert texts(made, f"{album}/a:upc") == ["036000291452"]
    assert texts(made, f"{album}/a:title") == ["Nachtzüge & <Träume>"]
    assert texts(made, f"{album}/a:title_version") == ["Deluxe"]
    assert texts(made, f"{album}/a:copyright_pline") == ["2026 Maren Okafor"]
    assert texts(made, f"{album}/a:copyright_cline") == ["2026 Maren Okafor"]
    assert texts(made, f"{album}/a:track_count") == ["2"]
    track = f"{album}/a:tracks/a:track"
    assert texts(made, f"{track}/a:isrc") == ["USSKG2600001", "USSKG2600002"]
    assert texts(made, f"{track}/a:explicit_content") == ["explicit", "clean"]
    assert texts(made, f"{track}/a:audio_language") == ["en", "zxx"]
    assert texts(made, f"{track}/a:track_number") == ["1", "2"]
    assert texts(made, f"{track}/a:preorder_type") == ["standard", "instant-gratification"]
    assert texts(made, f"{album}/a:products/a:product/a:preorder_sales_start_date") == ["2026-12-18"]
    assert texts(made, f"{track}/a:products/a:product/a:preorder_sales_start_date") == []
    codes = [it.get("code") for it in root_of(made).findall(".//a:genre", N)]
    assert codes == ["POP-00"] * 3


def test_territories_are_the_world_but_the_excluded(tmp_path: Path) -> None:
    products = root_of(package(tmp_path, RICH)).findall("a:album/a:products/a:product", N)
    told = {
        it.findtext("a:territory", None, N): it.findtext("a:cleared_for_sale", None, N) for it in products
    }
    assert told == {"WW": "true", "BY": "false", "KP": "false"}


@pytest.mark.parametrize("given", [["WW"], ["Worldwide"], ["Worldwide", "Worldwide"]])
def test_all_the_world_may_be_called_as_apple_does_and_be_named_twice(
    tmp_path: Path, given: list[str]
) -> None:
    made = package(tmp_path, SINGLE, {"territories": given})
    assert texts(made, "a:album/a:products/a:product/a:territory") == ["WW"]


def test_single_territories_are_told_each(tmp_path: Path) -> None:
    made = package(tmp_path, SINGLE, {"territories": ["DE", "AT"]})
    assert texts(made, "a:album/a:products/a:product/a:territory") == ["AT", "DE"]


def test_a_person_is_there_once_with_all_roles(tmp_path: Path) -> None:
    artists = root_of(package(tmp_path, RICH)).findall("a:album/a:tracks/a:track[1]/a:artists/a:artist", N)
    roles = {
        it.findtext("a:artist_name", None, N): [role.text for role in it.findall("a:roles/a:role", N)]
        for it in artists
    }
    assert roles["Maren Okafor"] == ["Performer", "Composer", "Lyricist"]
    assert roles["دانا الفردان"] == ["Featuring"]
    primary = {it.findtext("a:artist_name", None, N): it.findtext("a:primary", None, N) for it in artists}
    assert [name for name, is_primary in primary.items() if is_primary == "true"] == ["Maren Okafor"]


def test_credits_that_are_left_out_are_named(tmp_path: Path) -> None:
    assert "- Jonas Weil: Glass harp" in (package(tmp_path, RICH) / "README.txt").read_text()


def test_what_a_machine_made_is_answered_for_each_track(tmp_path: Path) -> None:
    own = {
        "ai": {"artwork": "all"},
        "tracks[0].ai": {"vocals": "partly", "composition": "none", "lyrics": "none"},
    }
    told = (package(tmp_path, SINGLE, own) / "README.txt").read_text().splitlines()
    assert [line for line in told if line.startswith("- Tag")] == [
        "- Tag: Artwork, of the release: yes",
        "- Tag: Track, of track 1: yes",
        "- Tag: Composition (with lyrics), of track 1: no",
    ]
    unsaid = (package(tmp_path / "2", SINGLE, {"ai": {}}) / "README.txt").read_text()
    assert "- Tag: Track, of track 1: not answered" in unsaid


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = package(tmp_path / "1", RICH), package(tmp_path / "2", RICH)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_a_takedown_clears_nothing_anywhere(tmp_path: Path) -> None:
    release = Release.model_validate(changed(SINGLE, {"territories": ["DE"]}))
    made = write_itmsp_takedown(tmp_path, release, provider="Lanterns", now=NOW)
    assert sorted(path.name for path in made.iterdir()) == ["README.txt", "metadata.xml"]
    product = "a:album/a:products/a:product"
    assert texts(made, f"{product}/a:territory") == ["WW"]
    assert texts(made, f"{product}/a:cleared_for_sale") == ["false"]
    assert texts(made, f"{product}/a:cleared_for_stream") == ["false"]


def test_a_package_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    made = package(tmp_path)
    before = (made / "metadata.xml").read_bytes()
    with pytest.raises(CannotPackage, match="it is there already"):
        package(tmp_path, SINGLE, {"label": "Another"})
    assert (made / "metadata.xml").read_bytes() == before


@pytest.mark.parametrize("vendor_id", ["../escape", "my album", "ä", "x" * 101, "a/b", "a\x00"])
def test_no_vendor_id_leads_out_of_the_folder(tmp_path: Path, vendor_id: str) -> None:
    with pytest.raises(CannotPackage, match="is no vendor id"):
        package(tmp_path, SINGLE, {"vendor_id": vendor_id})
    assert not (tmp_path / "out").exists()


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    gone = dict.fromkeys(
        ("label", "p_line", "c_line", "genre", "genres", "tracks[0].isrc", "language"), LEFT_OUT
    )
    with pytest.raises(CannotPackage) as caught:
        package(tmp_path, SINGLE, gone)
    assert {it.field for it in caught.value.obstacles} >= {
        "label", "p_line", "c_line", "genres.apple_music", "tracks[0].isrc", "tracks[0].language",
    }  # fmt: skip


def test_a_genre_in_words_of_apples_list_is_its_code(tmp_path: Path) -> None:
    folder = package(tmp_path, SINGLE, {"genres": LEFT_OUT, "genre": "Electronic"})
    codes = {genre.get("code") for genre in root_of(folder).iter(f"{{{N['a']}}}genre")}
    assert codes == {"ELECTRONIC-00"}


def test_a_control_character_is_named_with_its_field(tmp_path: Path) -> None:
    with pytest.raises(CannotPackage, match=r"label: it has U\+0007"):
        package(tmp_path, SINGLE, {"label": "a\x07"})
