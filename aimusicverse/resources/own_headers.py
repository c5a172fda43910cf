"""Headers that an endpoint wants to be sent along."""

from __future__ import annotations

from collections.abc import Mapping

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import MASK, Secret


def plain_headers(headers: Mapping[str, str | Secret]) -> dict[str, str]:
    """Names and values as they are sent.

    Raises:
        ConfigurationError: a value that is `***`, as in what the server shows, and not the value itself.
    """
    plain = {
        name: value.get_secret_value() if isinstance(value, Secret) else value
        for name, value in headers.items()
    }
    for name, value in plain.items():
        if value == MASK:
            raise ConfigurationError(f"the value of header {name!r} is only shown as {MASK}: give it itself")
    return plain
