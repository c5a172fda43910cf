"""What is left to do before a release can go: what rules found, what nobody answered, how it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aimusicverse.release.ai_answers import OPEN, AiAnswer
from aimusicverse.release.package_error import Obstacle
from aimusicverse.release.reports.told import name_of
from aimusicverse.release.targets import Distributor, Store
from aimusicverse.release.toml_places import parsed
from aimusicverse.types.release import Release
from aimusicverse.types.validation import Finding, ValidationReport

_SEVERITIES: Final = ("error", "warning")
_PROVIDERS: Final = "Else choose a distributor: amv release where"
_BATCH: Final = "The file BatchComplete goes last."
#: How a person brings it there himself (docs/stores).
_BY_ONESELF: Final = {
    "spotify": "Spotify takes releases from approved providers only. If you are one, upload the batch by "
    f"SFTP. {_BATCH} {_PROVIDERS}",
    "apple_music": "Apple Music takes releases from partners and encoding houses only. If you are one, send "
    f"the .itmsp folder by Transporter. {_PROVIDERS}",
    "youtube_music": "Make a video of the cover and the sound, upload it at studio.youtube.com, and answer "
    "its question about altered content as in ai-answers.md.",
    "soundcloud": "Upload master/ and the cover at soundcloud.com/upload, private until the date.",
    "ddex": f"Send the batch as agreed with the receiver. {_BATCH}",
    "ddex_43": f"Send the batch as agreed with the receiver. {_BATCH}",
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person does.

    Args:
        what: in a sentence.
        how: what to change, or where to go.
        fields: of `release.toml`, in the long form; empty when it is nothing that is written there.
        blocking: whether the release cannot go before it is done.
        targets: whom it is for.
        example: something that passes, as it would be written; `None`: there is none.
    """

    what: str
    how: str
    fields: tuple[str, ...]
    blocking: bool
    targets: tuple[str, ...]
    example: str | None = None


def left_to_do(
    report: ValidationReport,
    answers: Sequence[AiAnswer],
    stores: Sequence[Store],
    via: Distributor | None,
    obstacles: Iterable[tuple[str, Obstacle]] = (),
    unanswered: Sequence[str] = (),
) -> list[Task]:
    """All of it, what blocks first, and the delivery last.

    Args:
        report: what rules say.
        answers: to the questions about machines.
        stores: where it goes.
        via: who brings it there.
        obstacles: what stood in the way of a package, each with the target that it was for.
        unanswered: questions of the distributor's form that the release has no answer to.
    """
    tasks = [*_of_findings(report), *_of_obstacles(obstacles, report), *_of_answers(answers)]
    return [*sorted(tasks, key=lambda task: not task.blocking), *_deliver(stores, via, unanswered)]


def _of_findings(report: ValidationReport) -> Iterator[Task]:
    """Findings of a rule that are done with in the same way are one task: nobody reads the same twice."""
    found: dict[tuple[str, str, str], list[tuple[str, Finding]]] = {}
    for target in report.targets:
        for finding in target.findings:
            if finding.severity in _SEVERITIES:
                same = (finding.rule, finding.field, finding.message)
                found.setdefault(same, []).append((target.target, finding))
    alike: dict[tuple[str, str, bool, tuple[str, ...]], list[Finding]] = {}
    for at in found.values():
        first = at[0][1]
        how = f"{first.fix} What passes: {first.passes.rstrip('.')}."
        blocking = any(finding.blocking for _, finding in at)
        targets = tuple(dict.fromkeys(name_of(target) for target, _ in at))
        alike.setdefault((first.rule, how, blocking, targets), []).append(first)
    for (rule, how, blocking, targets), findings in alike.items():
        what = f"{_together([finding.message for finding in findings])} ({rule})"
        fields = tuple(dict.fromkeys(finding.field for finding in findings))
        yield Task(what, how, fields, blocking, targets, findings[0].example)


def _together(messages: Sequence[str]) -> str:
    """Two are told as they are; of more only the first, and how many there are."""
    told = list(dict.fromkeys(messages))
    return " ".join(told) if len(told) < 3 else f"{told[0]} And {len(told) - 1} more like it."


def _of_obstacles(obstacles: Iterable[tuple[str, Obstacle]], report: ValidationReport) -> Iterator[Task]:
    """What no rule has found already."""
    found = {(target.target, finding.field) for target in report.targets for finding in target.findings}
    for target, obstacle in obstacles:
        if (target, obstacle.field) not in found:
            what = f"{obstacle.field}: {obstacle.message}"
            first, *_ = (*parsed(obstacle.field), None)
            fields = (obstacle.field,) if first in Release.model_fields else ()
            yield Task(what, obstacle.fix, fields, blocking=True, targets=(name_of(target),))


def _of_answers(answers: Iterable[AiAnswer]) -> Iterator[Task]:
    """Only what the disclosure has no field for: the rest is a finding already."""
    for answer in answers:
        if answer.answer == OPEN and "persona" in answer.question:
            yield Task(
                what=f"Nobody but you can say: {answer.question} (track {answer.track})",
                how="Answer it in the form when you upload.",
                fields=(),
                blocking=False,
                targets=(name_of(answer.target),),
            )


def _deliver(stores: Sequence[Store], via: Distributor | None, unanswered: Sequence[str]) -> Iterator[Task]:
    if via is not None:
        names = tuple(store.name for store in stores)
        still = f" Without an answer of release.toml yet: {'; '.join(unanswered)}." if unanswered else ""
        how = (
            f"Follow distrokid/checklist.md: what the form is known to ask, with answers.{still}"
            if via.id == "distrokid"
            else "Upload master/ and the cover there. release.toml and ai-answers.md have the answers."
        )
        yield Task(f"Bring it to {via.name}.", how, (), blocking=False, targets=names)
        return
    for store in stores:
        yield Task(
            f"Bring it to {store.name}.", _BY_ONESELF[store.id], (), blocking=False, targets=(store.name,)
        )
