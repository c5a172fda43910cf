"""Write the page of what prompts may say, from the tables by which they are read.

python scripts/write_prompts.py            write
python scripts/write_prompts.py --check    exit 1 and name the file if it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.instruments import INSTRUMENT_WORDS, INSTRUMENTS, SUBSTITUTES
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.engines.studio.moods import MOOD_WORDS, MOODS
from aimusicverse.engines.studio.words import lexicon
from aimusicverse.engines.studio.words.languages import LANGUAGES, Language
from aimusicverse.engines.studio.words.music import (
    ERAS,
    METRE_WORDS,
    MODES,
    NEAREST_METRES,
    OWN_MODES,
    SECTIONS,
    SOUND_WORDS,
    SOUNDS,
    TEMPO_WORDS,
)

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/prompts.md"


def page() -> str:
    """The page."""
    return f"""# What a prompt may say

The words by which [the studio](studio.md) reads `prompt`, then `style`, then `tags`. Their order does not
matter, nor do capitals, hyphens and accents. Fields of the request (`tempo_bpm`, `key`,
`duration_seconds`) win over all of them. `POST /generate/plan`, `client.generation.plan(...)` and
`amv generate --plan-only` show what came of a prompt: `understood` (each decision with the words that
made it), `not_understood` (words in which no wish was found), and `warnings` (what is done otherwise than
asked). This page is written from the tables themselves.

```console
$ amv generate "teckno in D dorian, 132 bpm, no bass, moonlight" --plan-only
```

## How it is read

- **Typos.** A word of five letters or more is taken for a word of these tables that is one letter away
  (two from ten letters on), if it begins alike. Short words and names of keys are never corrected.
- **No.** `no drums`, `without the piano or strings`, `not pop`, `drumless`, and `negative_tags`. What is
  refused is not chosen by chance either. `no bass` and `no guitar` mean all kinds of them.
- **Only.** `solo piano`, `only piano and strings`, `piano, nothing else` leave everybody else out.
- **Contradictions.** Of `60 bpm, 180 bpm` the first wins, and a warning (`contradiction`) says so. A
  metre in numbers wins over one in words: `waltz, 6/8` is 6/8.
- **Lengths.** `intro 8 bars, chorus 16 bars` are the sections in that order. What lies between opening
  and ending returns while there are bars left; what does not fit is cut, with a warning
  (`sections_do_not_fit`).

| warning | what is done |
|---|---|
| `contradiction` | the first of two tempos, keys or metres was taken; who is asked for and refused rests |
| `second_genre` | the first of two genres was taken |
| `key_nearest` | a church mode is played as major or minor on the same tonic |
| `time_signature_nearest`, `time_signature_unsupported` | another metre is played |
| `time_signature_too_long` | a shorter bar is played, because the piece is too short for one |
| `no_instrument_left`, `no_genre_left` | everything was refused: one plays nevertheless |
| `tempo_out_of_range` | a tempo below 40 or above 240 was left alone |
| `instrument_substituted` | another instrument plays in its place |
| `plan_followed` | a field of the request says another duration, tempo or key than the plan that was sent |
| `sections_do_not_fit` | sections were cut |

## Genres

A name, or an adjective ("jazzy") where no name stands beside it. A hint only counts where nothing else
says what is wanted.

{table(("genre", "names", "adjectives", "hints"), genres())}

## Moods

{table(("mood", "words"), by_meaning(MOODS, MOOD_WORDS))}

## Tempo

In numbers: `80 bpm`, `bpm 80`, `tempo: 80`, `at 80`, `80 beats per minute`, `120-130 bpm` (its middle),
40 to 240. In words, within the genre's range: {within(TEMPO_WORDS)}.

## Keys and modes

`in A minor`, `F# major`, `C#m`, `Bbm`, `Cmaj`, `in the key of D`, `in A` (major), `in a minor key` (any
tonic). The studio plays major and natural minor; others become the one with the same third:

{table(("mode", "is played as"), ((mode, own) for mode, own in MODES.items() if mode not in OWN_MODES))}

## Metres

{", ".join(f"`{metre}`" for metre in METRES)}. Tempos of 6/8 count dotted beats, two to a bar.

{table(("words", "metre"), [*METRE_WORDS.items(), *NEAREST_METRES.items()])}

## Instruments

{table(("instrument", "words"), by_meaning(INSTRUMENTS, INSTRUMENT_WORDS))}

A `guitar` or a `bass` is the genre's own. What the studio cannot play is replaced, with a warning:

{table(("asked for", "plays"), SUBSTITUTES.items())}

## Sound

{table(("sound", "words", "treble dB", "up to Hz", "room dB", "width"), sounds())}

## Eras

{table(("era", "words"), by_meaning(dict.fromkeys(ERAS.values()), ERAS))}

An era alone hints at a genre (see above).

## Sections

With a number of bars: {", ".join(f"`{word}`" for word in SECTIONS)}.

## Further languages

{"".join(map(language, LANGUAGES))}
A language joins as one more table in `aimusicverse/engines/studio/words/languages.py`. Words that no
table has are listed in `not_understood`; without a word it knows, the studio picks a genre from the text
itself, and the same text gets the same genre.
"""


def genres() -> Iterable[tuple[str, ...]]:
    """Every genre with its words by strength."""
    for genre in GENRES:
        yield (
            genre,
            *(
                ", ".join(
                    phrase
                    for phrase, meanings in sorted(lexicon.lexicon().items())
                    if lexicon.Meaning("genre", genre, strength) in meanings
                )
                for strength in (lexicon.NAME, lexicon.ADJECTIVE, lexicon.HINT)
            ),
        )


def by_meaning(names: Iterable[str], words: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Each name with the words that mean it."""
    for name in names:
        yield name, ", ".join(word for word, meaning in words.items() if meaning == name and word != name)


def within(tempos: Mapping[str, float]) -> str:
    """Tempo words from the slowest on."""
    return ", ".join(f"`{word}`" for word, _ in sorted(tempos.items(), key=lambda one: one[1]))


def sounds() -> Iterable[tuple[str, ...]]:
    """Every sound with what it does."""
    for name, words in by_meaning(SOUNDS, SOUND_WORDS):
        sound = SOUNDS[name]
        top = f"{sound.top_hz:g}" if sound.top_hz < 22050 else ""
        yield name, words, f"{sound.tilt_db:+g}", top, f"{sound.room_db:+g}", f"{sound.width:g}"


def language(one: Language) -> str:
    """A language's words, and how it names keys."""
    rows = ((word.replace("*", "…"), meaning) for word, meaning in one.words.items())
    notes = ", ".join(one.notes)
    keys = f"Keys: {notes}, with {' or '.join(one.modes)}."
    return f"### {one.name}\n\n{keys}\n\n{table(('word', 'means'), rows)}\n\n"


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def main(arguments: list[str]) -> int:
    """Write, or check."""
    wanted = page()
    if PAGE.exists() and PAGE.read_text("utf-8") == wanted:
        return 0
    if "--check" in arguments:
        print(f"stale: {PAGE.relative_to(ROOT)}; run python scripts/write_prompts.py", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, "utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
