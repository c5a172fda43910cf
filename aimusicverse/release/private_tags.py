"""Prompts stay at home: a file that goes to a store does not hold what its maker wrote to the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aimusicverse.audio import tags
from aimusicverse.release.audio_check import hashes
from aimusicverse.release.facts import AudioFacts

#: What was done to it, for a person.
LEFT_OUT = "left out what the file says of its prompt and plan; that a machine made it stays"


def left_out(source: Path, target: Path, facts: AudioFacts) -> AudioFacts | None:
    """Write `target`, the same sound without the private ones of its tags, if it has any.

    Private are prompt, seed and plan, and the title, which is the prompt's beginning until somebody gives
    one; stores take titles from the release. Tags that come from elsewhere stay as they are.

    Args:
        source: a sound file.
        target: where it is to be; it appears whole or not at all.
        facts: of `source`.

    Returns:
        Facts of `target`; `None`: `source` holds nothing private, and nothing was written.

    Raises:
        AudioError: `source` cannot be read, or `target` not be written.
    """
    said = tags.read(source)
    if said.provenance is None:
        return None
    tags.write(source, target, said.for_anybody())
    md5, sha256 = hashes(target)
    return replace(
        facts,
        name=target.name,
        size_bytes=target.stat().st_size,
        md5=md5,
        sha256=sha256,
        bytes_after_data=0,
    )
