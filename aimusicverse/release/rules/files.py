"""Files that a release names: that they are there, and can be looked into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

_OURS: Final = "aimusicverse: what is named has to be delivered"


def _is_unknown(code: str) -> bool:
    """Whether a file may be as good as any, but is of a kind that cannot be looked into here."""
    return code.startswith("unsupported") or code == "too_long"


def _with(judge: Callable[[str], bool]) -> Callable[[Case], Iterator[Found]]:
    def test(case: Case) -> Iterator[Found]:
        for problem in case.problems:
            if judge(problem.code):
                yield Found(problem.field, problem.name, words={"why": problem.message.rstrip(".")})

    return test


RULES: Final = (
    Rule(
        id="FILE-MISSING",
        group=Group.FILES,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].file",
        test=_with(lambda code: code == "missing"),
        message="There is no file {value!r}: {why}.",
        passes="the path of a file, seen from the folder of release.toml",
        fix="Write the name as the file has it, or put the file there.",
        example="masters/paper-lanterns.wav",
        source=_OURS,
        evidence=frozenset({Evidence.VERIFIED}),
    ),
    Rule(
        id="FILE-UNREADABLE",
        group=Group.FILES,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].file",
        test=_with(lambda code: code != "missing" and not _is_unknown(code)),
        message="{value!r} cannot be read: {why}.",
        passes="a whole sound file (WAV, FLAC), and for the cover a whole picture (JPEG, PNG)",
        fix="Export it anew from the program that made it.",
        example="masters/paper-lanterns.wav",
        source=_OURS,
        evidence=frozenset({Evidence.VERIFIED}),
    ),
    Rule(
        id="FILE-UNKNOWN",
        group=Group.FILES,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].file",
        test=_with(_is_unknown),
        message="{value!r} was not looked into: {why}.",
        passes="WAV or FLAC, and for the cover JPEG or PNG: then rules of sound and picture are judged, too",
        fix="Export it as WAV or FLAC, or look yourself whether it is as the store wants it.",
        example="masters/paper-lanterns.flac",
        source=_OURS,
        evidence=frozenset({Evidence.OWN}),
    ),
)
