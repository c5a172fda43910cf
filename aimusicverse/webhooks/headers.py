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
#: What a header may have. The standard's example ids have 27 characters, and a signature 47.
_LONGEST = 8_192


def of_message(headers: Headers) -> tuple[str, str, str]:
    """Id, timestamp and signatures, as they came. The standard's names go before Svix's.

    Raises:
        WebhookVerificationError: `missing_header`, `duplicate_header`, `malformed_header`.
    """
    found: dict[int, object] = {}
    try:
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            if len(name) in _LENGTHS:
                place = _PLACES.get(name)
                if place is None:
                    place = _PLACES.get(name.lower())
                    if place is None:
                        continue
                if place in found:
                    raise _refused("duplicate_header", f"The header {NAMES[place]} is there more than once.")
                found[place] = value
    except (TypeError, ValueError, AttributeError):
        raise _refused("malformed_header", "The headers are neither a mapping nor pairs of text.") from None
    first = 3 if found and 0 not in found and 1 not in found and 2 not in found else 0
    try:
        texts = found[first], found[first + 1], found[first + 2]
    except KeyError as missing:
        raise _refused("missing_header", f"The header {NAMES[missing.args[0]]} is missing.") from None
    one, two, three = texts
    if type(one) is type(two) is type(three) is str and one.isascii() and two.isascii() and three.isascii():
        if len(three) > _LONGEST:
            raise _refused("malformed_header", f"The signatures have more than {_LONGEST:,} characters.")
        return one, two, three
    return _decoded(texts, first)


def _decoded(texts: tuple[object, object, object], first: int) -> tuple[str, str, str]:
    """The same out of bytes, as ASGI has them; or why that is not possible."""
    decoded = [text.decode("latin-1") if isinstance(text, bytes) else text for text in texts]
    for name, text in zip(NAMES[first:], decoded, strict=False):
        if not isinstance(text, str):
            raise _refused("malformed_header", f"The header {name} is no text.")
        if not text.isascii():
            raise _refused("malformed_header", f"The header {name} is not ASCII.")
        if len(text) > _LONGEST:
            raise _refused("malformed_header", f"The header {name} has more than {_LONGEST:,} characters.")
    one, two, three = map(str, decoded)
    return one, two, three


def _refused(reason: str, message: str) -> WebhookVerificationError:
    return WebhookVerificationError(message, reason=reason)
