"""What `amv webhooks check` says: a line a case as it comes, and what came of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aimusicverse.cli.safe_text import one_line
from aimusicverse.webhooks.receiver_verdicts import Verdict

if TYPE_CHECKING:
    from aimusicverse.cli.output import Output


def show(output: Output, verdict: Verdict) -> None:
    """One case. With `--json` a person is told on standard error that it goes on."""
    mark = "ok" if verdict.right else "WRONG"
    if output.json:
        if output.with_person:
            output.note(f"{mark:<5}  {verdict.case.name}")
    elif not (output.quiet and verdict.right):
        cells = [mark, verdict.case.name, one_line(verdict.did), *([verdict.text] * bool(verdict.text))]
        if output.to_terminal:
            output.line(f"{mark:<5}  {verdict.case.name:<19}  {': '.join(cells[2:])}")
        else:
            output.line("\t".join(cells))


def sum_up(output: Output, verdicts: Sequence[Verdict], *, url: str) -> None:
    """All of them.

    Args:
        output: where to.
        verdicts: one a case.
        url: of the receiver, as it may be shown.
    """
    wrong = sum(not verdict.right for verdict in verdicts)
    advice = _advice(verdicts)
    if output.json:
        output.object(
            {
                "url": url,
                "right": len(verdicts) - wrong,
                "wrong": wrong,
                "advice": advice,
                "cases": [_as_json(verdict) for verdict in verdicts],
            }
        )
        return
    taken = sum(verdict.seconds for verdict in verdicts)
    output.note(f"{len(verdicts)} cases, {f'{wrong} wrong' if wrong else 'all right'} ({taken:.1f} s)")
    if advice:
        output.note(advice)


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "case": verdict.case.name,
        "sent": verdict.case.sent,
        "expected": verdict.case.expected,
        "verdict": verdict.code,
        "did": verdict.did,
        "statuses": verdict.statuses,
        "seconds": round(verdict.seconds, 3),
        "text": verdict.text or None,
    }


def _advice(verdicts: Sequence[Verdict]) -> str | None:
    """What to look at first, if even a genuine message was not accepted."""
    valid = next((verdict for verdict in verdicts if verdict.case.name == "valid"), None)
    if valid is None or valid.right or not valid.statuses:
        return None
    status = valid.statuses[0]
    if status in (404, 405):
        return f"A genuine message got {status}: is that the receiver's path, and does it take POST?"
    if 300 <= status < 400:
        return f"A genuine message got {status}: redirects are not followed, so name where they lead."
    return (
        "A genuine message was not accepted, so that others were refused says little. Has the receiver this "
        "secret, is its clock right, and does it take such events (--event, --data)?"
    )
