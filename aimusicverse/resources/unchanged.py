"""What an argument is that was not given, where `None` means something."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal


class Keep(Enum):
    """The type of `UNCHANGED`."""

    UNCHANGED = "unchanged"

    def __repr__(self) -> str:
        return "UNCHANGED"


Unchanged = Literal[Keep.UNCHANGED]
#: Leave it as it is.
UNCHANGED: Final = Keep.UNCHANGED


def given(**values: object) -> dict[str, object]:
    """Those that were given."""
    return {name: value for name, value in values.items() if value is not UNCHANGED}
