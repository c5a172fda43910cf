"""The structure of a recording as it is heard: sections, tempo and key, and no more than can be heard."""

from __future__ import annotations

from pathlib import Path

from aimusicverse.audio import files
from aimusicverse.audio.frames import Listener
from aimusicverse.audio.key import key
from aimusicverse.audio.sections import sections
from aimusicverse.audio.tempo import tempo
from aimusicverse.types import Structure, StructureSection


def heard_structure(path: Path) -> Structure:
    """Listen to a file once, block by block. A recording in which nothing is heard has no sections.

    Raises:
        AudioError: it is no sound, damaged, cut off, or cannot be opened.
    """
    about = files.probe(path)
    listener = Listener(about.sample_rate)
    for block in files.blocks(path):
        listener.add(block)
    frames = listener.finish()
    pulse, tonality = tempo(frames), key(frames)
    return Structure(
        estimated=True,
        duration_seconds=round(about.duration_seconds, 3),
        tempo_bpm=round(pulse.bpm, 2) if pulse else None,
        key=tonality.name if tonality else None,
        sections=[
            StructureSection(
                index=index,
                name=section.label,
                start_seconds=round(section.start_seconds, 3),
                end_seconds=round(section.end_seconds, 3),
            )
            for index, section in enumerate(sections(frames, about.duration_seconds))
        ],
    )
