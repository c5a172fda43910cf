"""From a request to a plan: explicit fields first, then the prompt's words, then the genre's habits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aimusicverse.engines.base import PlanRefused
from aimusicverse.engines.studio.bars import (
    TIME_SIGNATURES,
    bar_seconds,
    bars_within,
    check_length,
    length_of,
    signature_for,
    timed,
)
from aimusicverse.engines.studio.before import earlier_forms
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.form import Section, form, form_as_asked
from aimusicverse.engines.studio.genres import GENRE_WORDS, GENRES, Genre
from aimusicverse.engines.studio.instruments import FAMILIES, INSTRUMENT_WORDS, INSTRUMENTS, role_of
from aimusicverse.engines.studio.moods import MOOD_WORDS, MOODS, NEUTRAL, Mood
from aimusicverse.engines.studio.prompt import Understanding, understand
from aimusicverse.engines.studio.words.music import SECTIONS, SOUND_WORDS, SOUNDS
from aimusicverse.types import GenerationCreate, GenerationWarning, Plan, PlanEdit, PlanSectionEdit

ENGINE = "studio"
_TONICS = ("C", "D", "Eb", "E", "F", "G", "A", "Bb")
#: Whole tempos are shared out among so many seeds in a row.
_TEMPOS_APART = 3
#: Who plays where everything that the genre has was refused: the first that was not.
_ALONE = ("piano", *(name for name in INSTRUMENTS if INSTRUMENTS[name].role in ("chords", "pad", "lead")))
_BY_MOOD = {"happy": "funk", "sad": "classical", "calm": "ambient", "dark": "cinematic", "energetic": "house",
            "dreamy": "ambient", "epic": "cinematic", "romantic": "jazz", "tense": "cinematic"}  # fmt: skip


def make_plan(request: GenerationCreate, seed: int) -> Plan:
    """What the studio understands of a request; the same for the same arguments.

    Raises:
        PlanRefused: `request.plan` cannot be followed; `code` and `field` say why and where.
    """
    if request.plan is None:
        return _choose(request, seed)
    return _follow(request.plan, seed).model_copy(update={"warnings": _said_otherwise(request, request.plan)})


def _choose(request: GenerationCreate, seed: int) -> Plan:
    texts = [("prompt", request.prompt), ("style", request.style or ""), ("tags", ", ".join(request.tags))]
    found = understand(texts, request.negative_tags, TIME_SIGNATURES)
    sources = {"genre": "chosen", "tempo_bpm": "genre", "key": "chosen", "instruments": "genre",
               "time_signature": "genre", **found.sources, "duration_seconds": "request"}  # fmt: skip
    if found.genre is None:
        left = sorted(GENRES.keys() - found.without_genres)
        if not left:
            left = sorted(GENRES)
            found.warnings.append(("no_genre_left", "Every genre was refused: one of them is played."))
        by_mood = _BY_MOOD.get(found.mood or "")
        found.genre = by_mood if by_mood in left else Chance("genre", request.prompt).pick(left)
        if found.genre == by_mood:
            sources["genre"] = f"mood: {found.mood}"
    chance = Chance("plan", seed, found.genre)
    genre, mood = GENRES[found.genre], MOODS.get(found.mood or "", NEUTRAL)
    if request.tempo_bpm is not None:
        tempo, sources["tempo_bpm"] = request.tempo_bpm, "request"
    else:
        tempo = found.tempo_bpm if found.tempo_bpm is not None else _tempo(genre, mood, found, chance, seed)
    if request.key is not None:
        key, sources["key"] = request.key, "request"
    else:
        key = found.key or _key(genre, mood, found, chance)
    asked, signature = request.sections, found.time_signature or "4/4"
    if asked and "duration_seconds" not in request.model_fields_set:
        duration = length_of(bars_of(asked), bar_seconds(tempo, signature), genre.ring_seconds)
        sources["duration_seconds"] = "sections"
    else:
        duration = float(request.duration_seconds)
        signature = signature_for(signature, tempo, duration)
    if found.time_signature not in (None, signature):
        found.warnings.append(
            ("time_signature_too_long", f"A bar of {found.time_signature} is too long for {duration:g} s.")
        )
    bar = bar_seconds(tempo, signature)
    if asked:
        sources["sections"] = "request"
        check_length(bars_of(asked), tempo, signature, duration, field="sections")
        parts = [(part.name, part.bars, energy_of(part, mood), part.take) for part in asked]
    else:
        bars = max(1, bars_within(duration, bar, genre.ring_seconds))
        parts = [
            (part.name, part.bars, shifted(part.energy, mood), 0)
            for part in _form(genre, bars, found, chance)
        ]
    return Plan(
        engine=ENGINE,
        genre=genre.name,
        mood=found.mood,
        tempo_bpm=tempo,
        key=key,
        time_signature=signature,
        duration_seconds=duration,
        instruments=_instruments(genre, found),
        sounds=found.sounds,
        sections=timed(parts, bar, duration),
        seed=seed,
        understood=sources,
        not_understood=found.not_understood,
        warnings=[
            GenerationWarning(code=code, message=message)
            for code, message in found.warnings
            if not _outvoted(request, message)
        ],
    )


def _outvoted(request: GenerationCreate, message: str) -> bool:
    """Whether a warning is about a tempo or a key that the request's own field overrules."""
    about_key = message.endswith("major and minor.") or message.split(",")[0].endswith((" major", " minor"))
    return (request.tempo_bpm is not None and " bpm" in message) or (request.key is not None and about_key)


def _form(genre: Genre, bars: int, found: Understanding, chance: Chance) -> list[Section]:
    if not found.sections:
        return form(genre.form, bars, chance)
    parts = form_as_asked(found.sections, genre.form, bars, chance)
    short = [name for name, length in found.sections if (name, length) not in map(_shape, parts)]
    if short:
        found.warnings.append(
            (
                "sections_do_not_fit",
                f"There are {bars} bars: {', '.join(dict.fromkeys(short))} had to be cut.",
            )
        )
    return parts


def _shape(part: Section) -> tuple[str, int]:
    return part.name, part.bars


def _tempo(genre: Genre, mood: Mood, found: Understanding, chance: Chance, seed: int) -> float:
    """Seeds that follow each other never share a tempo: on one grid, grooves of a genre sound the same."""
    low, usual, high = genre.tempo
    shift = mood.tempo if found.tempo_shift is None else found.tempo_shift
    shift = max(-1.0, min(1.0, shift + (chance.unit() - 0.5)))
    tempo = round(usual + shift * ((high - usual) if shift > 0 else (usual - low)))
    return float(tempo + (seed - tempo) % _TEMPOS_APART - 1)


def _key(genre: Genre, mood: Mood, found: Understanding, chance: Chance) -> str:
    mode = found.mode or mood.mode or ("minor" if chance.happens(genre.minor) else "major")
    return f"{chance.pick(_TONICS)} {mode}"


def shifted(energy: float, mood: Mood) -> float:
    """An energy in a mood."""
    return round(max(0.0, min(1.0, energy + mood.energy)), 2)


def bars_of(parts: Sequence[PlanSectionEdit]) -> int:
    """How many bars all of them have."""
    return sum(part.bars for part in parts)


def energy_of(part: PlanSectionEdit, mood: Mood) -> float:
    """The energy that was asked for; else what sections of that name have, in this mood."""
    if "energy" in part.model_fields_set:
        return part.energy
    _, usual = SECTIONS.get(part.name.casefold(), ("", part.energy))
    return shifted(usual, mood)


def _instruments(genre: Genre, found: Understanding) -> list[str]:
    named = list(dict.fromkeys(_own(name, genre, found) for name in found.instruments))
    named = [name for name in named if name not in found.without]
    if found.only_named and named:
        return named[:16]
    line_up = [
        name
        for name in genre.instruments
        if name not in found.without and role_of(name, genre) not in found.without_roles
    ]
    for name in reversed(named):
        role = role_of(name, genre)
        if role in ("bass", "drums", "lead"):  # one of each is enough: the named one takes the place
            line_up = [other for other in line_up if other in named or role_of(other, genre) != role]
        others = [other for other in line_up if other != name]
        line_up = [*others, name] if role == "texture" else [name, *others]
    if not line_up:
        alone = next((name for name in _ALONE if name not in found.without), _ALONE[0])
        found.warnings.append(("no_instrument_left", f"Nothing was left to play: {alone} plays alone."))
        return [alone]
    return line_up[:16]


def _own(name: str, genre: Genre, found: Understanding) -> str:
    """Of a family that was named ("guitar"), the member that belongs to the genre."""
    if name not in found.loose:
        return name
    family = next((members for members in FAMILIES.values() if members[0] == name), (name,))
    role = INSTRUMENTS[name].role
    members = [
        other
        for other in genre.instruments
        if other in family or (role == "bass" and INSTRUMENTS[other].role == "bass")
    ]
    return next((other for other in members if other not in found.without), name)


def _follow(edit: PlanEdit, seed: int) -> Plan:
    if edit.engine not in (None, ENGINE):
        raise PlanRefused("wrong_engine", f"this plan is for the engine {edit.engine!r}", field="plan.engine")
    genre = GENRE_WORDS.get(_known(edit.genre))
    if genre is None:
        known = ", ".join(GENRES)
        raise PlanRefused("unknown_genre", f"no genre {edit.genre!r}; there are {known}", field="plan.genre")
    mood = MOOD_WORDS.get(_known(edit.mood)) if edit.mood else None
    if edit.mood and mood is None:
        raise PlanRefused(
            "unknown_mood", f"no mood {edit.mood!r}; there are {', '.join(MOODS)}", field="plan.mood"
        )
    if edit.time_signature not in TIME_SIGNATURES:
        raise PlanRefused(
            "unsupported_time_signature",
            f"cannot play {edit.time_signature}; possible are {', '.join(TIME_SIGNATURES)}",
            field="plan.time_signature",
        )
    instruments = [_instrument(name, index) for index, name in enumerate(edit.instruments)]
    bar = bar_seconds(edit.tempo_bpm, edit.time_signature)
    check_length(
        bars_of(edit.sections),
        edit.tempo_bpm,
        edit.time_signature,
        edit.duration_seconds,
        field="plan.sections",
    )
    parts = [(part.name, part.bars, part.energy, part.take) for part in edit.sections]
    return Plan(
        engine=ENGINE,
        genre=genre,
        mood=mood,
        tempo_bpm=edit.tempo_bpm,
        key=edit.key,
        time_signature=edit.time_signature,
        duration_seconds=edit.duration_seconds,
        instruments=list(dict.fromkeys(instruments)),
        sounds=list(dict.fromkeys(_sound(name, index) for index, name in enumerate(edit.sounds))),
        sections=timed(parts, bar, edit.duration_seconds),
        seed=seed,
        continues=earlier_forms(edit, bar),
        understood=dict.fromkeys(
            ("genre", "tempo_bpm", "key", "instruments", "sections", "time_signature", "duration_seconds"),
            "plan",
        ),
    )


def _said_otherwise(request: GenerationCreate, plan: PlanEdit) -> list[GenerationWarning]:
    """What the request's own fields want that its plan has otherwise: the plan is followed as it is."""
    fields = ("duration_seconds", "tempo_bpm", "key")
    sent = [
        name for name in fields if name in request.model_fields_set and getattr(request, name) is not None
    ]
    return [
        GenerationWarning(
            code="plan_followed",
            message=f"The plan has {name} {_shown(planned)}, and is followed: change it there.",
        )
        for name in sent
        if (planned := getattr(plan, name)) != getattr(request, name)
    ]


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _known(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold())


def _instrument(name: str, index: int) -> str:
    known = INSTRUMENT_WORDS.get(_known(name))
    if known is None:
        raise PlanRefused(
            "unknown_instrument",
            f"no instrument {name!r}; there are {', '.join(INSTRUMENTS)}",
            field=f"plan.instruments[{index}]",
        )
    return known


def _sound(name: str, index: int) -> str:
    known = SOUND_WORDS.get(_known(name))
    if known is None:
        raise PlanRefused(
            "unknown_sound",
            f"no sound {name!r}; there are {', '.join(SOUNDS)}",
            field=f"plan.sounds[{index}]",
        )
    return known
