"""What is wrong with an ERN message that its schema takes.

The schema knows words and order, but not whether a reference leads anywhere, a check digit is right, a
release has a deal, or what is said of a machine agrees with itself. This works on messages of anybody, in ERN
4.3 and 4.3.2, beside a validation by the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from aimusicverse.release.ern.check_ai import check_ai
from aimusicverse.release.ern.check_deals import check_deals
from aimusicverse.release.ern.check_files import check_files
from aimusicverse.release.ern.check_identifiers import check_identifiers
from aimusicverse.release.ern.check_references import check_references
from aimusicverse.release.ern.check_releases import check_releases
from aimusicverse.release.ern.fault import Fault, error, warning
from aimusicverse.release.ern.reading import Message, Unreadable, read, text_of

#: So many are told of one message; a hostile one could have millions.
MOST_FAULTS: Final = 200


def check(message: bytes, folder: Path | None = None) -> list[Fault]:
    """What is wrong with it, in the order of its kinds: `CHECKS` of `fault.py`.

    Args:
        message: the XML document.
        folder: where it lies, with the files it names; `None`: files are not looked at.

    Returns:
        at most 200 faults; none: all our checks are passed, which is no promise of a store.
    """
    try:
        parsed = read(message)
    except Unreadable as problem:
        return [problem.fault]
    return list(islice(_faults(parsed, folder), MOST_FAULTS))


def _faults(message: Message, folder: Path | None) -> Iterator[Fault]:
    yield from _envelope(message)
    yield from check_references(message)
    yield from check_identifiers(message)
    yield from check_releases(message)
    yield from check_deals(message)
    yield from check_ai(message)
    yield from check_files(message, folder)


def _envelope(message: Message) -> Iterator[Fault]:
    root = message.root
    for name in ("AvsVersionId", "LanguageAndScriptCode"):
        if not root.get(name):
            yield error("DX-ROOT", root, f"It has no {name}.", "Write it on the first element.")
    if root.get("MessageSchemaVersionId") is not None:
        yield error("DX-ROOT", root, "It has a MessageSchemaVersionId.", "That was of ERN 3: leave it out.")
    if not text_of(root.find("MessageHeader/MessageControlType")):
        header = root.find("MessageHeader")
        yield warning(
            "DX-MCT",
            root if header is None else header,
            "It does not say whether it is a test.",
            "Write MessageControlType TestMessage or LiveMessage.",
        )
