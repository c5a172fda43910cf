"""What can be set in letters: the characters of a text, tidied, or why they cannot be set right."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from PIL import features

from aimusicverse.release.artwork.errors import LetteringError

#: Drawn in colours by default (Unicode 16, Emoji_Presentation), below U+1F000, where all are pictures.
_PICTURES: Final = re.compile(
    "[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab"
    "\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u20e3\ufe0f\U0001f000-\U0001faff"
    "\U000e0020-\U000e007f]"
)
#: Scripts whose letters change with their neighbours, or stack: Arabic to Myanmar, Khmer, Mongolian, others.
_JOINED: Final = re.compile(
    "[\u0600-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1c4f\ua840-\uaaff\ufb50-\ufdff\ufe70-\ufefc]"
)
_JOINERS: Final = "\u200c\u200d"
#: Chinese, Japanese and Korean may be broken between any two; Hangul has spaces, and is broken at them.
_IDEOGRAPH: Final = re.compile(
    "[\u2e80-\u2fff\u3040-\u30ff\u3100-\u312f\u31a0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
#: Marks that do not begin a line in those.
_NEVER_FIRST: Final = "、。，．・：；？！）］｝〉》」』】〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…"


def tidy(text: str, field: str) -> str:
    """Composed (NFC), without line breaks and what is not seen; nothing that is seen is changed.

    Raises:
        LetteringError: emoji, private characters, or a script that the installed Pillow cannot set.
    """
    kept = []
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if kind == "Co":
            raise LetteringError(
                f"{field} has the private character U+{ord(char):04X}, which has no form of its own; "
                f"take it out, or draw the cover without lettering",
                field,
            )
        if _PICTURES.match(char):
            raise LetteringError(
                f"{field} has an emoji ({char!r}), which no font draws in one colour; "
                f"take it out, or draw the cover without lettering",
                field,
            )
        if kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind != "Cf" or char in _JOINERS:
            kept.append(char)
    said = " ".join("".join(kept).split())
    if not _JOINED.search(said):
        said = said.translate({ord(joiner): None for joiner in _JOINERS})
    if is_complex(said) and not features.check("raqm"):
        raise LetteringError(
            f"{field} is in a script that this Pillow cannot set right, as it lacks Raqm (letters join, "
            f"stack or run from right to left); install libraqm or a Pillow wheel from PyPI, or draw the "
            f"cover without lettering",
            field,
        )
    return said


def is_complex(text: str) -> bool:
    """Whether letters join, stack, or run from right to left."""
    return bool(_JOINED.search(text)) or any(
        unicodedata.combining(char) or unicodedata.bidirectional(char) in ("R", "AL") for char in text
    )


def runs_left(text: str) -> bool:
    """Whether its first letter is of a script from right to left (Unicode Bidirectional Algorithm, P2)."""
    for char in text:
        way = unicodedata.bidirectional(char)
        if way in ("L", "R", "AL"):
            return way != "L"
    return False


def pieces(text: str) -> list[tuple[str, str]]:
    """What a line may be broken between, each with what parts it from the one before: a space or nothing."""
    found: list[tuple[str, str]] = []
    for word in text.split(" "):
        before = " "
        for piece in _ideographs_apart(word):
            found.append((piece, before))
            before = ""
    return found


def _ideographs_apart(word: str) -> list[str]:
    apart: list[str] = []
    for letter in letters(word):
        starts = not apart or (
            (_IDEOGRAPH.match(letter) or _IDEOGRAPH.match(apart[-1][-1])) and letter[0] not in _NEVER_FIRST
        )
        if starts:
            apart.append(letter)
        else:
            apart[-1] += letter
    return apart


def letters(text: str) -> list[str]:
    """Characters with the marks that stand on them."""
    found: list[str] = []
    for char in text:
        follows = unicodedata.category(char) in ("Mn", "Mc", "Me") or char in _JOINERS
        if found and (follows or found[-1][-1] == "\u200d"):
            found[-1] += char
        else:
            found.append(char)
    return found
