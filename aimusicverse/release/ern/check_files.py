"""Files that a message names: within its folder, there, and the same byte for byte."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Final

from aimusicverse.release.ern.fault import Fault, error, warning
from aimusicverse.release.ern.reading import Element, Message, text_of

_ALGORITHMS: Final = {
    "MD5": "md5", "SHA1": "sha1", "SHA-224": "sha224", "SHA-256": "sha256", "SHA-384": "sha384",
    "SHA-512": "sha512",
}  # fmt: skip
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check_files(message: Message, folder: Path | None) -> Iterator[Fault]:
    """Their names; and with the folder of the message, what lies there."""
    named: set[Path] = set()
    sums: dict[tuple[Path, str], str] = {}  # a message may name one file a thousand times
    for element in message.root.iter("File"):
        uri = element.find("URI")
        if uri is None:
            continue
        if not _stays_inside(text_of(uri)):
            yield error(
                "DX-FILE", uri, f"{text_of(uri)!r} leads out of the package.", "Write resources/name."
            )
            continue
        if folder is None:
            continue
        path = folder / text_of(uri)
        named.add(path)
        yield from _on_disk(element, uri, path, folder, sums)
    if folder is not None:
        yield from _unnamed(message, folder, named)


def _on_disk(
    element: Element, uri: Element, path: Path, folder: Path, sums: dict[tuple[Path, str], str]
) -> Iterator[Fault]:
    parent = element.getparent()
    if parent is not None and text_of(parent.find("IsProvidedInDelivery")) in ("false", "0"):
        return
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()) or not path.is_file():
            yield error(
                "DX-FILE", uri, f"{text_of(uri)} is no file of the package.", "Put the file itself there."
            )
            return
        size = path.stat().st_size
        yield from _size(element, size)
        yield from _sum(element, path, sums)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "cannot be read"
        yield error("DX-FILE", uri, f"{text_of(uri)}: {reason}.", "Put it there, or leave it out.")


def _size(element: Element, size: int) -> Iterator[Fault]:
    told = element.find("FileSize")
    if told is None:
        return
    try:
        kilobytes = Decimal(text_of(told))
        if not kilobytes.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        yield error("DX-HASH", told, f"{text_of(told)!r} is no size.", "Write kilobytes.")
        return
    # The schema says kilobytes, not which; and senders round.
    if all(abs(kilobytes - Decimal(size) / of) > 1 for of in (1000, 1024)):
        right = Decimal(size) / 1000
        yield error("DX-HASH", told, f"The size told is {kilobytes} kB.", f"The file has {right} kB.")


def _sum(element: Element, path: Path, sums: dict[tuple[Path, str], str]) -> Iterator[Fault]:
    told = element.find("HashSum/HashSumValue")
    if told is None:
        yield warning("DX-HASH", element, "The file has no sum.", "Add its HashSum, so that damage is seen.")
        return
    name = text_of(element.find("HashSum/Algorithm"))
    if name not in _ALGORITHMS:
        yield warning("DX-HASH", told, f"Sums by {name} are not checked here.", "MD5 and SHA-256 are.")
        return
    right = sums.get((path, name))
    if right is None:
        with path.open("rb") as file:
            right = sums[path, name] = hashlib.file_digest(file, _ALGORITHMS[name]).hexdigest()
    if text_of(told).casefold() != right:
        yield error("DX-HASH", told, f"{name} {text_of(told)} is not that of the file.", f"It is {right}.")


def _unnamed(message: Message, folder: Path, named: set[Path]) -> Iterator[Fault]:
    for path in sorted(folder.glob("resources/*")):
        if path not in named:
            name = path.name.encode("utf-8", "replace").decode()
            yield warning("DX-FILE", message.root, f"It does not name resources/{name}.", "Leave that out.")


def _stays_inside(uri: str) -> bool:
    parts = PurePosixPath(uri).parts
    if not parts or uri.startswith("/") or "\\" in uri or "\0" in uri:
        return False
    return ".." not in parts and not _SCHEME.match(uri)
