"""How notes and chords are written in a key: B flat in F major, A sharp in B major.

Names stand on the line of fifths (… B♭ F C G D A E B F♯ …, C at 0): a key takes seven neighbours of it.
"""

from __future__ import annotations

from aimusicverse.engines.studio.theory import Chord, Key

_LETTERS = "FCGDAEB"
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")

#: Third, fifth and seventh in semitones above the root → what follows the root's name, and the numeral.
_QUALITIES: dict[tuple[int, ...], tuple[str, str]] = {
    (4, 7): ("", ""),
    (3, 7): ("m", ""),
    (3, 6): ("dim", "°"),
    (4, 8): ("aug", "+"),
    (4, 7, 11): ("maj7", "maj7"),
    (4, 7, 10): ("7", "7"),
    (3, 7, 10): ("m7", "7"),
    (3, 6, 10): ("m7b5", "ø7"),
    (3, 6, 9): ("dim7", "°7"),
    (3, 7, 11): ("m(maj7)", "(maj7)"),
    (4, 8, 11): ("maj7#5", "+maj7"),
    (4, 8, 10): ("7#5", "+7"),
}


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
    root, above = _heard(chord, size, key)
    return note_name(root, key_name) + _with_ninth(_QUALITIES[above[:3]][0], above)


def numeral(chord: Chord, size: int, key: Key) -> str:
    """A chord by its place in the key, "vi7": capitals for a major third, counted in the key's own scale."""
    _, above = _heard(chord, size, key)
    name = _NUMERALS[chord.degree]
    return (name if above[0] == 4 else name.lower()) + _with_ninth(_QUALITIES[above[:3]][1], above)


def _heard(chord: Chord, size: int, key: Key) -> tuple[int, tuple[int, ...]]:
    """The root's pitch class, and the semitones from it to the other tones."""
    pitches = [key.tonic + key.scale[degree] for degree in chord.tones(size)]
    return pitches[0] % 12, tuple((pitch - pitches[0]) % 12 for pitch in pitches[1:])


def _with_ninth(quality: str, above: tuple[int, ...]) -> str:
    if len(above) < 4:
        return quality
    if above[3] != 2:
        return f"{quality}(b9)"
    return f"{quality}(9)" if "5" in quality or "ø" in quality else quality.replace("7", "9")
