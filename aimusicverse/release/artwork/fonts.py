"""Fonts: Manrope, which comes along, and whatever this computer has for the rest.

Manrope (M. Sharanda, version 4.504, SIL Open Font License 1.1) has Latin, Greek and Cyrillic.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont, features

from aimusicverse.release.artwork import glyphs
from aimusicverse.release.artwork.errors import LetteringError

_OURS: Final = Path(__file__).with_name("fonts")
#: They have every character, and show none of them; or signs instead of letters.
_NO_LETTERS: Final = (
    "lastresort",
    "adobeblank",
    "notdef",
    "tofu",
    "emoji",
    "barcode",
    "webdings",
    "wingdings",
)
_DISLIKED: Final = (
    "italic",
    "oblique",
    "mono",
    "condensed",
    "narrow",
    "light",
    "thin",
    "black",
    "math",
    "symbol",
)
_LIKED: Final = ("notosans", "dejavusans", "liberationsans", "arial", "hiragino", "pingfang", "msyh", "noto")
_MOST_FILES: Final = 5000
#: What to install, by the first word of a character's name.
_CJK: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_SCRIPTS: Final = (
    "ARABIC", "ARMENIAN", "BENGALI", "CHEROKEE", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GUJARATI", "GURMUKHI",
    "HEBREW", "JAVANESE", "KANNADA", "KHMER", "LAO", "MALAYALAM", "MONGOLIAN", "MYANMAR", "ORIYA", "SINHALA",
    "SYRIAC", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """One face in a file."""

    path: Path
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """In so many pixels. Set by Raqm where there is one, which also brings letters closer (kerning)."""
        engine = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
        return ImageFont.truetype(str(self.path), size, index=self.index, layout_engine=engine)


def face_for(text: str, field: str, *, bold: bool) -> Face:
    """The first face that has every character of a text: ours, or one of this computer.

    Raises:
        LetteringError: there is none; it names the characters, and what to install.
    """
    name = "Manrope-Bold.ttf" if bold else "Manrope-Medium.ttf"
    paths = [_OURS / name, *_of_computer(bold)]
    for path in paths:
        for index, ranges in enumerate(glyphs.faces(path)):
            if ranges and glyphs.has(ranges, text):
                return Face(path, index)
    missing = _missing(text, paths)
    named = ", ".join(f"{char} (U+{ord(char):04X})" for char in missing[:5]) + " …" * (len(missing) > 5)
    raise LetteringError(
        f"no font here has all characters of {field}: {named}; install a font "
        f"that has them, such as {_package(missing[0])} (fonts.google.com/noto), or draw the cover without "
        f"lettering",
        field,
    )


def _missing(text: str, paths: list[Path]) -> list[str]:
    """Characters that no face has, or, if there are none, those that ours lacks: no face has all together."""
    everywhere = [ranges for path in paths for ranges in glyphs.faces(path)]
    chars = list(dict.fromkeys(char for char in text if char != " "))
    nowhere = [char for char in chars if not any(glyphs.has(ranges, char) for ranges in everywhere)]
    return nowhere or [char for char in chars if not glyphs.has(everywhere[0], char)]


def _package(char: str) -> str:
    script = unicodedata.name(char, "?").split()[0]
    if script in _CJK:
        return "Noto Sans CJK"
    return f"Noto Sans {script.title()}" if script in _SCRIPTS else "one of the Noto fonts"


def folders() -> list[Path]:
    """Where fonts are on this system: those of fontconfig's default, of macOS or of Windows."""
    home = Path.home()
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        return [local, Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts"
    return [own, home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


def _of_computer(bold: bool) -> list[Path]:
    return list(_sorted(tuple(folders()), bold))


@lru_cache(maxsize=8)
def _sorted(places: tuple[Path, ...], bold: bool) -> tuple[Path, ...]:
    """Those that look best first, and always in the same order."""
    found: list[Path] = []
    for place in places:
        for folder, _, names in os.walk(place):
            found += [
                Path(folder, name)
                for name in names
                if name.lower().endswith((".ttf", ".otf", ".ttc", ".otc"))
            ]
            if len(found) > _MOST_FILES:
                break

    def rank(path: Path) -> tuple[int, int, int, str]:
        name = path.stem.lower().replace("-", "").replace(" ", "")
        disliked = sum(word in name for word in _DISLIKED)
        liked = next((at for at, word in enumerate(_LIKED) if word in name), len(_LIKED))
        return disliked, liked, int(("bold" in name) is not bold), str(path)

    kept = [path for path in found if not any(word in path.stem.lower() for word in _NO_LETTERS)]
    return tuple(sorted(kept[:_MOST_FILES], key=rank))
