"""Which preset plays an instrument of the studio: programs of General MIDI 1, counted from 0.

What General MIDI does not have (rain, orchestral percussion tuned to the key, a record's crackle, 808 subs)
is not here: it stays with the studio.
"""

from __future__ import annotations

PROGRAMS = {
    "piano": 0, "electric piano": 4, "vibraphone": 11, "marimba": 12, "bells": 9, "organ": 16, "melodica": 21,
    "harmonica": 22, "nylon guitar": 24, "acoustic guitar": 25, "electric guitar": 27, "distorted guitar": 30,
    "upright bass": 32, "electric bass": 33, "synth bass": 38, "cello": 42, "harp": 46, "strings": 48,
    "choir": 52, "brass": 61, "flute": 73, "pulse lead": 80, "pulse arp": 80, "square chords": 80,
    "synth lead": 81, "pad": 89,
}  # fmt: skip

DRUM_BANK = 128
#: Kits as Roland's GS numbers them; where a soundfont has only one, that is 0.
KITS = {"club": 24, "808": 25, "break": 16, "gated": 16, "brushes": 40, "acoustic": 0, "dusty": 0,
        "one drop": 0, "bossa": 0}  # fmt: skip
STRUCK = ("drums", "percussion")
