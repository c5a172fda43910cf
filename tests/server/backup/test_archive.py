"""A file that is no backup, or not whole, is refused with a reason, and nothing is touched."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.server.backup.archive import Archive, BackupInvalid, Growing, Writer
from aimusicverse.server.store.errors import SchemaUnknown
from tests.server.backup.conftest import bring_back

_SONG = b"RIFF" + bytes(3000)
_NAME = f"blobs/{hashlib.sha256(_SONG).hexdigest()}"
_MANIFEST: dict[str, Any] = {
    "format": "aimusicverse-backup",
    "format_version": 1,
    "product_version": "0.1.0",
    "schema": "0002",
    "rows": {},
    "master_check": None,
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.tar"
    with path.open("w+b") as file:
        writer = Writer(file)
        for name, content in (("rows.jsonl", b'{"tables":0}\n'), ("master.key", b"x"), (_NAME, _SONG)):
            with writer.member(name) as member:
                member.write(content)
        writer.finish(_MANIFEST)
    return path


def test_what_is_written_is_read_back_and_is_a_tar_for_everybody(good: Path) -> None:
    archive = Archive(good)
    assert archive.key() == "x"
    assert list(archive.lines()) == [b'{"tables":0}\n']
    [blob] = archive.blobs
    assert b"".join(archive.pieces(blob)) == _SONG
    archive.close()
    with tarfile.open(good) as tar:
        assert tar.getnames() == ["rows.jsonl", "master.key", _NAME, "manifest.json"]
        song = tar.extractfile(_NAME)
        assert song is not None
        assert song.read() == _SONG
        assert {member.mode for member in tar} == {0o600}


def test_a_member_that_fails_is_taken_back(tmp_path: Path) -> None:
    with (tmp_path / "b.tar").open("w+b") as file:
        writer = Writer(file)
        with writer.member("rows.jsonl") as member:
            member.write(b"x" * 1000)
        before = file.tell()
        with pytest.raises(ZeroDivisionError), writer.member(_NAME) as member:
            fill_and_fail(member)
        assert (file.tell(), list(writer.members)) == (before, ["rows.jsonl"])


def fill_and_fail(member: Growing) -> None:
    member.write(bytes(5000))
    raise ZeroDivisionError


Change = Callable[[bytes], bytes]


def rewritten(change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], Any]) -> Change:
    """The same tar with other members, as somebody with `tar` at hand would make it."""

    def apply(data: bytes) -> bytes:
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            members = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
        change(members)
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for member, content in members:
                member.size = len(content) if member.isreg() else 0
                tar.addfile(member, io.BytesIO(content))
        return out.getvalue()

    return apply


def extra(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", content: bytes = b"x") -> Change:
    def add(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        members.insert(0, (info, content))

    return rewritten(add)


def manifest(**values: Any) -> Change:
    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        content = {**json.loads(members[-1][1]), **values}
        members[-1] = (members[-1][0], json.dumps(content).encode())

    return rewritten(change)


def without(name: str) -> Change:
    return rewritten(lambda members: members.remove(next(m for m in members if m[0].name == name)))


def pax(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo("rows.jsonl")
        info.pax_headers = {"comment": "x" * 100}
        tar.addfile(info)
    return out.getvalue() + data


def bomb(data: bytes) -> bytes:
    """A header that promises a terabyte."""
    info = tarfile.TarInfo("rows.jsonl")
    info.size = 2**40
    return info.tobuf(tarfile.GNU_FORMAT) + data


BAD: dict[str, tuple[Change, str]] = {
    "empty": (lambda data: b"", "empty"),
    "a song": (lambda data: _SONG * 3, "no backup of aimusicverse"),
    "a short text": (lambda data: b"hello", "no backup of aimusicverse"),
    "only zeros": (lambda data: bytes(10240), "no manifest"),
    "random bytes": (lambda data: os.urandom(4096), "no backup of aimusicverse"),
    "compressed": (lambda data: __import__("gzip").compress(data), "no backup of aimusicverse"),
    "cut in a header": (lambda data: data[:700], "cut short"),
    "cut in a recording": (lambda data: data[:3000], "cut short"),
    "cut before its manifest": (lambda data: data[: 512 * 11], "cut short"),
    "cut before its end": (lambda data: data[:-1024], "cut short"),
    "something behind it": (lambda data: data + b"x" * 512, "follows its end"),
    "a byte of a recording changed": (lambda data: data.replace(b"RIFF", b"RIFX"), "damaged"),
    "a byte of the rows changed": (lambda data: data.replace(b'"tables":0', b'"tables":1'), "damaged"),
    "a byte of a header changed": (lambda data: data.replace(b"blobs/", b"blobz/", 1), "damaged"),
    "something in the padding": (lambda data: data[:1023] + b"x" + data[1024:], "hidden"),
    "a path that leads out": (extra("../../etc/cron.d/x"), "no backup"),
    "an absolute path": (extra("/etc/cron.d/x"), "no backup"),
    "a path behind a prefix": (extra("a/" * 60 + "rows.jsonl"), "no backup"),
    "a symbolic link": (extra(_NAME, tarfile.SYMTYPE, "/etc/passwd"), "no backup"),
    "a hard link": (extra("rows.jsonl", tarfile.LNKTYPE, "/etc/passwd"), "no backup"),
    "a device": (extra("rows.jsonl", tarfile.CHRTYPE), "no backup"),
    "a folder": (extra("blobs", tarfile.DIRTYPE), "no backup"),
    "a long name": (extra("blobs/" + "a" * 300), "no backup"),
    "an extended header": (pax, "no backup"),
    "a sparse file": (extra("rows.jsonl", tarfile.GNUTYPE_SPARSE), "no backup"),
    "a terabyte that is not there": (bomb, "cut short"),
    "a member twice": (rewritten(lambda members: members.insert(0, members[0])), "twice"),
    "a recording under another name": (extra(f"blobs/{'a' * 64}"), "manifest"),
    "a key that is too long": (extra("master.key", content=b"x" * 2000), "too long"),
    "no recording": (without(_NAME), "missing"),
    "no rows": (without("rows.jsonl"), "damaged|missing"),
    "no manifest": (without("manifest.json"), "no manifest"),
    "a manifest of something else": (manifest(format="x"), "something else"),
    "a manifest that is no object": (
        rewritten(lambda members: members.__setitem__(-1, (members[-1][0], b"[]"))),
        "something else",
    ),
    "a manifest that is no JSON": (
        rewritten(lambda members: members.__setitem__(-1, (members[-1][0], b"[" * 90_000))),
        "damaged",
    ),
    "a manifest without a schema": (manifest(schema=None), "damaged"),
    "a manifest without rows": (manifest(rows=[]), "damaged"),
    "a manifest without members": (manifest(members=None), "damaged"),
    "members that are none": (manifest(members={"rows.jsonl": 1, "master.key": 1, _NAME: []}), "damaged"),
    "a version that is none": (manifest(format_version="1"), "damaged"),
    "a newer form": (manifest(format_version=2, product_version="9.0"), "version 9.0"),
    "a key that is none": (lambda data: data, "master key is none"),
}


@pytest.mark.parametrize("what", BAD)
def test_it_is_refused_with_a_reason_and_nothing_is_touched(good: Path, tmp_path: Path, what: str) -> None:
    change, reason = BAD[what]
    bad = tmp_path / "bad.tar"
    bad.write_bytes(change(good.read_bytes()))
    place = tmp_path / "server"
    with pytest.raises(BackupInvalid, match=reason) as refused:
        bring_back(place, None, bad)
    assert "\n" not in str(refused.value)
    assert [file.name for file in place.iterdir()] == ["lock"]


def test_a_newer_schema_is_refused(good: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar"
    bad.write_bytes(manifest(schema="9999", product_version="9.0")(good.read_bytes()))
    with pytest.raises(SchemaUnknown, match=r"9999.*9\.0"):
        bring_back(tmp_path / "server", None, bad)


def test_a_folder_a_pipe_and_nothing_at_all_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for bad in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(BackupInvalid, match="not a file"):
            bring_back(tmp_path / "server", None, bad)
    with pytest.raises(FileNotFoundError):
        bring_back(tmp_path / "server", None, tmp_path / "none.tar")


def test_a_file_that_changes_after_it_was_checked_is_noticed(good: Path) -> None:
    archive = Archive(good)
    data = good.read_bytes()
    with good.open("r+b") as file:
        file.write(data.replace(b'"tables":0', b'"tables":9'))
    with pytest.raises(BackupInvalid, match="changed"):
        list(archive.lines())
    archive.close()
