"""The file of a backup: a plain tar of few kinds of members, written in one go and read without trust.

    rows.jsonl        all rows (store/rows.py)
    master.key        unless it was left out
    blobs/<sha256>    each recording and picture, by its hash
    manifest.json     last: what the backup is of, and the size and hash of everything before it

It is written here and not by `tarfile` so that a member may be longer than known beforehand, and read here so
that whatever is not one of these members (links, paths that lead elsewhere, members after the end) is refused
before anything is done with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from aimusicverse.clock import real_now
from aimusicverse.server.store.rows import LONGEST_LINE

FORMAT: Final = "aimusicverse-backup"
FORMAT_VERSION: Final = 1
ROWS: Final = "rows.jsonl"
KEY: Final = "master.key"
MANIFEST: Final = "manifest.json"
BLOBS: Final = "blobs/"
_MEMBER: Final = re.compile(r"rows\.jsonl|master\.key|manifest\.json|blobs/[0-9a-f]{64}")
_BLOCK: Final = 512
_PIECE: Final = 2**20
#: The manifest has a line for each blob; a key is short.
_LONGEST: Final = {MANIFEST: 2**30, KEY: 1000}


#: Told how much is done, and how much it is.
Progress = Callable[[int, int], None]


class BackupInvalid(Exception):
    """The file is no backup, or not whole. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Member:
    """Where in the file something is, and its hash."""

    name: str
    start: int
    size: int
    sha256: str


class Writer:
    """Writes members one after the other into an empty file that can be sought in."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        #: What was written: name → size and hash.
        self.members: dict[str, dict[str, Any]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Growing]:
        """A member to be written to; what was begun and fails is taken back."""
        header = self._file.tell()
        try:
            self._file.write(bytes(_BLOCK))
            growing = Growing(self._file)
            yield growing
            self._file.write(bytes(-growing.size % _BLOCK))
            end = self._file.tell()
            self._file.seek(header)
            self._file.write(_header(name, growing.size))
            self._file.seek(end)
        except BaseException:
            self._file.seek(header)
            self._file.truncate()
            raise
        self.members[name] = {"size": growing.size, "sha256": growing.sha256}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, with all members in it, and the end."""
        text = json.dumps({**manifest, "members": self.members}, ensure_ascii=False, indent=1)
        with self.member(MANIFEST) as member:
            member.write(text.encode() + b"\n")
        self._file.write(bytes(2 * _BLOCK))


class Growing:
    """A member while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size: int = 0

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        """Of what was written up to now."""
        return self._hash.hexdigest()


class Archive:
    """A backup that was read through once: every member is there, and has the hash that it should have."""

    def __init__(self, path: Path, report: Progress | None = None) -> None:
        """Read it through.

        Args:
            path: of the file.
            report: told the bytes that were read, and how many there are.

        Raises:
            BackupInvalid: it is no backup, or not whole.
            OSError: it cannot be read.
        """
        if path.exists() and not path.is_file():  # a pipe would never end
            raise BackupInvalid("it is not a file")
        self._file: IO[bytes] = path.open("rb")
        try:
            self.size: int = self._file.seek(0, io.SEEK_END)
            self._file.seek(0)
            self.members: dict[str, Member] = {}
            for member in self._read_through(report or _nobody):
                self.members[member.name] = member
            self.manifest: dict[str, Any] = self._read_manifest()
            self._compare()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def blobs(self) -> list[Member]:
        """Recordings and pictures."""
        return [member for name, member in self.members.items() if name.startswith(BLOBS)]

    def key(self) -> str | None:
        """The text of the master key, if it is here."""
        return self._text(KEY) if KEY in self.members else None

    def lines(self) -> Iterator[bytes]:
        """The rows as lines. They are checked once more: somebody may write to the file.

        Raises:
            BackupInvalid: it has changed.
        """
        member = self.members[ROWS]
        self._file.seek(member.start)
        digest, left = hashlib.sha256(), member.size
        while left:
            line = self._file.readline(min(left, LONGEST_LINE + 1))
            if not line:
                break
            left -= len(line)
            digest.update(line)
            yield line
        if digest.hexdigest() != member.sha256:
            raise BackupInvalid("it changed while it was read")

    def pieces(self, member: Member) -> Iterator[bytes]:
        """The content of a member. Whoever keeps it checks its hash."""
        self._file.seek(member.start)
        yield from self._pieces(member.size)

    def _read_through(self, report: Progress) -> Iterator[Member]:
        ended = False
        while block := self._file.read(_BLOCK):
            if block == bytes(_BLOCK):
                ended = True
                continue
            if ended:
                raise BackupInvalid("something follows its end")
            name, size = self._parsed(block)
            start = self._file.tell()
            if start + size > self.size:
                raise BackupInvalid("it is cut short")
            digest = hashlib.sha256()
            for piece in self._pieces(size):
                digest.update(piece)
                report(self._file.tell(), self.size)
            if any(self._file.read(-size % _BLOCK)):
                raise BackupInvalid(f"something is hidden behind {name}")
            yield Member(name, start, size, digest.hexdigest())
        if not ended:
            raise BackupInvalid("it is cut short" if self.members else "it is empty")

    def _parsed(self, block: bytes) -> tuple[str, int]:
        if len(block) < _BLOCK:
            raise BackupInvalid("it is cut short" if self.members else "it is no backup of aimusicverse")
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.TarError, ValueError):
            raise BackupInvalid(
                "it is damaged" if self.members else "it is no backup of aimusicverse"
            ) from None
        if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or not _MEMBER.fullmatch(info.name):
            raise BackupInvalid(f"it holds {info.name[:80]!r}, which is in no backup of aimusicverse")
        if info.name in self.members:
            raise BackupInvalid(f"it holds {info.name} twice")
        if not 0 <= info.size <= _LONGEST.get(info.name, 2**62):
            raise BackupInvalid(f"its {info.name} is too long")
        return info.name, info.size

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self._file.read(min(_PIECE, size))
            if not piece:
                raise BackupInvalid("it is cut short")
            size -= len(piece)
            yield piece

    def _text(self, name: str) -> str:
        try:
            return b"".join(self.pieces(self.members[name])).decode()
        except UnicodeDecodeError:
            raise BackupInvalid(f"its {name} is damaged") from None

    def _read_manifest(self) -> dict[str, Any]:
        if MANIFEST not in self.members:
            raise BackupInvalid("it has no manifest: it is cut short, or no backup of aimusicverse")
        try:
            manifest = json.loads(self._text(MANIFEST))
        except (ValueError, RecursionError):
            raise BackupInvalid("its manifest is damaged") from None
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise BackupInvalid("its manifest is that of something else")
        version = manifest.get("format_version")
        if type(version) is not int or version < 1:
            raise BackupInvalid("its manifest is damaged")
        if version > FORMAT_VERSION:
            raise BackupInvalid(
                f"it was written by version {str(manifest.get('product_version'))[:40]}, in a form that "
                "this version does not know yet: use that version or a newer one"
            )
        if not isinstance(manifest.get("schema"), str) or not isinstance(manifest.get("rows"), dict):
            raise BackupInvalid("its manifest is damaged")
        return manifest

    def _compare(self) -> None:
        """What is there against what the manifest says, and what the names of blobs say."""
        listed = self.manifest.get("members")
        there = {
            name: {"size": member.size, "sha256": member.sha256}
            for name, member in self.members.items()
            if name != MANIFEST
        }
        if not isinstance(listed, dict) or ROWS not in there:
            raise BackupInvalid("its manifest is damaged")
        if set(listed) != set(there):
            differing = sorted(set(listed) ^ set(there))[0]
            raise BackupInvalid(f"{str(differing)[:80]} is missing, or not in its manifest")
        for name, found in there.items():
            if listed[name] != found or (name.startswith(BLOBS) and name[len(BLOBS) :] != found["sha256"]):
                raise BackupInvalid(f"its {name} is damaged")


def _nobody(done: int, whole: int) -> None:
    """Nobody wants to know."""


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    info.mtime = int(real_now())
    return info.tobuf(tarfile.GNU_FORMAT)
