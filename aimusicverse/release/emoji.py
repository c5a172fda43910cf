"""Which characters are emoji: Python's `unicodedata` does not know it.

Source: Unicode 17.0, emoji/emoji-data.txt, properties `Extended_Pictographic` (without ©, ® and ™, which are
marks; digits, `#` and `*` are not among them) and `Emoji_Presentation`. Licence of the data: Unicode-3.0.
"""

from __future__ import annotations

import re
from typing import Final

#: Also those to come: code points that Unicode keeps for them.
_PICTOGRAPHIC: Final = (
    "203C 2049 2139 2194-2199 21A9-21AA 231A-231B 2328 23CF 23E9-23F3 23F8-23FA 24C2 "
    "25AA-25AB 25B6 25C0 25FB-25FE 2600-2604 260E 2611 2614-2615 2618 261D 2620 2622-2623 2626 262A "
    "262E-262F 2638-263A 2640 2642 2648-2653 265F-2660 2663 2665-2666 2668 267B 267E-267F 2692-2697 "
    "2699 269B-269C 26A0-26A1 26A7 26AA-26AB 26B0-26B1 26BD-26BE 26C4-26C5 26C8 26CE-26CF 26D1 "
    "26D3-26D4 26E9-26EA 26F0-26F5 26F7-26FA 26FD 2702 2705 2708-270D 270F 2712 2714 2716 271D 2721 "
    "2728 2733-2734 2744 2747 274C 274E 2753-2755 2757 2763-2764 2795-2797 27A1 27B0 27BF 2934-2935 "
    "2B05-2B07 2B1B-2B1C 2B50 2B55 3030 303D 3297 3299 1F004 1F02C-1F02F 1F094-1F09F 1F0AF-1F0B0 1F0C0 "
    "1F0CF-1F0D0 1F0F6-1F0FF 1F170-1F171 1F17E-1F17F 1F18E 1F191-1F19A 1F1AE-1F1E5 1F201-1F20F 1F21A "
    "1F22F 1F232-1F23A 1F23C-1F23F 1F249-1F25F 1F266-1F321 1F324-1F393 1F396-1F397 1F399-1F39B "
    "1F39E-1F3F0 1F3F3-1F3F5 1F3F7-1F3FA 1F400-1F4FD 1F4FF-1F53D 1F549-1F54E 1F550-1F567 1F56F-1F570 "
    "1F573-1F57A 1F587 1F58A-1F58D 1F590 1F595-1F596 1F5A4-1F5A5 1F5A8 1F5B1-1F5B2 1F5BC 1F5C2-1F5C4 "
    "1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8 1F5EF 1F5F3 1F5FA-1F64F 1F680-1F6C5 1F6CB-1F6D2 "
    "1F6D5-1F6E5 1F6E9 1F6EB-1F6F0 1F6F3-1F6FF 1F7DA-1F7FF 1F80C-1F80F 1F848-1F84F 1F85A-1F85F "
    "1F888-1F88F 1F8AE-1F8AF 1F8BC-1F8BF 1F8C2-1F8CF 1F8D9-1F8FF 1F90C-1F93A 1F93C-1F945 1F947-1F9FF "
    "1FA58-1FA5F 1FA6E-1FAFF 1FC00-1FFFD"
)
#: Those that are drawn as pictures unasked; with the letters of flags (1F1E6-1F1FF).
_AS_PICTURE: Final = (
    "231A-231B 23E9-23EC 23F0 23F3 25FD-25FE 2614-2615 2648-2653 267F 2693 26A1 26AA-26AB 26BD-26BE "
    "26C4-26C5 26CE 26D4 26EA 26F2-26F3 26F5 26FA 26FD 2705 270A-270B 2728 274C 274E 2753-2755 2757 "
    "2795-2797 27B0 27BF 2B1B-2B1C 2B50 2B55 1F004 1F0CF 1F18E 1F191-1F19A 1F1E6-1F1FF 1F201 1F21A "
    "1F22F 1F232-1F236 1F238-1F23A 1F250-1F251 1F300-1F320 1F32D-1F335 1F337-1F37C 1F37E-1F393 "
    "1F3A0-1F3CA 1F3CF-1F3D3 1F3E0-1F3F0 1F3F4 1F3F8-1F43E 1F440 1F442-1F4FC 1F4FF-1F53D 1F54B-1F54E "
    "1F550-1F567 1F57A 1F595-1F596 1F5A4 1F5FB-1F64F 1F680-1F6C5 1F6CC 1F6D0-1F6D2 1F6D5-1F6D8 "
    "1F6DC-1F6DF 1F6EB-1F6EC 1F6F4-1F6FC 1F7E0-1F7EB 1F7F0 1F90C-1F93A 1F93C-1F945 1F947-1F9FF "
    "1FA70-1FA7C 1FA80-1FA8A 1FA8E-1FAC6 1FAC8 1FACD-1FADC 1FADF-1FAEA 1FAEF-1FAF8"
)


def _class(ranges: str) -> str:
    """A class of characters for a regular expression, of ranges in hexadecimal."""
    parts = (piece.partition("-") for piece in ranges.split())
    return "".join(
        f"\\U{int(first, 16):08x}" + (f"-\\U{int(last, 16):08x}" if last else "") for first, _, last in parts
    )


#: With what may follow: tone of skin, variation, joined others.
_TAIL: Final = r"[\U0001f3fb-\U0001f3ff\ufe0f\u20e3\U000e0020-\U000e007f]*"
_ONE: Final = rf"(?:[0-9#*]\ufe0f?\u20e3|[{_class(_PICTOGRAPHIC)}\U0001f1e6-\U0001f1ff]{_TAIL})"
_EMOJI: Final = re.compile(rf"{_ONE}(?:\u200d{_ONE})*")
_SURE: Final = re.compile(rf"[{_class(_AS_PICTURE)}\ufe0f\u20e3]")


def emoji_in(text: str) -> list[str]:
    """All of them, in order, each with what belongs to it: `["👩🏽‍🚀", "🇰🇪"]` (flags letter by letter)."""
    if text.isascii():
        return []
    return [match[0] for match in _EMOJI.finditer(text)]


def is_drawn_as_picture(emoji: str) -> bool:
    """Whether it is a picture, and not a sign like ♥ or ‼, which is one only where it is asked for."""
    return _SURE.search(emoji) is not None


def without_emoji(text: str) -> str:
    """The rest of the text, with single blanks."""
    return " ".join(_EMOJI.sub(" ", text).split())
