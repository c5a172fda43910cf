"""Problems: how every error answer looks (RFC 9457, `application/problem+json`)."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer


class FieldError(Answer):
    """What is wrong with one field of a request."""

    field: str = Field(description="Where: a path such as `plan.sections[2].bars`, or `query.limit`.")
    code: str = Field(description="Stable name of the rule that was broken.")
    message: str = Field(description="What was wrong, in a sentence.")
    hint: str | None = Field(default=None, description="What to do about it.")
    example: str | None = Field(default=None, description="A value that would pass.")


class Problem(Answer):
    """An error answer. `code` is stable and documented, one page each; branch on it, not on the text."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    code: str
    request_id: str | None = None
    errors: list[FieldError] = []
    upgrade_url: str | None = Field(
        default=None, description="Of a limit: the page that tells how to get more."
    )
