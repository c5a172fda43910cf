"""The stand-in receivers: what they take, what they refuse, and that they do everything once."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aimusicverse.release.batch import Delivery, batch_complete, write_batch
from aimusicverse.release.ern.message import new_release_message
from aimusicverse.sandbox.ddex import inbox
from aimusicverse.types.release import Release
from tests.platforms.ddex.setting import UPC, World
from tests.release.ern import schemas
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, NOW, changed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, "ddex")
    yield made
    made.close()


def batch(world: World, *, minutes: int = 0, **changes: object) -> Path:
    """One that is all right, written by hand."""
    release = Release.model_validate(changed(ALBUM, dict(changes)))
    files = release_files(world.folder / f"files{minutes}", len(release.tracks))
    at = NOW + timedelta(minutes=minutes)
    message = new_release_message(release, files, message_id=f"M-{minutes}", created_at=at)
    return write_batch(world.inbox, [Delivery(release, message, files)], at=at)


def said(world: World, name: str) -> str:
    return (world.inbox / "acknowledgements" / f"ACK_{name}_{UPC}.xml").read_text()


def test_a_batch_is_taken_once_it_is_complete_and_reviewed_by_the_clock(world: World) -> None:
    made = batch(world)
    end = made / f"BatchComplete_{made.name}.xml"
    hidden = end.rename(world.folder / "end")
    world.reviewed()
    assert world.releases() == []
    end.touch()
    world.reviewed()
    assert world.releases() == [], "an empty one is none"
    hidden.replace(end)
    world.advance()
    assert [release.status for release in world.releases()] == ["processing"]
    assert not (world.inbox / "acknowledgements").exists()
    world.reviewed()
    [release] = world.releases()
    assert (release.title, release.status, len(release.isrcs)) == ("Harbour Lights", "ready", 7)
    assert "<FileStatus>FileOK</FileStatus>" in said(world, made.name)


def test_looking_often_does_nothing_twice(world: World) -> None:
    made = batch(world)
    for _ in range(4):
        world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]
    assert len(list((world.inbox / "acknowledgements").iterdir())) == 1
    shutil.rmtree(made)
    world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]


def test_the_same_upc_again_is_an_update(world: World) -> None:
    batch(world)
    world.reviewed()
    batch(world, minutes=5, title="Harbour Lights (Deluxe)")
    world.reviewed()
    [release] = world.releases()
    assert (release.title, release.times_received) == ("Harbour Lights (Deluxe)", 2)


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        (lambda folder: (folder / "resources" / "A3.flac").unlink(), "ResourceMissing"),
        (lambda folder: (folder / "resources" / "A3.flac").write_bytes(b"noise"), "ResourceCorrupt"),
        (lambda folder: (folder / f"{UPC}.xml").unlink(), "ErnMissing"),
        (lambda folder: (folder / f"{UPC}.xml").write_text("<no"), "NewReleaseMessageInvalid"),
    ],
    ids=["missing", "damaged", "no message", "no XML"],
)
def test_what_is_not_whole_is_refused_in_words_of_ddex(world: World, damage: object, status: str) -> None:
    made = batch(world)
    damage(made / UPC)  # type: ignore[operator]
    world.reviewed()
    assert f"<FileStatus>{status}</FileStatus>" in said(world, made.name)
    assert [(it.status, it.times_received) for it in world.releases()] == [("rejected", 0)]


def test_a_refused_change_leaves_the_release_as_it_was(world: World) -> None:
    batch(world)
    world.reviewed()
    (batch(world, minutes=5, title="Other") / UPC / "resources" / "A1.flac").unlink()
    world.reviewed()
    assert [(it.title, it.status) for it in world.releases()] == [("Harbour Lights", "ready")]


def test_links_are_not_followed_out_of_the_inbox(world: World, tmp_path: Path) -> None:
    made = batch(world)
    secret = tmp_path / "secret"
    shutil.move(made / UPC / "resources" / "A1.flac", secret)
    (made / UPC / "resources" / "A1.flac").symlink_to(secret)
    (world.inbox / "20260101000000000").symlink_to(tmp_path)
    world.reviewed()
    assert "symbolic link" in said(world, made.name)
    assert [it.status for it in world.releases()] == ["rejected"]


def test_a_receiver_takes_its_own_version_of_ern(tmp_path: Path) -> None:
    world = World(tmp_path, "ddex_43")
    made = batch(world)
    world.reviewed()
    assert "ERN 4.3.2 is not taken" in said(world, made.name)
    world.close()


def test_the_official_sample_message_is_taken(tmp_path: Path) -> None:
    world = World(tmp_path, "ddex_43")
    sample = schemas.sample()
    from aimusicverse.release.ern.reading import read, text_of

    root = read(sample).root
    name = text_of(root.find("ReleaseList/Release/ReleaseId/*"))
    folder = world.inbox / "20261126120000000" / name
    for uri in root.iterfind(".//File/URI"):
        file = folder / text_of(uri)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"a sound")
    # The sums of the sample are those of files that nobody has.
    import re

    plain = re.sub(rb"<HashSum>.*?</HashSum>|<FileSize>.*?</FileSize>", b"", sample, flags=re.DOTALL)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.xml").write_bytes(plain)
    end = folder.parent / f"BatchComplete_{folder.parent.name}.xml"
    end.write_bytes(batch_complete(folder.parent.name, [name]))
    world.reviewed()
    answer = (world.inbox / "acknowledgements" / f"ACK_{folder.parent.name}_{name}.xml").read_text()
    assert "FileOK" in answer, answer
    world.close()


def test_the_official_schema_judges_too_where_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMV_DDEX_SCHEMAS", str(schemas.schemas()))
    made = batch(world)
    message = made / UPC / f"{UPC}.xml"
    message.write_text(message.read_text().replace("<DisplayGenre", "<Mood>x</Mood><DisplayGenre", 1))
    world.reviewed()
    assert "Mood" in said(world, made.name)
    batch(world, minutes=5)
    world.reviewed()
    assert [it.status for it in world.releases()] == ["ready"]


def test_schemas_that_cannot_be_read_are_said_in_the_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AMV_DDEX_SCHEMAS", str(tmp_path / "nowhere"))
    made = batch(world)
    world.reviewed()
    assert "AMV_DDEX_SCHEMAS" in said(world, made.name)


def test_orders_are_carried_out_once_each(world: World) -> None:
    world.order("reject", reason="ResourceNotMeetingSpecifications: too quiet")
    world.order("delay", seconds=3_600)
    made = batch(world)
    world.reviewed()
    assert not (world.inbox / "acknowledgements").exists()
    world.clock.forward(hours=1)
    world.advance()
    assert "ResourceNotMeetingSpecifications" in said(world, made.name)
    assert "too quiet" in said(world, made.name)
    again = batch(world, minutes=5)
    world.reviewed()
    assert "FileOK" in said(world, again.name)


def test_two_processes_that_look_at_once_take_a_batch_once(world: World) -> None:
    made = batch(world)
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from tests.platforms.ddex.setting import World

        world = World(Path(sys.argv[1]), "ddex")
        print("ready", flush=True)
        sys.stdin.readline()
        world.advance()
        world.clock.forward(minutes=1)
        world.advance()
        world.close()
        """
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-c", script, world.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    assert [other.communicate("\n", timeout=60)[1] for other in others] == [None, None]
    assert [other.returncode for other in others] == [0, 0]
    assert [release.times_received for release in world.releases()] == [1]
    assert "FileOK" in said(world, made.name)


def test_who_asks_for_a_receiver_that_there_is_not_is_told(world: World) -> None:
    with pytest.raises(LookupError, match="ddex_43"):
        inbox(world.sandbox, "deezer")
