"""Write the pages of release rules, one a group, and of the words that they use, from the tables themselves.

python scripts/write_rules.py            write
python scripts/write_rules.py --check    exit 1 and name the files that are stale
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from aimusicverse.release.rules import words
from aimusicverse.release.rules.rule import Group, Rule
from aimusicverse.release.rules.table import RULES
from aimusicverse.release.terms import TERMS, Term, term

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs/rules"

TITLES = {
    Group.IDENTIFIERS: "Identifiers",
    Group.TITLES: "Titles",
    Group.PEOPLE: "Artists, contributors, writers",
    Group.AI: "What a machine made",
    Group.LANGUAGE: "Language, explicit, genre, lines, label",
    Group.DATES: "Dates and territories",
    Group.ARTWORK: "Cover art",
    Group.AUDIO: "Sound",
    Group.SOUNDCLOUD: "SoundCloud",
    Group.YOUTUBE: "YouTube",
    Group.ERN: "DDEX messages",
    Group.FILES: "Files",
}


def pages() -> dict[Path, str]:
    """Every page with its content."""
    groups = [group for group in Group if any(rule.group == group for rule in RULES)]
    found = {PAGES / f"{group.value}.md": page(group) for group in groups}
    return {PAGES / "index.md": index(groups), **found, PAGES / "terms.md": terms()}


def index(groups: list[Group]) -> str:
    """All rules, by group."""
    rows = []
    for group in groups:
        rows.append(f"\n## [{TITLES[group]}]({group.value}.md)\n")
        rows.append("| rule | at | severity | what passes |\n|---|---|---|---|")
        rows += [row(rule) for rule in RULES if rule.group == group]
    table = "\n".join(rows).strip("\n")
    return f"""# Release rules

{len(RULES)} rules, by which [`amv release check`](../releases.md) judges a release. Each names who says
so, when that was read, and how sure it is. What nobody confirmed never blocks; what only a distributor's page
says blocks at that distributor alone. All of these faults are found, and never more: people look, too.

What a word means: [terms](terms.md).

{table}
"""


def row(rule: Rule) -> str:
    """A rule in the table."""
    cells = (words.whom(rule), words.severity(rule), words.in_general(rule.passes))
    return f"| [{rule.id}]({rule.group.value}.md#{rule.id}) | {' | '.join(map(text, cells))} |"


def page(group: Group) -> str:
    """A group's rules, one below the other."""
    body = "\n".join(one(rule) for rule in RULES if rule.group == group)
    return f"# Rules: {TITLES[group]}\n\n{body}"


def one(rule: Rule) -> str:
    """A rule."""
    rows = [
        ("at", text(words.whom(rule))),
        ("severity", text(words.severity(rule))),
        ("field", f"`{rule.field}`"),
        ("passes", text(words.in_general(rule.passes))),
        ("do", text(words.in_general(rule.fix))),
        ("example", None if rule.example is None else f"`{rule.example}`"),
        ("source", f"{text(rule.source)}, as of {rule.as_of}"),
        ("evidence", text(words.evidence(rule))),
        ("word", word(rule)),
    ]
    lines = "\n".join(f"- **{label}**: {value}" for label, value in rows if value is not None)
    return f"## {rule.id} {{#{rule.id}}}\n\n{text(words.in_general(rule.message))}\n\n{lines}\n"


def word(rule: Rule) -> str | None:
    """The word that a rule is about, as a link.

    Raises:
        LookupError: nobody explains it.
    """
    if rule.term is None:
        return None
    explained = term(rule.term)
    if explained is None:
        raise LookupError(
            f"{rule.id} is about {rule.term!r}, which aimusicverse/release/terms.py does not explain"
        )
    return f"[{text(explained.name)}](terms.md#{explained.id})"


def terms() -> str:
    """The words."""
    body = "\n".join(map(entry, TERMS.values()))
    return f"# Words of the trade\n\n`amv release rules WORD` tells the same.\n\n{body}"


def entry(one: Term) -> str:
    """A word."""
    these = [rule for rule in RULES if rule.term is not None and term(rule.term) == one]
    about = [f"[{rule.id}]({rule.group.value}.md#{rule.id})" for rule in these]
    rules = f"\nRules: {', '.join(about)}.\n" if about else ""
    return f"## {text(one.question)} {{#{one.id}}}\n\n{text(one.says)}\n{rules}"


def text(of: str) -> str:
    """Prose that Markdown leaves as it is; what was code stays code."""
    parts = re.split(r"(`[^`]*`)", of)
    return "".join(part if part.startswith("`") and len(part) > 1 else escaped(part) for part in parts)


def escaped(of: str) -> str:
    """Without meaning to Markdown or HTML."""
    html = of.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\*_\[\]{}#|`~^])", lambda match: f"&#{ord(match.group())};", html)


def main(arguments: list[str]) -> int:
    """Write, or check."""
    wanted = pages()
    stale = [
        path for path, content in wanted.items() if not path.exists() or path.read_text("utf-8") != content
    ]
    orphans = [path for path in PAGES.glob("*.md") if path not in wanted]
    if "--check" in arguments:
        for path in stale + orphans:
            print(f"stale: {path.relative_to(ROOT)}; run python scripts/write_rules.py", file=sys.stderr)
        return 1 if stale or orphans else 0
    for path in orphans:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
