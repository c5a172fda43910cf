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


def note_name(pitch: int, key_name: str) -> str:
    """The name of a pitch (or pitch class) in a key; one that is not of the key has its usual spelling."""
    signature = sharps(key_name)
    # Beside its own notes, a major key borrows flats, a minor key raises its steps.
    lowest = signature - (2 if key_name.endswith(" minor") else 5)
    place = next(at for at in range(lowest, lowest + 12) if at * 7 % 12 == pitch % 12)
    letter, accidentals = _LETTERS[(place + 1) % 7], (place + 1) // 7
    return letter + ("#" * accidentals if accidentals > 0 else "b" * -accidentals)


def symbol(chord: Chord, size: int, key: Key, key_name: str) -> str:
    """A chord as lead sheets have it, "Am7"; `size`: 3 for a triad, 4 for a seventh, 5 for a ninth."""
    root = key.tonic + key.scale[chord.degree]
    return note_name(root, key_name) + quality(chord, size, key)


def numeral(chord: Chord, size: int, key: Key) -> str:
    """A chord by its place in the key, "vi7": capitals for a major third, counted in the key's own scale."""
    kind, name = quality(chord, size, key), _NUMERALS[chord.degree]
    minor = kind.startswith(("m", "dim")) and not kind.startswith("maj")
    return (name.lower() if minor else name) + _SIGNS.get(kind, kind.removeprefix("m") if minor else kind)


def quality(chord: Chord, size: int, key: Key) -> str:
    """What follows the root's name: "" for a major triad, "m7", "7", "maj9", "dim"…

    Ninths of half-diminished chords are left out, as they are on lead sheets.
    """
    root, *others = (key.scale[degree] for degree in chord.tones(size))
    third, fifth, *above = ((one - root) % 12 for one in others)
    minor = third == 3
    if not above:
        return "dim" if minor and fifth == 6 else "m" if minor else "aug" if fifth == 8 else ""
    major_seventh = above[0] == 11
    if minor and fifth == 6:
        return "dim7" if above[0] == 9 else "m7b5"
    number = "9" if len(above) > 1 and above[1] == 2 else "7"
    seventh = f"maj{number}" if major_seventh else number
    flat_ninth = "(b9)" if len(above) > 1 and above[1] == 1 else ""
    return (f"m({seventh})" if minor and major_seventh else f"{'m' if minor else ''}{seventh}") + flat_ninth
