"""The pages of a prepared folder that a person reads, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aimusicverse.release.ai_answers import OPEN, AiAnswer
from aimusicverse.release.reports.told import name_of
from aimusicverse.release.targets import Distributor, Store
from aimusicverse.types.release import Release

if TYPE_CHECKING:
    from aimusicverse.release.left_to_do import Task
    from aimusicverse.release.preparing import Prepared

#: What Markdown would take for itself. What is no character is shown as one that says so.
_MEANT: Final = re.compile(r"([\\`*_{}\[\]<>#|])")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
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
    release: Release, prepared: Prepared, stores: Sequence[Store], via: Distributor | None, now: datetime
) -> str:
    """What is left to do, what was done, and what is what."""
    return "\n".join(_readme(release, prepared, stores, via, now)) + "\n"


def _readme(
    release: Release, prepared: Prepared, stores: Sequence[Store], via: Distributor | None, now: datetime
) -> Iterator[str]:
    where = ", ".join(store.name for store in stores)
    by = f" by {via.name}" if via else ""
    yield f"# {safe(release.title)}: what is left to do"
    yield ""
    yield f"Prepared on {now:%Y-%m-%d} for {where}{by}. {_verdict(prepared)}"
    yield ""
    yield "It was judged by every published rule that aimusicverse knows, and by no more: a store may"
    yield "refuse it for other reasons."
    yield ""
    number = 0
    for number, task in enumerate(prepared.left, 1):
        yield from _task(number, task)
    yield ""
    yield "When `release.toml` is filled in, make the folder anew, under another name:"
    yield ""
    to, with_ = ",".join(store.id for store in stores), f" --via {via.id}" if via else ""
    yield f"    amv release prepare release.toml --to {to}{with_} -o ../next"
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


def _task(number: int, task: Task) -> Iterator[str]:
    mark = "**Needed.** " if task.blocking else ""
    yield f"{number}. [ ] {mark}{safe(task.what)}"
    yield f"    - {safe(task.how)}"
    if task.where is not None:
        yield f"    - In `release.toml`: {safe(task.where)}"
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


def safe(text: str) -> str:
    """Text of a user's within a line of Markdown: it looks as it is written, and does nothing."""
    return _MEANT.sub(r"\\\1", _HALF.sub("\ufffd", _UNSEEN.sub(" ", text)))
