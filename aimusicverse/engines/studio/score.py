"""The score: notes in beats, part by part. What a person could read, before anybody plays it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.genres import GENRES, Genre
from aimusicverse.engines.studio.instruments import role_of
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.engines.studio.moods import MOODS, NEUTRAL, Mood
from aimusicverse.engines.studio.theory import Chord, Key
from aimusicverse.types import Plan

#: Percussion as General MIDI numbers it.
PIECES = {"kick": 36, "rim": 37, "snare": 38, "clap": 39, "low tom": 41, "hat": 42, "tom": 45, "open": 46,
          "high tom": 48,
          "crash": 49, "ride": 51, "tambourine": 54, "shaker": 70, "timpani": 47, "taiko": 43,
          "swell": 55}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A note: when and how long (beats), MIDI pitch (or drum piece), velocity 0–1."""

    start: float
    beats: float
    pitch: int
    velocity: float


@dataclass(slots=True)
class Part:
    """What one instrument plays."""

    instrument: str
    role: str
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """The plan as the composer needs it: names resolved, time in beats.

    A beat is a quarter note in every metre; `pulse` is how many sixteenths lie between two beats that are
    felt: 4, or 6 where those are dotted. `colours`: the share of its budget that harmony may spend on notes
    outside the key.
    """

    plan: Plan
    genre: Genre
    mood: Mood
    key: Key
    beats_per_bar: int
    pulse: int = 4
    colours: float = 1.0

    @classmethod
    def of(cls, plan: Plan) -> Frame:
        """From a plan that the planner made."""
        mood = MOODS.get(plan.mood or "", NEUTRAL)
        metre = METRES[plan.time_signature]
        return cls(plan, GENRES[plan.genre], mood, Key.named(plan.key), metre.quarters, metre.pulse)

    @property
    def steps(self) -> int:
        """Sixteenths in a bar."""
        return self.beats_per_bar * 4

    @property
    def compound(self) -> bool:
        """Whether the beats that are felt are dotted."""
        return self.pulse == 6

    @property
    def beats_per_minute(self) -> float:
        """Quarter notes in a minute: the plan's tempo, unless that counts dotted beats."""
        return self.plan.tempo_bpm * self.pulse / 4

    @property
    def roles(self) -> tuple[str, ...]:
        """What each instrument of the plan does.

        A voice that only answers has nobody to answer to where nothing else has a pitch of its own above the
        bass: then it leads.
        """
        roles = [role_of(instrument, self.genre) for instrument in self.plan.instruments]
        if "counter" in roles and not {"lead", "chords", "pad", "arp"} & set(roles):
            roles[roles.index("counter")] = "lead"
        return tuple(roles)

    @property
    def end(self) -> float:
        """The beat on which the final chord falls."""
        return float(sum(section.bars for section in self.plan.sections) * self.beats_per_bar)

    @property
    def ring(self) -> float:
        """Beats from the final chord to the end of the recording."""
        return self.plan.duration_seconds * self.beats_per_minute / 60 - self.end


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section with its place: `index`, first bar `bar`, how many `times` its name came before.

    `kind` counts the names that came before its own.

    All chance in a section comes from `chance` and `habit`, so that a section can be composed anew (another
    `take`) and no note of the others moves.
    """

    index: int
    name: str
    bar: int
    bars: int
    energy: float
    next_energy: float | None
    seed: int
    take: int
    times: int = 0
    kind: int = 0

    @property
    def is_last(self) -> bool:
        """Whether the piece ends with it."""
        return self.next_energy is None

    @property
    def turn(self) -> int:
        """Counts through what seeds and takes that follow each other must not have in common."""
        return self.seed + self.take

    def chance(self, *what: object) -> Chance:
        """Draws of this section alone."""
        return Chance(self.seed, *what, self.index, *(("take", self.take) if self.take else ()))

    def choice(self, count: int, *what: object) -> int:
        """Which of `count` figures a section has: those of another name, and other takes, have another."""
        return (Chance(self.seed, *what, "choice").below(count) + self.kind + self.take) % count

    def habit(self, *what: object) -> Chance:
        """Draws that all sections of one name share, but for those that were composed anew."""
        own = (self.index, "take", self.take) if self.take else ()
        return Chance(self.seed, *what, self.name, *own)


@dataclass(frozen=True, slots=True)
class Score:
    """A whole piece, still without sound.

    `earlier`: up to which beat it has the form of which other frame, where it goes on from earlier pieces.
    """

    frame: Frame
    chords: tuple[Chord, ...]
    parts: tuple[Part, ...]
    earlier: tuple[tuple[float, Frame], ...] = ()


def stretches(frame: Frame) -> Iterator[Stretch]:
    """The sections in order, with their places."""
    sections, bar = frame.plan.sections, 0
    seen: dict[str, int] = {}
    for index, section in enumerate(sections):
        after = sections[index + 1].energy if index + 1 < len(sections) else None
        times = seen[section.name] = seen.get(section.name, -1) + 1
        kind = list(seen).index(section.name)
        yield Stretch(
            index=index,
            name=section.name,
            bar=bar,
            bars=section.bars,
            energy=section.energy,
            next_energy=after,
            seed=frame.plan.seed,
            take=section.take,
            times=times,
            kind=kind,
        )
        bar += section.bars
