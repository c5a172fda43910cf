"""A delivery, as the receiver sees it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aimusicverse.types import WebhookEvent


class Answer(NamedTuple):
    """What a receiver says to a message."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Message:
    """A request that the server has made to an endpoint, and that waits for its answer.

    Attributes:
        body: the bytes as they came. The signature is that of these.
        headers: those of the message, names in lower case, without those of the connection.
        secret: of the endpoint, `whsec_…`.
        attempt: 1 for the first try, 2 for the one after it, and so on.
    """

    def __init__(
        self, body: bytes, headers: dict[str, str], answer: Future[Answer], *, secret: str, attempt: int
    ) -> None:
        self.body = body
        self.headers = headers
        self.secret = secret
        self.attempt = attempt
        self._answer = answer

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.event.type}, attempt {self.attempt}>"

    @property
    def id(self) -> str:
        """The id of the event: the same at each attempt."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> WebhookEvent:
        """The event in it. Nothing was judged for this: that is your receiver's part."""
        from aimusicverse.types.webhook_event import read

        return read(self.id, self.body)

    @property
    def status(self) -> int | None:
        """What it was answered with; None as long as it was not."""
        done = self._answer.done() and not self._answer.cancelled()
        return self._answer.result().status if done else None

    def answer(
        self, status: int = 200, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> None:
        """Answer as your receiver did. Whatever is no 2xx is a failure, and the message comes again.

        Raises:
            ValueError: that is no final status, or the message does not wait for an answer any more.
        """
        if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
            raise ValueError(f"a message is answered with a status from 200 to 599, not {status!r}")
        if self._answer.done():
            raise ValueError("this message does not wait for an answer any more")
        self._answer.set_result(Answer(status, headers or {}, body))
