"""`amv release rules`: what a rule wants, and what the words of the trade mean."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError

if TYPE_CHECKING:
    from aimusicverse.cli.output import Output
    from aimusicverse.release.rules.rule import Rule
    from aimusicverse.release.terms import Term

app: Final = CommandSet()


def _words(incomplete: str) -> list[str]:
    from aimusicverse.release.rules.table import BY_ID
    from aimusicverse.release.terms import TERMS

    return [one for one in (*BY_ID, *TERMS) if one.lower().startswith(incomplete.lower())]


@app.command()
def rules(
    ctx: Context,
    word: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|WORD]",
            autocompletion=_words,
            help="A rule, a group of rules, or a word: isrc, p-line.",
        ),
    ] = None,
) -> None:
    """Show a rule, all rules, or what a word means.

    Example:
        amv release rules ID-ISRC-FMT
        amv release rules isrc
    """
    from aimusicverse.release import terms
    from aimusicverse.release.rules.rule import Group
    from aimusicverse.release.rules.table import BY_ID, RULES

    asked = " ".join(word or ()).strip()
    if not asked:
        _list(ctx.output, list(RULES))
        return
    rule = BY_ID.get(asked.upper())
    term = terms.term(asked)
    if rule is not None:
        _rule(ctx.output, rule)
    elif term is not None:
        _term(ctx.output, term)
    elif asked.lower() in list(Group):
        _list(ctx.output, [one for one in RULES if one.group == asked.lower()])
    else:
        close = difflib.get_close_matches(asked.upper(), BY_ID, 3, 0.6) or terms.close_to(asked)
        raise CommandError(
            f"there is no rule and no word {asked!r}",
            exit_code=exits.NOT_FOUND,
            code="rule_not_found",
            hint=f"Did you mean {' or '.join(close)}?" if close else "All rules: amv release rules",
        )


def _list(output: Output, these: list[Rule]) -> None:
    if output.json:
        output.object({"rules": [_as_json(rule) for rule in these]})
        return
    from aimusicverse.release.rules.words import in_general, severity, whom

    rows = [[rule.id, severity(rule), whom(rule), in_general(rule.passes)] for rule in these]
    output.table(["rule", "severity", "at", "what passes"], rows, gives_way="what passes")


def _rule(output: Output, rule: Rule) -> None:
    if output.json:
        output.object(_as_json(rule))
        return
    from aimusicverse.release.rules.words import in_general, severity, whom

    output.record(
        [
            ("rule", rule.id),
            ("severity", severity(rule)),
            ("at", whom(rule)),
            ("field", rule.field),
            ("says", in_general(rule.message)),
            ("passes", in_general(rule.passes)),
            ("fix", in_general(rule.fix)),
            ("example", rule.example),
            ("source", rule.source),
            ("as of", rule.as_of.isoformat()),
            ("evidence", ", ".join(sorted(kind.value for kind in rule.evidence))),
            ("word", None if rule.term is None else f"amv release rules {rule.term}"),
        ]
    )


def _term(output: Output, term: Term) -> None:
    from aimusicverse.release.rules.table import RULES
    from aimusicverse.release.terms import term as explained

    about = [rule.id for rule in RULES if rule.term is not None and explained(rule.term) == term]
    if output.json:
        output.object(
            {"term": term.id, "name": term.name, "question": term.question, "text": term.says, "rules": about}
        )
        return
    if output.to_terminal:
        import shutil
        import textwrap

        output.line(term.question)
        for line in textwrap.wrap(term.says, min(100, shutil.get_terminal_size().columns - 1)):
            output.line(line)
    else:
        output.line(f"{term.question}\n{term.says}")
    if about:
        output.line(f"Rules: {', '.join(about)}")


def _as_json(rule: Rule) -> dict[str, Any]:
    from aimusicverse.release.rules.words import in_general, severity, whom

    return {
        "rule": rule.id,
        "group": rule.group.value,
        "severity": severity(rule),
        "at": whom(rule),
        "field": rule.field,
        "message": in_general(rule.message),
        "passes": in_general(rule.passes),
        "fix": in_general(rule.fix),
        "example": rule.example,
        "source": rule.source,
        "as_of": rule.as_of.isoformat(),
        "evidence": sorted(kind.value for kind in rule.evidence),
        "term": rule.term,
    }
