"""The pages of a prepared folder that a person reads, as Markdown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimusicverse.release.ai_answers import OPEN, AiAnswer
from aimusicverse.release.reports.told import name_of
from aimusicverse.release.targets import Distributor, Store
from aimusicverse.release.toml_file import TomlFile
from aimusicverse.release.toml_whereabouts import whereabouts
from aimusicverse.types.release import Release

if TYPE_CHECKING:
    from aimusicverse.release.left_to_do import Task
    from aimusicverse.release.preparing import Prepared

#: What Markdown would take for itself. What is no character is shown as one that says so.
#: An underscore within a word is none of it: p_line stays p_line.
_MEANT: Final = re.compile(r"([\\`*{}\[\]<>#|]|(?<![^\W_])_|_(?![^\W_]))")
#: What is to be written as it stands: `composers = ["First Last"]`, and commands.
_CODE: Final = re.compile(
    r"\w+ = (?:\[\"[^\]`]*\"\]|\"[^\"`]*\"|\{[^}`]*\}|true\b|false\b)|\bamv release \w+"
)
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
#: So many places are named of what is to be done in many.
_PLACES: Final = 12
_NUMBERED: Final = re.compile(r"(.+) (\d{1,6})", re.DOTALL)
_FILES: Final = (
    ("release.toml", "the release; edit it, it has a line of explanation for each key"),
    ("report.json", "what the rules of each store and distributor say, one by one"),
    ("ai-answers.md", "the questions about machines, answered from release.toml"),
    ("proof.json", "how it came to be: generator, prompt, seed, licence, dates, hashes of the files"),
    ("cover.jpg", "the cover"),
    ("master/", "the sound"),
    ("distrokid/", "all files named as the form wants them, and checklist.md with its answers in order"),
    ("packages/", "what can be handed over, a folder for each store"),
)


def readme(
    file: TomlFile[Release],
    prepared: Prepared,
    stores: Sequence[Store],
    via: Distributor | None,
    now: datetime,
) -> str:
    """What is left to do, what was done, and what is what.

    Args:
        file: the `release.toml` of the folder.
        prepared: what came of it.
        stores: where it goes.
        via: who brings it there.
        now: the moment.
    """
    return "\n".join(_readme(file, prepared, stores, via, now)) + "\n"


def _readme(
    file: TomlFile[Release],
    prepared: Prepared,
    stores: Sequence[Store],
    via: Distributor | None,
    now: datetime,
) -> Iterator[str]:
    release = file.value
    where = ", ".join(store.name for store in stores)
    by = f" by {via.name}" if via else ""
    yield f"# {safe(release.title)}: what is left to do"
    yield ""
    yield f"Prepared on {now:%Y-%m-%d} for {where}{by}. {_verdict(prepared)}"
    yield ""
    yield "It was judged by every published rule that aimusicverse knows, and by no more: a store may"
    yield "refuse it for other reasons."
    yield ""
    if any(task.fields for task in prepared.left):
        yield "A key that is not used yet stands behind a `#` in `release.toml`: take that away."
        yield ""
    for number, task in enumerate(prepared.left, 1):
        yield from _task(number, task, file)
    yield ""
    yield "When `release.toml` is filled in, open a terminal in this folder, and make the next one beside it:"
    yield ""
    to, with_ = ",".join(store.id for store in stores), f" --via {via.id}" if via else ""
    next_one = shlex.quote(f"../{_next_name(prepared.folder.absolute())}")
    yield f"    amv release prepare release.toml --to {to}{with_} -o {next_one}"
    if prepared.done:
        yield ""
        yield "## What was done"
        yield ""
        yield from (f"- {safe(what)}" for what in prepared.done)
    yield ""
    yield "## What is what"
    yield ""
    yield "| | |"
    yield "|---|---|"
    made = {"distrokid/": "distrokid" in prepared.packages, "packages/": _has_packages(prepared)}
    yield from (f"| `{name}` | {what} |" for name, what in _FILES if made.get(name, True))


def _verdict(prepared: Prepared) -> str:
    blocked = [name_of(target.target) for target in prepared.report.targets if target.blocking]
    if blocked:
        return f"**As it is, it cannot go: {', '.join(blocked)} would not take it.**"
    if any(task.blocking for task in prepared.left):
        return "**No rule blocks it; a package could not be made yet.**"
    return "**No rule blocks it.**"


def _has_packages(prepared: Prepared) -> bool:
    return any(name.startswith("packages/") for name in prepared.packages)


def _next_name(folder: Path) -> str:
    """`Song` → `Song 2` → `Song 3`: the first that is not there. A hint is no promise: later it may be."""
    name, number = folder.name, 1
    if found := _NUMBERED.fullmatch(name):
        name, number = found.group(1), int(found.group(2))
    taken = {path.name for path in folder.parent.iterdir()}
    return next(new for new in (f"{name} {number + more}" for more in count(1)) if new not in taken)


def _task(number: int, task: Task, file: TomlFile[Release]) -> Iterator[str]:
    mark = "**Needed.** " if task.blocking else ""
    yield f"{number}. [ ] {mark}{safe(task.what)}"
    yield f"    - {_instruction(task.how)}"
    if task.example is not None:
        yield f"    - For example: {_code(task.example)}"
    if task.fields:
        places = list(dict.fromkeys(whereabouts(file, field) for field in task.fields))
        more = f"; and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
        yield f"    - In `release.toml`: {'; '.join(places[:_PLACES])}{more}"
    yield f"    - For {', '.join(task.targets)}"


def answers_page(release: Release, answers: Iterable[AiAnswer]) -> str:
    """The questions about machines with their answers, for each who asks."""
    return "\n".join(_answers(release, list(answers))) + "\n"


def _answers(release: Release, answers: list[AiAnswer]) -> Iterator[str]:
    yield f"# {safe(release.title)}: what a machine made"
    yield ""
    if not answers:
        yield "None of these stores asks about it."
        return
    yield "The answers follow from `[ai]` in release.toml. Where there is a **?**, only you can say."
    for target in dict.fromkeys(answer.target for answer in answers):
        mine = [answer for answer in answers if answer.target == target]
        yield ""
        yield f"## {name_of(target)}"
        yield ""
        yield "| track | question | answer |"
        yield "|---|---|---|"
        for answer in mine:
            told = f"**{OPEN}**" if answer.answer == OPEN else safe(answer.answer)
            yield f"| {_track(release, answer)} | {safe(answer.question)} | {told} |"
        yield ""
        yield f"Source: {mine[0].source}"


def _track(release: Release, answer: AiAnswer) -> str:
    if answer.track is None:
        return "all"
    return f"{answer.track}. {safe(release.tracks[answer.track - 1].title)}"


def _instruction(text: str) -> str:
    """What to do; what is to be copied from it is code, which has no backslashes."""
    parts, at = [], 0
    for found in _CODE.finditer(text):
        parts += [safe(text[at : found.start()]), _code(found.group())]
        at = found.end()
    return "".join([*parts, safe(text[at:])])


def _code(text: str) -> str:
    """Something to be copied."""
    plain = _HALF.sub("\ufffd", _UNSEEN.sub(" ", text))
    return safe(text) if "`" in plain else f"`{plain}`"


def safe(text: str) -> str:
    """Text of a user's within a line of Markdown: it looks as it is written, and does nothing."""
    return _MEANT.sub(r"\\\1", _HALF.sub("\ufffd", _UNSEEN.sub(" ", text)))
