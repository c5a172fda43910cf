"""Messages sent to a receiver, each over a connection of its own, and what came back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from types import TracebackType

from aimusicverse._version import __version__
from aimusicverse.cli.webhooks.receiver_client import receiver_client
from aimusicverse.transport.deadline import Deadline, PhaseTimeouts
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.webhooks.receiver_messages import Message
from aimusicverse.webhooks.receiver_verdicts import Answer

#: In how many pieces a slow body comes.
_PIECES = 8
#: Bytes of an answer that are waited for; what it says is of no account.
_READ = 65_536


class Receiver:
    """Whoever answers at an address."""

    def __init__(self, url: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Get ready.

        Args:
            url: of http or https.
            headers: to send with each message.

        Raises:
            httpx.InvalidURL: it is no address.
        """
        self._url = httpx.URL(url)
        self._headers = list(headers)
        agent = f"amv-webhooks-check/{__version__}"
        self._client = receiver_client(self._url, headers={"user-agent": agent})

    def __enter__(self) -> Receiver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def answers(self, messages: Sequence[Message], *, seconds: float) -> list[Answer]:
        """What it answers to each. One without an answer is the last.

        Args:
            messages: to send in this order.
            seconds: for all of them together.
        """
        deadline = Deadline(seconds)
        found: list[Answer] = []
        for message in messages:
            found.append(self._answer(message, deadline))
            if found[-1].silence:
                break
        return found

    def _answer(self, message: Message, deadline: Deadline) -> Answer:
        began = time.perf_counter()
        try:
            answer = Answer(self._status(message, deadline))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            answer = Answer(None, "unreachable", str(error))
        except httpx.TimeoutException:
            answer = Answer(None, "timed_out")
        except httpx.RemoteProtocolError as error:
            # Its words may have those of the receiver in them, which are not shown.
            gone = "disconnected" in str(error)
            answer = Answer(None, "cut", "" if gone else "what came back is no HTTP")
        except httpx.TransportError as error:
            answer = Answer(None, "cut", str(error))
        return Answer(answer.status, answer.silence, answer.detail, time.perf_counter() - began)

    def _status(self, message: Message, deadline: Deadline) -> int:
        slow = message.seconds and len(message.body) > 1
        request = self._client.build_request(
            "POST",
            self._url,
            headers=[
                *self._headers,
                *message.headers,
                (b"content-length", str(len(message.body)).encode()),
            ],
            content=_slowly(message.body, message.seconds) if slow else message.body,
            extensions={"timeout": PhaseTimeouts(deadline)},
        )
        response = self._client.send(request, stream=True)
        try:
            read = 0
            for piece in response.iter_raw():
                read += len(piece)
                if read > _READ:
                    break
        finally:
            response.close()
        return response.status_code


def _slowly(body: bytes, seconds: float) -> Iterator[bytes]:
    size = -(-len(body) // _PIECES)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    for number, piece in enumerate(pieces):
        if number:
            time.sleep(seconds / (len(pieces) - 1))
        yield piece
