"""The same message a second time: of all its deliveries one is worked on, until one has been done.

    with store.claim(webhooks.verify(body, headers, secret)) as claim:
        if claim:
            work(event)

A sender tries again under the same id, whoever recorded a message can send it again while its timestamp is
fresh, and a load balancer may deliver it twice at once. A claim is given to one of them. When its block ends
well the message is done, and is refused for as long as the store keeps it; when it raises, the next delivery
may try. A process that dies holds its claim until the lease is over.

It does not make the work itself happen once: who dies after the work, and before he has said so, is followed
by somebody who does it again. Work that must not be done twice needs the message's id in its own transaction.
"""

from __future__ import annotations

import os
import threading
import time

from aimusicverse.errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Literal

    State = Literal["new", "busy", "done"]

#: Twice the usual tolerance: a message that was from the future when it came stays fresh that long.
SHORTEST_KEEP = 600
#: Senders try for a day and more.
KEEP = 3 * 86_400
LEASE = 300


class Claim:
    """Whether this delivery is to be worked on. It is true if it is.

    Attributes:
        message_id: the message's.
        state: `new`: it is yours. `busy`: another delivery is worked on; answer with 409, so that the sender
            tries again. `done`: answer with 200, and do nothing.
    """

    __slots__ = ("_store", "_token", "message_id", "state")

    def __init__(self, store: ReplayStore, message_id: str, token: str, state: State) -> None:
        self._store = store
        self._token = token
        self.message_id = message_id
        self.state: State = state

    def __bool__(self) -> bool:
        return self.state == "new"

    def __repr__(self) -> str:
        return f"Claim({self.message_id!r}, {self.state!r})"

    def commit(self) -> None:
        """The message is done. Without effect on one that is not yours, or no longer."""
        if self:
            self._store._finish(self.message_id, self._token)

    def release(self) -> None:
        """It was not done: the next delivery may try. Without effect on what is not yours, or no longer."""
        if self:
            self._store._drop(self.message_id, self._token)

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.release()


class ReplayStore:
    """What remembers messages. One store may be shared by threads."""

    def __init__(self, *, keep: float = KEEP, lease: float = LEASE) -> None:
        """Set how long.

        Args:
            keep: seconds for which a message that was done is refused. At least twice the tolerance with
                which messages are judged; longer than the sender tries, or a late try would be new again.
            lease: seconds after which a claim is given to another delivery, because whoever has it must have
                died. Longer than the work ever takes.

        Raises:
            ConfigurationError: either is too short.
        """
        if not keep >= SHORTEST_KEEP:
            raise ConfigurationError(
                f"Messages must be remembered for {SHORTEST_KEEP} s at least, twice the tolerance."
            )
        if not lease > 0:
            raise ConfigurationError("A claim needs a lease of more than 0 s.")
        self.keep = keep
        self.lease = lease

    def claim(self, message_id: str) -> Claim:
        """Ask for a message. Of several deliveries at once exactly one gets it."""
        token = os.urandom(8).hex()
        return Claim(self, message_id, token, self._take(message_id, token))

    def _take(self, message_id: str, token: str) -> State:
        raise NotImplementedError

    def _finish(self, message_id: str, token: str) -> None:
        raise NotImplementedError

    def _drop(self, message_id: str, token: str) -> None:
        raise NotImplementedError


class MemoryReplayStore(ReplayStore):
    """For one process, until it ends."""

    def __init__(self, *, keep: float = KEEP, lease: float = LEASE) -> None:
        """As `ReplayStore`."""
        super().__init__(keep=keep, lease=lease)
        self._lock = threading.Lock()
        #: Message → until when, and whose; nobody's when it is done.
        self._held: dict[str, tuple[float, str | None]] = {}
        self._swept = self._now()

    def __len__(self) -> int:
        return len(self._held)

    def _now(self) -> float:
        return time.monotonic()

    def _take(self, message_id: str, token: str) -> State:
        now = self._now()
        with self._lock:
            if now - self._swept >= self.lease:
                self._swept = now
                self._held = {known: held for known, held in self._held.items() if held[0] >= now}
            held = self._held.get(message_id)
            if held and held[0] >= now:
                return "busy" if held[1] else "done"
            self._held[message_id] = (now + self.lease, token)
            return "new"

    def _finish(self, message_id: str, token: str) -> None:
        with self._lock:
            if self._held.get(message_id, (0.0, None))[1] == token:
                self._held[message_id] = (self._now() + self.keep, None)

    def _drop(self, message_id: str, token: str) -> None:
        with self._lock:
            if self._held.get(message_id, (0.0, None))[1] == token:
                del self._held[message_id]
