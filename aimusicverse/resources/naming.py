"""How an argument names an object: by itself or by its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from aimusicverse.types.base import Answer

_ID = re.compile(r"[a-z]+_[0-9A-Za-z]+")


def id_of(thing: Answer | str) -> str:
    """The id of an object, or the id itself; safe to be put into a path.

    Raises:
        ConfigurationError: it is no id, such as `../` or an empty text.
    """
    name = thing if isinstance(thing, str) else getattr(thing, "id", None)
    if not isinstance(name, str) or not _ID.fullmatch(name):
        # A key that was passed by mistake is not repeated.
        is_shown = isinstance(thing, str) and not thing.startswith("amv_")
        shown = repr(name)[:60] if is_shown else f"this {type(thing).__name__}"
        raise ConfigurationError(f"{shown} is no id; ids look like trk_5HkQ0b")
    return name
