"""Chords from outside the key: leading notes at cadences, other degrees' dominants, chords of the other mode.

All of it is local to a section, and never on its first chord: what leads there from the section before stays
right. How often: the genre's `colour`, moved by the mood. A budget holds it to a colour: the seven notes that
sound longest stay those of the key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.score import Frame
from aimusicverse.engines.studio.theory import Chord, Key

_TONIC, _SECOND, _FOURTH, _FIFTH, _SIXTH, _SEVENTH = 0, 1, 3, 4, 5, 6
#: Budgets are counted in parts of a beat, and all outside notes together under a name of their own.
_TICKS, _ANY = 48, 12
_OF_A_ROOT = 3
_SOFT = ("sad", "romantic", "dreamy", "calm")
_GRAND = ("epic", "dark", "tense")
#: Of the beats on which chords have the rarest note of the key, the share that one from outside may have, and
#: the share of all outside notes in all; those of the blues are its own.
_OF_THE_RAREST, _OF_ALL = 0.6, 0.06
_OF_THE_RAREST_IN_BLUES, _OF_ALL_IN_BLUES = 1.0, 0.1
_LEAST_BARS = 8
#: Roles that play chords.
HARMONY = frozenset({"chords", "pad", "arp"})
#: Degrees whose triads are diminished: nothing leads to them.
_UNSTABLE = {True: _SECOND, False: _SEVENTH}


def coloured(frame: Frame, chords: Sequence[Chord], after: int, chance: Chance) -> list[Chord]:
    """A section's chords, some of them altered. `after`: the degree that follows the last of them."""
    if frame.genre.form == "twelve":
        return _blue(frame, chords, after)
    found = list(chords)
    for index in range(1, len(chords)):
        chord, target = found[index], found[index + 1].degree if index + 1 < len(found) else after
        found[index] = _altered(frame, chord, target, index == len(chords) - 1, chance)
    return _grand_close(frame, found, after, chance)


def budget(frame: Frame, chords: Sequence[Chord], roles: Sequence[str]) -> Counter[int]:
    """Beats for which chords may have each pitch class outside the key, in a piece of these plain chords."""
    bars = sum(section.bars for section in frame.plan.sections)
    if bars < _LEAST_BARS or not HARMONY & set(roles):
        return Counter()
    sounding: Counter[int] = Counter()
    for chord in chords:
        for tone in chord.tones(5):
            sounding[frame.key.pitch(tone) % 12] += round(chord.beats * _TICKS)
    rarest = min(sounding[pitch_class] for pitch_class in frame.key.pitch_classes)
    blues = frame.genre.form == "twelve"
    most = frame.colours * (_OF_ALL_IN_BLUES if blues else _OF_ALL) * sum(sounding.values())
    each = min(most, frame.colours * (_OF_THE_RAREST_IN_BLUES if blues else _OF_THE_RAREST) * rarest)
    left = Counter(dict.fromkeys(range(12), round(each)))
    left[_ANY] = round(most)
    return left


def affordable(
    frame: Frame, chords: Sequence[Chord], plain: Sequence[Chord], left: Mapping[int, int]
) -> list[Chord]:
    """The chords, plain where the budget does not reach; later ones come first, for they close phrases."""
    spent: Counter[int] = Counter()
    found = []
    for chord, instead in zip(reversed(chords), reversed(plain), strict=True):
        costs = cost(frame, [chord])
        if any(spent[name] + costs[name] > left.get(name, 0) for name in costs):
            found.append(instead)
        else:
            spent += costs
            found.append(chord)
    return found[::-1]


def cost(frame: Frame, chords: Sequence[Chord]) -> Counter[int]:
    """What chords take of a budget."""
    costs: Counter[int] = Counter()
    for chord in chords:
        for pitch_class in _outside(frame.key, chord):
            weight = _OF_A_ROOT if pitch_class == chord.root(frame.key) else 1  # the bass has it too
            costs[pitch_class] += round(weight * chord.beats * _TICKS)
            costs[_ANY] += round(chord.beats * _TICKS)
    return costs


def _outside(key: Key, chord: Chord) -> Iterator[int]:
    for degree, _ in chord.altered:
        pitch_class = chord.pitch(key, degree) % 12
        if pitch_class not in key.pitch_classes:
            yield pitch_class


def _altered(frame: Frame, chord: Chord, target: int, last: bool, chance: Chance) -> Chord:
    colour, key, mood = frame.genre.colour, frame.key, frame.mood.name
    if key.minor and chord.degree == _FIFTH and (target == _TONIC or last):
        return dominant(chord, key) if chance.happens(colour.leading) else chord
    if key.minor and chord.degree in (_SECOND, _FOURTH) and target == _FIFTH and mood in (*_GRAND, "neutral"):
        often = colour.borrowed * (1.0 if mood in _GRAND else 0.5)
        if chance.happens(often):  # the Neapolitan
            return replace(chord, degree=_SECOND, size=3, altered=((_SECOND, -1),))
    if not key.minor and chord.degree == _FOURTH and target in (_TONIC, _FIFTH):
        often = min(1.0, colour.borrowed * (3.0 if mood in _SOFT else 1.0))
        if chance.happens(often):
            return replace(chord, size=3, altered=((_SIXTH, -1),))
    leads = target == (chord.degree + 3) % 7 and target not in (_TONIC, _UNSTABLE[key.minor])
    if leads and chance.happens(colour.dominants):
        return dominant(chord, key)
    return chord


def dominant(chord: Chord, key: Key) -> Chord:
    """The chord as the dominant seventh on its degree: a major third, a fifth and a minor seventh."""
    root = key.scale[chord.degree]
    altered = []
    for tone, wanted in zip((*chord.tones(3)[1:], (chord.degree + 6) % 7), (4, 7, 10), strict=True):
        move = (wanted - (key.scale[tone] - root) + 6) % 12 - 6
        if move:
            altered.append((tone, move))
    return replace(chord, size=max(4, chord.size), altered=tuple(altered))


def _grand_close(frame: Frame, chords: list[Chord], after: int, chance: Chance) -> list[Chord]:
    """In major, the sixth and seventh degrees of the minor mode before the tonic: a heroic close."""
    mood = frame.mood.name
    often = frame.genre.colour.grand * (2.0 if mood in _GRAND or mood == "energetic" else 1.0)
    if frame.key.minor or after != _TONIC or len(chords) < 4 or not chance.happens(min(1.0, often)):
        return chords
    sixth = replace(chords[-2], degree=_SIXTH, size=3, altered=((_SIXTH, -1), (2, -1)))
    seventh = replace(chords[-1], degree=_SEVENTH, size=3, altered=((_SEVENTH, -1),))
    return [*chords[:-2], sixth, seventh]


def _blue(frame: Frame, chords: Sequence[Chord], after: int) -> list[Chord]:
    """Blues: sevenths where a chord moves on, dominant ones on the fifth degree, and in major on all three.

    In major, a chord that stays is a triad under the sixth of the bass.
    """
    found = []
    for index, chord in enumerate(chords):
        target = chords[index + 1].degree if index + 1 < len(chords) else after
        moves = target != chord.degree
        principal = chord.degree in (_TONIC, _FOURTH, _FIFTH)
        if chord.degree == _FIFTH and index:
            chord = dominant(chord, frame.key)
        elif not frame.key.minor and principal:
            chord = dominant(chord, frame.key) if moves and index else chord
        found.append(chord)
    return found
