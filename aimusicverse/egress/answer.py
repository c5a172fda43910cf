"""What came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Ending = Literal["complete", "read_at_most", "deadline", "cut"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status is the answer; of the rest there is as much as came, up to the limits.

    A receiver who says 200 and then drips, floods or resets has said 200: his work was done when he answered.
    What is not HTTP all along is no answer.

    Attributes:
        status: 100 to 999. Redirects (3xx) are answers as well: nothing follows them.
        headers: `retry-after`, `content-type` and what else was asked for, where they were sent. In ASCII,
            200 characters at most.
        body: the first bytes, as they came: a coding, such as gzip, is left on them.
        truncated: `body` is not all of it.
        ended: how reading ended. `complete`; `read_at_most`: there was more than is read; `deadline`: the
            rest did not come in time; `cut`: the connection ended in mid-body.
        duration_seconds: from the call of `send` to the end of reading.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool
    ended: Ending
    duration_seconds: float
