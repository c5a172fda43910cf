"""What `amv webhooks listen` says. With `--json` an object a line on standard output, each with its `kind`:
`ready`, `event`, `forwarded`, `reconnecting`, `waiting`, `another_log`, `caught_up`, `done`. Else a line for
each event that was forwarded, and the rest on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aimusicverse.cli.output import Output, to_json
from aimusicverse.cli.safe_text import one_line
from aimusicverse.cli.webhooks.forwarding import accepted
from aimusicverse.types.base import rfc3339

if TYPE_CHECKING:
    from aimusicverse.types import DeliveryAttempt, Event

_GREEN, _RED = "32", "31"
#: Of an answer, so much is shown to a person.
_SHOWN = 300


class ListenView:
    """One run."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def ready(self, server: str, forward_to: str, patterns: Sequence[str], after: int) -> None:
        """From now on nothing is missed."""
        if self._told("ready", server=server, forward_to=forward_to, events=list(patterns), after=after):
            return
        which = "" if list(patterns) == ["*"] else f" ({', '.join(patterns)})"
        self._output.note(
            f"Ready: events of {server}{which} go to {forward_to}. Ctrl-C ends it.\n"
            "They are signed by this machine's own secret: amv webhooks listen --print-secret"
        )

    def event(self, event: Event) -> None:
        """It came, and is about to be forwarded."""
        self._told("event", **event.model_dump(mode="json"))

    def forwarded(self, event: Event, attempt: DeliveryAttempt, *, next_in: float | None) -> None:
        """It was forwarded, well or badly.

        Args:
            event: which.
            attempt: what came of it.
            next_in: seconds until it is tried again; None: it is not.
        """
        about = {"id": event.id, "seq": event.seq, "type": event.type, "accepted": accepted(attempt)}
        if self._told(
            "forwarded", **about, **attempt.model_dump(mode="json"), next_attempt_in_seconds=next_in
        ):
            return
        output = self._output
        status = str(attempt.status_code or attempt.error)
        taken = f"{attempt.duration_ms:.0f} ms"
        if not output.to_terminal:
            cells = [str(event.seq), rfc3339(event.timestamp), event.type, event.id, status, taken]
            output.line("\t".join(one_line(cell) for cell in cells))
            return
        color = _GREEN if accepted(attempt) else _RED
        output.line(
            f"{event.timestamp.astimezone():%H:%M:%S}  {one_line(event.type):<27}  {event.id}  "
            f"{output.styled(status, color, sys.stdout)}  {taken}"
        )
        if not accepted(attempt):
            answered = (attempt.response_body or attempt.error_detail or "").strip()
            if answered:
                output.line(f"          {one_line(answered[:_SHOWN])}")
            if next_in is not None:
                output.line(f"          again in {next_in:g} s")

    def reconnecting(self, reason: str, *, attempt: int, seconds: float) -> None:
        """The server is away."""
        told = self._told("reconnecting", reason=reason, attempt=attempt, in_seconds=round(seconds, 3))
        if not told and attempt & (attempt - 1) == 0:  # 1, 2, 4, 8, …: a long outage fills no screen
            again = f"trying again in {seconds:.1f} s (try {attempt})"
            self._output.warning(f"the server is away: {reason.rstrip('.')}; {again}")

    def waiting(self, seconds: float) -> None:
        """The allowance is used up."""
        if not self._told("waiting", reason="rate_limit", in_seconds=seconds):
            self._output.warning(f"the allowance is used up (amv whoami); going on in {seconds:.0f} s")

    def another_log(self, after: int) -> None:
        """Another log came back."""
        if not self._told("another_log", after=after):
            self._output.warning(f"this is another server, with a log of its own; going on after {after}")

    def caught_up(self, after: int, *, events: int) -> None:
        """What was missed has been told."""
        if not self._told("caught_up", after=after, events=events):
            self._output.note(f"Caught up: {_counted(events) if events else 'nothing was missed'}.")

    def done(self, forwarded: int, taken: int, after: int) -> None:
        """So many were wanted."""
        if not self._told("done", forwarded=forwarded, accepted=taken, after=after):
            self._output.note(f"{_counted(forwarded)} forwarded, {taken} accepted.")

    def _told(self, kind: str, **fields: Any) -> bool:
        """Whether a program was told."""
        if self._output.json:
            self._output.line(to_json({"kind": kind, **fields}))
        return self._output.json


def _counted(events: int) -> str:
    return f"{events} event{'' if events == 1 else 's'}"
