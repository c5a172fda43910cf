"""What will happen, said before it does: where to, when, what the rules say, what it costs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from aimusicverse.cli import exits, quote_view, release_time
from aimusicverse.cli.distributions.view import mode_word
from aimusicverse.cli.errors import CommandError
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from aimusicverse.cli.output import Output
    from aimusicverse.types import Finding, Outlet, Quote, TargetReport, TrackDistribution, ValidationReport

_RULES: Final = ("for", "severity", "rule", "field", "what")
_WORST_FIRST: Final = ("error", "warning", "info")


class Sheet:
    """Rows and lines: data of a dry run, words on the way of a real one."""

    def __init__(self, output: Output, *, data: bool) -> None:
        self._output = output
        self._data = data

    def line(self, label: str, value: str) -> None:
        """A label and what it is."""
        if self._data:
            self._output.line(f"{label}\t{one_line(value)}")
        else:
            self._output.note(f"{label:<9}{one_line(value)}")

    def findings(self, rows: Sequence[Sequence[str]]) -> None:
        """What rules say: rows of data; to read, each in full, however wide the terminal is."""
        if self._data:
            self.table(_RULES, rows, "what")
            return
        for targets, severity, rule, field, what in rows:
            self._output.note(f"{severity:<9}{one_line(f'{rule} ({targets}) {field}')}")
            self._output.note(f"         {one_line(what)}")

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], gives_way: str) -> None:
        """Rows under headings; nothing where there are none."""
        if not rows:
            return
        if self._data:
            self._output.table(headings, rows, gives_way=gives_way)
            return
        from aimusicverse.cli.table import fitted

        width = shutil.get_terminal_size().columns if self._output.with_person else 10_000
        safe = [[one_line(cell) for cell in row] for row in rows]
        place = list(headings).index(gives_way)
        for line in fitted([[head.upper() for head in headings], *safe], width=width, gives_way=place):
            self._output.note(f"  {line}" if not self._output.with_person else line)


def where_to(
    sheet: Sheet, title: str, platforms: Sequence[str], via: str | None, mode: str, at: datetime | None
) -> None:
    """What goes where, and when."""
    sheet.line("release", title)
    sheet.line("to", f"{', '.join(platforms)}{f' by {via}' if via else ''}")
    kit = "nothing is sent; you get a kit, and hand it over yourself"
    sheet.line("mode", f"{mode_word(mode)}: {kit if via else _MODES[mode]}")
    sheet.line("when", release_time.told(at) if at else "as soon as the stores are ready")


_MODES: Final = {
    "sandbox": "stand-in stores of the server, which nobody can hear",
    "live": "real stores, with your own accounts; people will hear it",
}


def already(sheet: Sheet, places: Iterable[TrackDistribution], platforms: Sequence[str], mode: str) -> None:
    """Where the sound is, or is on its way to: once more is once more in the store."""
    said: set[str] = set()
    for place in places:  # the newest first
        if place.mode == mode and place.platform in platforms and place.status not in _CAME_TO_NOTHING:
            if place.platform not in said:
                where = f"{place.platform} has it, or gets it: {place.distribution_id} ({place.status})"
                sheet.line("again", f"{where}. This is another distribution")
            said.add(place.platform)


_CAME_TO_NOTHING: Final = frozenset({"draft", "failed", "rejected", "cancelled", "taken_down"})


def rules(sheet: Sheet, report: ValidationReport) -> None:
    """All that the rules say, each once with all whom it concerns, the worst first; and what it comes to."""
    said: dict[tuple[str, str, str, str], list[str]] = {}
    for target in report.targets:
        for finding in target.findings:
            what = _told(finding)
            said.setdefault((finding.severity, finding.rule, finding.field, what), []).append(target.target)
    rows = [(", ".join(targets), *what) for what, targets in said.items()]
    rows.sort(key=lambda row: _WORST_FIRST.index(row[1]) if row[1] in _WORST_FIRST else len(_WORST_FIRST))
    sheet.findings(rows)
    refused = [target.target for target in report.targets if target.blocking]
    verdict = f"block {', '.join(refused)}" if refused else "nothing blocks it"
    sheet.line("rules", f"{verdict} (as of {report.rules_as_of})")


def _told(finding: Finding) -> str:
    """What is so, and what to do; where that is nothing, in a way that reads in a line."""
    fix = finding.fix
    return f"{finding.message} {f'To do: n{fix[1:]}' if fix.startswith('Nothing') else fix}"


def costs(sheet: Sheet, quote: Quote) -> None:
    """What it costs, as the server counts it."""
    sheet.table(quote_view.HEADINGS, quote_view.rows(quote), "source")
    for note in quote.notes:
        sheet.line("note", note)


def loudly(output: Output, platforms: Sequence[str], outlets: Sequence[Outlet], at: datetime | None) -> None:
    """What `--live` will do, where nobody can overlook it."""
    if output.json and not output.with_person:
        return
    output.tell(output.styled("LIVE: this goes to real stores, and people will hear it.", "1;31", sys.stderr))
    known = {one.id: one for one in outlets}
    for platform in platforms:
        outlet = known.get(platform)
        accounts = [
            one.account or "connected"
            for one in (outlet.connections if outlet else [])
            if one.mode == "live" and one.status == "connected"
        ]
        how = (outlet.connector or outlet.delivered_by) if outlet else "?"
        account = f"your account: {accounts[0]}" if accounts else "no account connected"
        output.tell(f"  {platform:<15}{how:<9}{one_line(account)}")
    when = f"on {release_time.told(at)}" if at else "as soon as the stores are ready"
    output.tell(f"It is to be heard {when}. Without --live the same is a rehearsal that nobody hears.")


def require_accounts(platforms: Sequence[str], outlets: Sequence[Outlet], *, partial: bool) -> None:
    """See whether real stores would know who delivers.

    Raises:
        CommandError: one would not, or where `partial` is enough, none would.
    """
    known = {one.id: one for one in outlets}
    without = [name for name in platforms if name in known and _has_no_account(known[name])]
    if not without or (partial and len(without) < len(platforms)):
        return
    commands = "; ".join(f"amv platforms connect {name} --live" for name in without)
    raise CommandError(
        f"no account of yours is connected with {', '.join(without)}; nothing was sent",
        exit_code=exits.REFUSED,
        code="account_missing",
        hint=f"Connect it first: {commands}",
    )


def _has_no_account(outlet: Outlet) -> bool:
    return outlet.live in ("connect", "server") and not any(
        one.mode == "live" and one.status == "connected" for one in outlet.connections
    )


def refused(blocked: Sequence[TargetReport], *, others: bool, partial: bool) -> CommandError:
    """The error of a release that the rules block; nothing was sent.

    Args:
        blocked: who does not take it.
        others: whether there are stores that do, without them.
        partial: whether those are enough already.
    """
    names = ", ".join(target.target for target in blocked)
    error = CommandError(
        f"rules of {names} block this release; nothing was sent",
        exit_code=exits.RELEASE_REFUSED,
        code="release_refused",
        hint=(
            "Mend it (amv release fix does some of it), or leave these stores out."
            if others
            else "Mend it: amv release fix does some of it."
        )
        + (" --partial sends it to the others." if others and not partial else ""),
    )
    error.fields = [
        (f"{target.target}: {finding.field}", _told(finding))
        for target in blocked
        for finding in target.findings
        if finding.blocking
    ]
    return error
