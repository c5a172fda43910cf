"""Text that XML can carry: the characters of XML 1.0, in Unicode's composed form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from aimusicverse.release.package_error import refuse

#: What XML 1.0, 2.2 leaves out: control characters but three, surrogates, and two non-characters.
_NEVER_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(value: str, field: str) -> str:
    """The same in Unicode's form NFC, so that one name is one name however it was typed.

    Args:
        value: any text.
        field: where it is from, for the error.

    Raises:
        CannotPackage: a character that no XML file can hold.
    """
    found = _NEVER_IN_XML.search(value)
    if found is not None:
        kind = "half of a character" if "\ud800" <= found[0] <= "\udfff" else "control character"
        raise refuse(
            field,
            f"it has U+{ord(found[0]):04X} at position {found.start() + 1}, a {kind} that XML cannot hold.",
            "Take it out, or type the text anew.",
        )
    return unicodedata.normalize("NFC", value)
