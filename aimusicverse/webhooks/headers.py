"""The three headers of a message, out of whatever a web framework has for headers."""

from __future__ import annotations

from aimusicverse.errors import WebhookVerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Headers = Mapping[str, str] | Mapping[bytes, bytes] | Iterable[tuple[str | bytes, str | bytes]]

#: The standard's, then Svix's.
NAMES = (
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "svix-id",
    "svix-timestamp",
    "svix-signature",
)
#: Name → place among those. Svix's own names are those of the standard before it was one.
_PLACES: dict[object, int] = {
    name: place
    for place, text in enumerate(NAMES)
    for name in (text, text.encode(), text.title(), text.title().encode())
}
#: Others are mostly of other lengths, and passed over at a glance.
_LENGTHS = frozenset(map(len, NAMES))
_ABSENT = object()
#: What a header may have. The standard's example ids have 27 characters, and a signature 47.
_LONGEST = 8_192


def of_message(headers: Headers) -> tuple[str, str, str]:
    """Id, timestamp and signatures, as they came. The standard's names go before Svix's.

    Raises:
        WebhookVerificationError: `missing_header`, `duplicate_header`, `malformed_header`.
    """
    found: list[object] = [_ABSENT] * len(NAMES)
    try:
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            if name in _PLACES:
                place = _PLACES[name]
            elif len(name) in _LENGTHS and name.lower() in _PLACES:
                place = _PLACES[name.lower()]
            else:
                continue
            if found[place] is not _ABSENT:
                raise _refused("duplicate_header", f"The header {NAMES[place]} is there more than once.")
            found[place] = value
    except (TypeError, ValueError, AttributeError):
        raise _refused("malformed_header", "The headers are neither a mapping nor pairs of text.") from None
    one, two, three = found[0], found[1], found[2]
    if type(one) is type(two) is type(three) is str and one.isascii() and two.isascii() and three.isascii():
        if len(three) > _LONGEST:
            raise _refused("malformed_header", f"The signatures have more than {_LONGEST:,} characters.")
        return one, two, three
    return _otherwise(found)


def _otherwise(found: list[object]) -> tuple[str, str, str]:
    """The same under Svix's names, or out of bytes, as ASGI has them; or why that is not possible."""
    there = [text is not _ABSENT for text in found]
    first = 3 if any(there[3:]) and not any(there[:3]) else 0
    decoded = []
    for name, text in zip(NAMES[first:], found[first : first + 3], strict=False):
        if text is _ABSENT:
            raise _refused("missing_header", f"The header {name} is missing.")
        if isinstance(text, bytes):
            text = text.decode("latin-1")
        if not isinstance(text, str):
            raise _refused("malformed_header", f"The header {name} is no text.")
        if not text.isascii():
            raise _refused("malformed_header", f"The header {name} is not ASCII.")
        if len(text) > _LONGEST:
            raise _refused("malformed_header", f"The header {name} has more than {_LONGEST:,} characters.")
        decoded.append(str(text))
    one, two, three = decoded
    return one, two, three


def _refused(reason: str, message: str) -> WebhookVerificationError:
    return WebhookVerificationError(message, reason=reason)
