"""What all requests share: they are closed.

Apart from the answers: a request's validator is built at once, as a server needs it, and a client needs none.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """What a caller sends. Unknown fields are refused, so that a typing error is seen."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )
