"""Whose remix a version names: `Jonas Weil Remix` names somebody, `Deep House Remix` a kind."""

from __future__ import annotations

import re
from typing import Final

_REMIX: Final = re.compile(
    r"(?P<who>\S.*?)(?:['’]s)?\s+(?:re-?mix|rmx|bootleg|flip|rework)(?:\s+(?:edit|radio edit|instrumental))?",
    re.IGNORECASE,
)
#: Kinds of remix, which are nobody's name.
_KINDS: Final = frozenset(
    """
    2-step acid acoustic afro afrobeat ambient bass beach breakbeat chill chillout club dance dancehall
    dark deep disco dnb drill drum dub dubstep edm electro euro eurodance extended festival funk funky
    future garage hard hardstyle hip hip-hop hop house indie instrumental jazz jungle late latin live
    lo-fi lofi long lounge midnight minimal morning n' n new night official orchestral original phonk
    piano pop progressive psy radio rap reggae reggaeton rock sad short slow soul speed summer sunrise
    sunset super synth synthwave tech techno trance trap tribal tropical uk underground uptempo vip
    vocal winter and & the a of anniversary
    """.split()
)


def remixer_named(text: str) -> str | None:
    """Who is named in `X Remix`, if it is not a kind of remix only."""
    found = _REMIX.fullmatch(text.strip())
    if found is None:
        return None
    who = found["who"]
    words = [
        word for word in re.findall(r"[^\s/]+", who.lower()) if not re.fullmatch(r"[\d.]+(?:s|bpm)?", word)
    ]
    return None if _KINDS.issuperset(words) else who
