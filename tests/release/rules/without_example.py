"""Why some rules show no value that passes."""

from __future__ import annotations

_TWO = "it is about two values together"
_LENGTH = "any shorter text passes"
_TODAY = "which day passes depends on today"
_CHOICE = "no value passes, but another choice does"

NO_EXAMPLE = {
    "ID-ISRC-DUP": _TWO,
    "ID-YT-CUSTOM": _LENGTH,
    "T-FEAT-ROLE": _TWO,
    "T-DUP": _TWO,
    "T-LEN-YT": _LENGTH,
    "T-LEN-SC": _LENGTH,
    "T-LEN-GEN": _LENGTH,
    "A-PROD-CONFLICT": _TWO,
    "A-COVER": _TWO,
    "A-ARTIST-COUNT-RELEASE": _TWO,
    "AI-DX-43": _CHOICE,
    "AI-SP-IMPERSONATION-NAME": _CHOICE,
    "AI-AP": _CHOICE,
    "AI-BLOCK": _CHOICE,
    "AI-ART-SC": _CHOICE,
    "X-ART": _TWO,
    "G-RESTRICT": _TWO,
    "D-LEAD-SP": _TODAY,
    "D-LEAD-AP": _TODAY,
    "D-LEAD-DK": _TODAY,
    "D-HOLIDAY": _TODAY,
    "REL-MAX": "it is a number of tracks",
    "REL-MAX-TUNECORE": "it is a number of tracks",
    "REL-IMMUTABLE": _TWO,
    "DX-TEXT": "any text without it passes",
    "SC-DESCRIPTION": _LENGTH,
    "YT-DESCRIPTION": _LENGTH,
}
