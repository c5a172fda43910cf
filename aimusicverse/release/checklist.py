"""A checklist to fill in a form by: as Markdown, and as a page for a browser. Nothing in it runs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from aimusicverse.release.distrokid_form import Answer, Section

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td{border-top:1px solid #ccc;padding:.4rem;vertical-align:top}"
    "td:first-child{width:1.5rem}td:nth-child(2){width:40%}.open{font-weight:700;color:#a00}"
    ".hint{color:#555;font-size:.85em;display:block}"
)
_TO_DO: Final = "To do: the release does not say it."
_BY_HAND: Final = "To do: only you can say it, in the form."


def as_markdown(title: str, intro: str, sections: Sequence[Section]) -> bytes:
    """A list with a box for each question, UTF-8."""
    lines = [f"# {_plain(title)}", "", intro, ""]
    for section in sections:
        lines += [f"## {_plain(section.title)}", ""]
        for answer in section.answers:
            told = f"**{_to_do(answer)}**" if answer.answer is None else _plain(answer.answer)
            hint = f" *{_plain(answer.hint)}*" if answer.hint else ""
            lines.append(f"- [ ] {_plain(answer.question)}: {told}{hint}")
        lines.append("")
    return "\n".join(lines).encode("utf-8", "replace")


def as_page(title: str, intro: str, sections: Sequence[Section]) -> bytes:
    """A page that needs nothing else, UTF-8; text of every direction stands as it should."""
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_html(title)}</title>',
        f'<style>{_STYLE}</style></head><body><h1 dir="auto">{_html(title)}</h1><p>{_html(intro)}</p>',
    ]
    for number, section in enumerate(sections):
        parts.append(f'<h2 dir="auto">{_html(section.title)}</h2><table>')
        for place, answer in enumerate(section.answers):
            name = f"q{number}-{place}"
            told = (
                f'<span class="open">{_to_do(answer)}</span>'
                if answer.answer is None
                else f'<bdi dir="auto">{_html(answer.answer)}</bdi>'
            )
            hint = f'<span class="hint">{_html(answer.hint)}</span>' if answer.hint else ""
            parts.append(
                f'<tr><td><input type="checkbox" id="{name}"></td>'
                f'<td><label for="{name}">{_html(answer.question)}</label></td><td>{told}{hint}</td></tr>'
            )
        parts.append("</table>")
    parts.append("</body></html>")
    return "\n".join(parts).encode("utf-8", "replace")


def _to_do(answer: Answer) -> str:
    return _BY_HAND if answer.by_hand else _TO_DO


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _html(text: str) -> str:
    return html.escape(text.replace("\0", ""))
