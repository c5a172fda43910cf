"""Who plays in a section: layers enter and leave with its energy, and some rest in those of a name."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.engines.studio.score import Frame, Stretch

#: The energy from which a role plays.
_FROM = {
    "chords": 0.0,
    "pad": 0.0,
    "texture": 0.0,
    "bass": 0.3,
    "arp": 0.72,
    "counter": 0.7,
    "percussion": 0.7,
}
#: From here on second voices play, which a verse leaves to its chorus.
_SECOND = 0.72
#: A piece that begins with so much energy begins with everybody.
_AT_ONCE = 0.5
_HARMONY = ("chords", "pad", "arp")


def players(frame: Frame, place: Stretch, ranks: Sequence[int]) -> set[int]:
    """Which of the plan's instruments play, by their places in it.

    `ranks`: the how many-th of its role each of them is, from 0.
    """
    names, roles = frame.plan.instruments, frame.roles
    playing = {index for index, rank in enumerate(ranks) if _plays(frame, index, rank, place)}
    resting = {index for index in playing if place.name in frame.genre.rests.get(names[index], ())}
    # Nobody rests from what nobody else would do.
    alone = not any(roles[index] in _HARMONY for index in playing - resting)
    return playing if alone else playing - resting


def bars_waited(place: Stretch, index: int) -> int:
    """How many bars of a section a part waits: in a quiet opening, layers come one after the other."""
    if place.index or place.bars < 4 or index == 0 or place.energy >= _AT_ONCE:
        return 0
    return place.bars // 2 if index <= 2 else place.bars * 3 // 4


def _plays(frame: Frame, index: int, rank: int, place: Stretch) -> bool:
    instrument, role, genre = frame.plan.instruments[index], frame.roles[index], frame.genre
    if index == 0 or role == "texture":
        return True
    usual = {"lead": genre.lead_from, "drums": genre.drums_from}.get(role, _FROM.get(role, 0.4))
    start = genre.entries.get(instrument, usual)
    if place.name in ("breakdown", "stillness", "still") and role in ("drums", "percussion", "bass"):
        return False
    if place.name == "build" and role == "bass":
        return False
    if place.name == "build" and role == "arp":
        return True
    if rank and role in _HARMONY:
        start = max(start, _SECOND)
    return place.energy >= start - 0.09  # moods shift energies a little, and must not silence a part
