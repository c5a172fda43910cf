"""Names of generators, which are neither authors nor owners. Names of people are not among them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: As of November 2026, in small letters.
AI_TOOLS: Final[frozenset[str]] = frozenset(
    {
        "aimusicverse", "aimusicverse studio", "aiva", "artificial intelligence", "beatoven",
        "boomy", "chatgpt", "chat gpt", "claude ai", "elevenlabs", "eleven music", "gemini", "gpt",
        "google gemini", "gpt-4", "gpt-5", "loudly", "lyria", "midjourney", "mubert", "musicgen",
        "openai", "riffusion", "soundful", "soundraw", "stable audio", "stability ai", "suno", "suno ai",
        "udio",
    }
)  # fmt: skip
#: Tools whose free plans forbid commercial use, by their own terms of 2025 and 2026 as third parties tell.
FREE_PLAN_IS_NOT_COMMERCIAL: Final[frozenset[str]] = frozenset({"suno", "udio", "elevenlabs", "boomy"})

#: What is no tool's name, and yet says that it is one. `AI` in capitals alone: Ai is a given name.
_DESCRIBED: Final = re.compile(
    r"(?-i:A\.?I\.?)|ai[- ](?:generated|music|generator|composer|assistant)(?:\s.*)?", re.IGNORECASE
)
#: No tool has a longer name.
_LONGEST: Final = 100
_COMPANY: Final = re.compile(r"[, ]+(?:inc|llc|ltd|gmbh|corp|ai|music|pro|records|studio)\.?$")
_VERSION: Final = re.compile(r"[ _-]*v?\d+(?:\.\d+)*$")


def plain_tool(name: str) -> str:
    """In small letters, without a version or a form of company: `Suno v4.5`, `Suno, Inc.` → `suno`."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    for _ in range(2):
        plain = _COMPANY.sub("", _VERSION.sub("", plain) or plain)
    return plain


def is_tool(name: str) -> bool:
    """Whether a generator is called so."""
    if len(name) > _LONGEST:
        return False
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    is_named = plain in AI_TOOLS or plain_tool(name) in AI_TOOLS
    return is_named or _DESCRIBED.fullmatch(name.strip()) is not None
