"""Whether a receiver did the right thing with what it was tried out with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from aimusicverse.webhooks.receiver_cases import Case, Expected

#: What became of a message that got no answer.
Silence = Literal["timed_out", "cut", "unreachable"]
#: `right`, or what is wrong: `accepted_forged`; `refused_genuine`; `crashed`: a 5xx, whatever was sent;
#: `unclear`: an answer that neither accepts nor refuses; what became of a message without an answer; and
#: `not_run`: the time for all cases was over.
Code = Literal["right", "accepted_forged", "refused_genuine", "crashed", "unclear", Silence, "not_run"]

#: They refuse, but have not judged: the request came too slowly, or there were too many.
_NOT_JUDGED = (408, 429)
_SILENCES: dict[Silence, str] = {
    "timed_out": "gave no answer in time",
    "cut": "closed the connection without an answer",
    "unreachable": "took no connection",
}
_HAS_TO: dict[Expected, str] = {
    "accept": "has to accept (2xx)",
    "refuse": "has to refuse (4xx)",
    "answer": "has to accept or refuse (2xx, 4xx)",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one message.

    Attributes:
        status: of HTTP; None without an answer.
        silence: what became of it instead.
        detail: more about that, in the system's words.
        seconds: how long it took.
    """

    status: int | None
    silence: Silence | None = None
    detail: str = ""
    seconds: float = 0.0

    @property
    def did(self) -> str:
        """In words."""
        if self.status is None:
            return _SILENCES[self.silence or "cut"] + (f" ({self.detail})" if self.detail else "")
        return f"{_kind(self.status)} ({self.status})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about a case.

    Attributes:
        case: what was sent.
        code: `right`, or what is wrong.
        did: what the receiver did, in words.
        text: what it had to do, and why; empty when it did.
        statuses: of each message that got an answer.
        seconds: how long it took.
    """

    case: Case
    code: Code
    did: str
    text: str
    statuses: tuple[int, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return self.code == "right"


def judge(case: Case, answers: Sequence[Answer]) -> Verdict:
    """Say whether that was right.

    A 2xx accepts, a 4xx refuses; but 408 and 429 say nothing about the message, nor does a 3xx.

    Args:
        case: what was sent.
        answers: for each of its messages; none, if the time for all was over.
    """
    code: Code = "right" if answers else "not_run"
    has_to = ""
    for expected, answer in zip(case.expected, answers, strict=False):
        if (found := _one(expected, answer, case.may_cut)) != "right":
            code, has_to = found, f"{_HAS_TO[expected]} {case.sent}: {case.because}"
            break
    return Verdict(
        case,
        code,
        ", then ".join(answer.did for answer in answers) or "was not asked",
        "the time for all cases was over" if code == "not_run" else has_to,
        tuple(answer.status for answer in answers if answer.status is not None),
        sum(answer.seconds for answer in answers),
    )


def _one(expected: Expected, answer: Answer, may_cut: bool) -> Code:
    if answer.status is None:
        return "right" if may_cut and answer.silence == "cut" else answer.silence or "cut"
    kind = _kind(answer.status)
    if kind in ("accepted", "refused"):
        if expected == "accept" and kind == "refused":
            return "refused_genuine"
        if expected == "refuse" and kind == "accepted":
            return "accepted_forged"
        return "right"
    return "crashed" if kind == "crashed" else "unclear"


def _kind(status: int) -> str:
    if status in _NOT_JUDGED:
        return "did not judge"
    kinds = {2: "accepted", 3: "redirected", 4: "refused", 5: "crashed"}
    return kinds.get(status // 100, "answered strangely")
