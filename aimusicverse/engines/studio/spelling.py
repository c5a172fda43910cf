"""How notes and chords are written in a key: B flat in F major, A sharp in B major.

Names stand on the line of fifths (… B♭ F C G D A E B F♯ …, C at 0): a key takes seven neighbours of it.
"""

from __future__ import annotations

from aimusicverse.engines.studio.theory import Chord, Key

_LETTERS = "FCGDAEB"
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
#: Kinds of chord whose sign beside a numeral is not simply what follows the "m" of a minor one.
_SIGNS = {"dim": "°", "dim7": "°7", "m7b5": "ø7", "aug": "+"}


def sharps(key_name: str) -> int:
    """Sharps in the signature of "A minor" or "F# major"; flats are negative.

    What would need more than seven of one kind is written with fewer of the other: G# major as A flat major.
    """
    note, _, mode = key_name.partition(" ")
    found = _LETTERS.index(note[0].upper()) - 1 + 7 * (note.count("#") - note[1:].count("b"))
    found -= 3 if mode == "minor" else 0
    return found - 12 if found > 7 else found + 12 if found < -7 else found


def symbol(chord: Chord, key_name: str) -> str:
    """A chord as lead sheets have it, "Am7": its root as the key spells it, and its kind."""
    return note_name(chord.degree, key_name, chord.shift(chord.degree)) + chord.quality(Key.named(key_name))


def numeral(chord: Chord, key_name: str) -> str:
    """A chord by its place in the key, "vi7": capitals for a major third, counted in the key's own scale.

    A root that is altered has its sign before it: "bII".
    """
    kind, shift = chord.quality(Key.named(key_name)), chord.shift(chord.degree)
    minor = kind.startswith(("m", "dim")) and not kind.startswith("maj")
    name = _NUMERALS[chord.degree].lower() if minor else _NUMERALS[chord.degree]
    return _signs(shift) + name + _SIGNS.get(kind, kind.removeprefix("m") if minor else kind)


def note_name(degree: int, key_name: str, shift: int = 0) -> str:
    """The name of a degree (0–6) of the key, altered by `shift` semitones."""
    key = Key.named(key_name)
    pitch = key.tonic + key.scale[degree]
    lowest = sharps(key_name) - 1
    place = next(at for at in range(lowest, lowest + 7) if at * 7 % 12 == pitch % 12)
    return _LETTERS[(place + 1) % 7] + _signs((place + 1) // 7 + shift)


def _signs(semitones: int) -> str:
    return "#" * semitones if semitones > 0 else "b" * -semitones
