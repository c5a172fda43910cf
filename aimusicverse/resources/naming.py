"""How an argument names an object: by itself or by its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimusicverse.types.base import Answer, Editable

_ID = re.compile(r"[a-z]+_[0-9A-Za-z]+")
_ETAG = re.compile(r"[\x21\x23-\x7e]{1,200}")


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


def ids_of(things: Answer | str | Iterable[Answer | str]) -> list[str]:
    """The ids of several; one alone is a list of one.

    Raises:
        ConfigurationError: one of them is no id.
    """
    alone = isinstance(things, str) or hasattr(things, "id")
    each = cast("Iterable[Answer | str]", [things] if alone else things)  # an object, too, can be iterated
    return [id_of(thing) for thing in each]


def version_of(seen: Editable | str | None) -> str | None:
    """`If-Match` for an object as it was seen, or for its `etag`; None asks for nothing.

    Raises:
        ConfigurationError: it can be no tag.
    """
    etag = seen if seen is None or isinstance(seen, str) else getattr(seen, "etag", "")
    if etag is None or etag == "*":
        return etag
    if not _ETAG.fullmatch(etag.strip('"')):
        raise ConfigurationError("if_match takes the object as you saw it, or its etag")
    return f'"{etag.strip(chr(34))}"'
