"""Hold the studio's melodies against people's, and print one table a genre.

    python -m benchmarks.human_statistics                       needs pip install -e '.[judges]' (music21)
    python -m benchmarks.human_statistics --keep FILE.json      the human percentiles stay there …
    python -m benchmarks.human_statistics --human FILE.json     … and need not be counted again
    python -m benchmarks.human_statistics --write docs/engine-statistics.md

People's melodies come from music21's corpus, where it has the genre: the first violin of string quartets by
Haydn, Mozart and Beethoven and two piano pieces (classical), songs of the Essen collection, fiddle tunes of
Ryan and O'Neill and the Nottingham collection (folk), two rags (jazz: the nearest there is, and only a
handful of windows). They are counted in windows of 16 bars; so are the studio's leads, twelve seeds of two
minutes each.

Exits with 1 when fewer than 80 % of a genre's figures lie between the 5th and 95th human percentile.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate
from benchmarks.melody_figures import Line, figures, windows

#: Genre → (paths or folders in the corpus, how many pieces of each at most).
SOURCES: dict[str, tuple[tuple[str, int], ...]] = {
    "classical": (
        ("haydn/opus1no1", 5), ("haydn/opus74no1", 4), ("mozart/k155", 3), ("mozart/k156", 4),
        ("mozart/k458", 4), ("mozart/k80", 4), ("beethoven/opus18no1", 4), ("beethoven/opus59no1", 4),
        ("mozart/k545", 1), ("chopin", 1),
    ),
    "folk": (
        ("essenFolksong/altdeu10.abc", 60), ("essenFolksong/erk10.abc", 60), ("essenFolksong/irl.abc", 62),
        ("essenFolksong/boehme10.abc", 60), ("nottingham-dataset", 40),
        ("ryansMammoth", 60), ("oneills1850", 2),
    ),
    "jazz": (("joplin", 1), ("leadSheet/berlinAlexandersRagtime.mxl", 1)),
}  # fmt: skip
SEEDS, SECONDS, BAR = range(1, 13), 120, 0.8
BEGIN, END = "<!-- human statistics -->", "<!-- end of human statistics -->"


def main() -> int:
    """Count both, print; 0 when every genre is within the human range often enough."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--keep", type=Path)
    options.add_argument("--human", type=Path)
    options.add_argument("--write", type=Path, help="a page with markers between which the tables go")
    given = options.parse_args()
    human = json.loads(given.human.read_text()) if given.human else ranges_of_people()
    if given.keep:
        given.keep.write_text(json.dumps(human, indent=1))
    tables, shares = [], {}
    for genre, told in human.items():
        table, shares[genre] = compare(genre, told)
        tables.append(table)
    text = "\n\n".join(tables)
    print(
        text + "\n\nwithin the human range: " + ", ".join(f"{g} {share:.0%}" for g, share in shares.items())
    )
    if given.write:
        before, _, rest = given.write.read_text("utf-8").partition(BEGIN)
        given.write.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", "utf-8")
    return 1 if min(shares.values()) < BAR else 0


def compare(genre: str, human: dict[str, Any]) -> tuple[str, float]:
    """A genre's table; the share of all figures of all windows that are within the human range."""
    ours = [told for seed in SEEDS for told in of_studio(genre, seed)]
    rows, inside, total = [], 0, 0
    for name, (low, middle, high) in human["figures"].items():
        values = sorted(told[name] for told in ours if name in told)
        if not values:
            continue
        within = sum(low - 1e-9 <= value <= high + 1e-9 for value in values)
        inside, total = inside + within, total + len(values)
        own = [at(values, share) for share in (0.05, 0.5, 0.95)]
        flag = "" if within / len(values) >= BAR else " ←"
        rows.append(
            f"| {name} | {low:.2f}–{high:.2f} ({middle:.2f}) | {own[0]:.2f}–{own[2]:.2f} ({own[1]:.2f})"
            f" | {within / len(values):.0%}{flag} |"
        )
    head = (
        f"### {genre.capitalize()}\n\n{human['windows']} windows of {human['pieces']} pieces by people, "
        f"{len(ours)} of ours: **{inside / total:.0%}** of {total} figures within.\n\n"
        "| figure | people, 5–95 % (median) | ours, 5–95 % (median) | ours within |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows), inside / total


def of_studio(genre: str, seed: int) -> list[dict[str, float]]:
    """The figures of every window of a piece's first lead."""
    score = write_score(make_plan(GenerationCreate(prompt=genre, duration_seconds=SECONDS), seed))
    beats = float(score.frame.beats_per_bar)
    line: list[tuple[float, float, int]] = []
    for part in (part for part in score.parts if part.role == "lead"):
        line = skyline([(note.start, note.beats, note.pitch) for note in part.notes])
        break
    return [figures(window, beats) for window in windows(line, beats)]


def skyline(notes: Line) -> list[tuple[float, float, int]]:
    """The highest note of each onset."""
    highest: dict[float, tuple[float, float, int]] = {}
    for note in notes:
        at_onset = round(note[0], 4)
        if at_onset not in highest or note[2] > highest[at_onset][2]:
            highest[at_onset] = note
    return [highest[start] for start in sorted(highest)]


def at(values: list[float], share: float) -> float:
    """The value below which that share of the sorted ones lies, by linear interpolation."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def ranges_of_people() -> dict[str, dict[str, Any]]:
    """Per genre: how many pieces and windows, and of each figure the 5th, 50th and 95th percentile."""
    told: dict[str, dict[str, Any]] = {}
    for genre, sources in SOURCES.items():
        pieces, counted = 0, []
        for source, most in sources:
            for line, beats in melodies(source, most):
                found = [figures(window, beats) for window in windows(line, beats)]
                pieces, counted = pieces + bool(found), counted + found
        names = list(dict.fromkeys(name for one in counted for name in one))
        values = {name: sorted(one[name] for one in counted if name in one) for name in names}
        told[genre] = {
            "pieces": pieces,
            "windows": len(counted),
            "figures": {n: [at(v, share) for share in (0.05, 0.5, 0.95)] for n, v in values.items()},
        }
    return told


def melodies(source: str, most: int) -> Iterator[tuple[Line, float]]:
    """The top part of every piece, and the quarters in its bar; pieces that change metre are left out."""
    from music21 import common, converter

    path = Path(common.getCorpusFilePath()) / source
    paths = (
        sorted(p for p in path.rglob("*") if p.suffix in (".mxl", ".krn", ".abc"))
        if path.is_dir()
        else [path]
    )
    if any(p.suffix == ".mxl" for p in paths):
        paths = [p for p in paths if p.suffix == ".mxl"]
    left = most
    for file in paths:
        if left <= 0:
            return
        parsed = converter.parse(file)
        for piece in list(getattr(parsed, "scores", None) or [parsed])[:left]:
            left -= 1
            if (found := melody(piece)) is not None:
                yield found


def melody(piece: Any) -> tuple[Line, float] | None:
    """The top part of one piece."""
    part = piece.parts[0] if len(piece.parts) else piece
    metres = {sign.barDuration.quarterLength for sign in part.recurse().getElementsByClass("TimeSignature")}
    if len(metres) != 1:
        return None
    flat = part.stripTies().flatten()
    shift = 0.0
    bars = list(part.getElementsByClass("Measure"))
    beats = float(metres.pop())
    if bars and 0 < float(bars[0].duration.quarterLength) < beats:  # an upbeat: the bar line comes after it
        shift = beats - float(bars[0].duration.quarterLength)
    notes = [
        (float(one.offset) + shift, float(one.quarterLength), max(pitch.midi for pitch in one.pitches))
        for one in flat.notes
        if one.pitches and one.quarterLength > 0
    ]
    return skyline(notes), beats


if __name__ == "__main__":
    sys.exit(main())
