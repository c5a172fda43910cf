"""Names of files in packages: made of titles in any script, and harmless on every system.

A name never holds a separator, a control character, what Windows keeps for devices, or more than 255 bytes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: What the common file systems take (ext4, APFS and NTFS count differently; bytes are the narrowest).
MOST_BYTES: Final = 255
#: Windows refuses these characters in names; the separators are among them.
_REFUSED: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\ud800-\udfff\u2028\u2029]')
#: Marks that make text run the other way would let a name look like another.
_INVISIBLE: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DEVICES: Final = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def file_name(stem: str, ending: str, *, ascii_only: bool = False, fallback: str = "untitled") -> str:
    """A name for a file.

    Args:
        stem: any text, like a title.
        ending: without the dot.
        ascii_only: whether accents are taken off, and what has no plain form is left out.
        fallback: what stands there if nothing of it remains.
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _REFUSED.sub(" ", stem)))
    if ascii_only:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        text = _REFUSED.sub(" ", text)
    text = " ".join(text.split()).strip(". ")
    if not text:
        text = fallback
    if _DEVICES.fullmatch(text):
        text = f"_{text}"
    return f"{_cut(text, MOST_BYTES - len(ending) - 1) or fallback}.{ending}"


def folder_name(text: str, *, fallback: str = "release") -> str:
    """A name for a folder, which holds no more bytes than one for a file with a suffix of 16."""
    name = file_name(_cut(text, MOST_BYTES - 16), "x", fallback=fallback)[:-2].rstrip(". ") or fallback
    return f"_{name}" if name.startswith("-") else name  # programs would take it for options


def _cut(text: str, most: int) -> str:
    """As many whole characters of it, with their accents, as fit into so many bytes."""
    if len(text.encode("utf-8", "ignore")) <= most:
        return text
    cut = text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")
    if unicodedata.combining(text[len(cut)]):
        # A base character is not left without its own mark.
        while cut and unicodedata.combining(cut[-1]):
            cut = cut[:-1]
        cut = cut[:-1]
    return cut.rstrip(". \u200d")
