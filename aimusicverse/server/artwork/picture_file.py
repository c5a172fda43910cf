"""A file of an artwork, as its row has it. Apart from the SQL, which the process that draws does not need."""

from __future__ import annotations

from typing import Final, NamedTuple

#: The side under which the picture itself is kept.
WHOLE: Final = 0


class PictureFile(NamedTuple):
    """A file of an artwork. The fields are the columns."""

    #: The longest, in pixels; `WHOLE` for the picture itself.
    side: int
    sha256: str
    type: str
    width: int
    height: int
    size: int
