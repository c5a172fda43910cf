"""Strategies for everything that may be asked of the studio."""

from __future__ import annotations

from hypothesis import strategies as st

from aimusicverse.engines.studio.genres import GENRE_WORDS
from aimusicverse.engines.studio.instruments import INSTRUMENT_WORDS, INSTRUMENTS, SUBSTITUTES
from aimusicverse.engines.studio.moods import MOODS
from aimusicverse.engines.studio.plan import TIME_SIGNATURES, bar_seconds
from aimusicverse.engines.studio.words.music import SOUNDS, TEMPO_WORDS
from aimusicverse.types.generation_request import MAX_SEED

_LETTERS = st.characters(exclude_categories=("Cc", "Cs"))
_KEYS = st.builds(
    "{}{}{}".format,
    st.sampled_from("ABCDEFGabcdefg"),
    st.sampled_from(["", "#", "b", "♯", "♭"]),
    st.sampled_from(["", "m", " minor", " Major", "maj", "min"]),
)
_SEEDS = st.one_of(st.integers(0, 9), st.integers(0, MAX_SEED), st.just(MAX_SEED))
_ENERGIES = st.one_of(st.sampled_from([0, 0.0, 1, 0.3, 0.5]), st.floats(0, 1))
_SECTION_NAMES = st.one_of(
    st.sampled_from(["intro", "build", "breakdown", "still", "bass solo", "stillness", "outro", "chorus"]),
    st.text(_LETTERS, min_size=1, max_size=40).filter(lambda name: name.strip()),
)
#: Bits of sentences that the planner listens to, and some that it does not.
_PHRASES = st.one_of(
    st.sampled_from([*GENRE_WORDS, *MOODS, *INSTRUMENT_WORDS, *SUBSTITUTES, *SOUNDS, *TEMPO_WORDS]),
    st.sampled_from(["no", "without", "only", "solo", "not too", "and", ",", ".", "with", "but",
                     "nothing else", "3/4", "6/8", "7/8", "in a minor key",
                     "waltz", "80s", "melody", "vocals"]),
    st.builds("{} {}".format, st.sampled_from(["in", "key of", ""]), _KEYS),
    st.builds("{} {}".format, st.integers(-1, 400), st.sampled_from(["bpm", "BPM", "bars", "seconds"])),
    st.builds("{} {} bars".format, st.sampled_from(["intro", "chorus", "outro"]), st.integers(0, 99)),
    st.text(_LETTERS, max_size=12),
)  # fmt: skip
_TEXTS = st.lists(_PHRASES, min_size=1, max_size=12).map(" ".join)


def _tag(text: str) -> str:
    return text.strip()[:50].strip()


_TAGS = st.lists(
    st.one_of(_PHRASES, st.sampled_from(list(INSTRUMENTS)))
    .map(_tag)
    .filter(lambda tag: tag and "\n" not in tag),
    max_size=20,
)


def _prompt(text: str) -> str:
    return text.strip()[:500].strip() or "x"


#: Fields of a `GenerationCreate` without a plan.
requests = st.fixed_dictionaries(
    {"prompt": st.one_of(_TEXTS, st.text(_LETTERS, min_size=1, max_size=500)).map(_prompt)},
    optional={
        "style": _TEXTS.map(lambda text: text[:1000]),
        "tags": _TAGS,
        "negative_tags": _TAGS,
        "duration_seconds": st.one_of(st.sampled_from([5, 600, 60]), st.floats(5, 600)),
        "tempo_bpm": st.one_of(st.sampled_from([40, 240, 120]), st.floats(40, 240)),
        "key": _KEYS,
    },
)
seeds = _SEEDS


@st.composite
def plans(draw: st.DrawFn, longest: float = 600, fitting: bool = False) -> dict[str, object]:
    """Fields of a `PlanEdit` of `longest` seconds at most; one whose sections fit, where `fitting`."""
    signature = draw(st.sampled_from(sorted(TIME_SIGNATURES)))
    tempo = draw(st.one_of(st.sampled_from([40, 240, 90]), st.floats(40, 240)))
    bar = bar_seconds(tempo, signature)
    least = max(5.0, bar + 1) if fitting else 5.0
    duration = draw(st.one_of(st.just(least), st.floats(least, max(longest, least))))
    if fitting:
        most = int((duration - 1) / bar + 1e-9)
        left = draw(st.integers(max(1, int((duration - 11) / bar)), most))
        lengths = []
        while left and len(lengths) < 63:
            lengths.append(draw(st.integers(1, left)))
            left -= lengths[-1]
        lengths += [left] * (left > 0)
    else:
        lengths = draw(st.lists(st.integers(1, 256), min_size=1, max_size=64))
    names = st.sampled_from(list(INSTRUMENTS)) if fitting else _PHRASES.filter(str.strip).map(_tag)
    return {
        "genre": draw(st.sampled_from(list(GENRE_WORDS))),
        "mood": draw(st.one_of(st.none(), st.sampled_from(list(MOODS)))),
        "tempo_bpm": tempo,
        "key": draw(_KEYS),
        "time_signature": signature,
        "duration_seconds": duration,
        "instruments": draw(st.lists(names, min_size=1, max_size=16)),
        "sounds": draw(st.lists(st.sampled_from(list(SOUNDS)), max_size=6)),
        "sections": [
            {"name": draw(_SECTION_NAMES), "bars": bars, "energy": draw(_ENERGIES)} for bars in lengths
        ],
        "seed": draw(_SEEDS),
    }
