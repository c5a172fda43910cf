"""Which General MIDI sound stands for which instrument of the studio.

Sources: *General MIDI System Level 1* (RP-003) for programs and the percussion on channel 10, *General
MIDI 2* (RP-024) for the kits by program; a device of level 1 plays its only kit.
"""

from __future__ import annotations

#: The channel of percussion, counted from 0.
PERCUSSION_CHANNEL = 9

#: Programs, counted from 0. Textures (rain, crackle) are no notes, and have none.
PROGRAMS: dict[str, int] = {
    "piano": 0,
    "electric piano": 4,
    "bells": 9,  # glockenspiel
    "vibraphone": 11,
    "marimba": 12,
    "organ": 16,
    "melodica": 21,  # accordion
    "harmonica": 22,
    "nylon guitar": 24,
    "acoustic guitar": 25,
    "electric guitar": 27,
    "distorted guitar": 30,
    "upright bass": 32,
    "electric bass": 33,
    "synth bass": 38,
    "sub bass": 39,
    "triangle bass": 39,
    "cello": 42,
    "pluck": 45,  # pizzicato strings
    "harp": 46,
    "strings": 48,
    "choir": 52,
    "brass": 61,
    "flute": 73,
    "pulse lead": 80,
    "pulse arp": 80,
    "square chords": 80,
    "synth lead": 81,
    "pad": 89,
}

#: What a sound is for that the table does not have, by its role.
_BY_ROLE = {"bass": 33, "pad": 89, "lead": 80}

_KITS = {"gated": 16, "chip": 24, "club": 24, "808": 25, "brushes": 40, "orchestral": 48}


def program_of(instrument: str, role: str) -> int:
    """The program for a pitched instrument."""
    return PROGRAMS.get(instrument, _BY_ROLE.get(role, 0))


def kit_program(kit: str) -> int:
    """The program for percussion that is like a genre's kit."""
    return _KITS.get(kit, 0)
