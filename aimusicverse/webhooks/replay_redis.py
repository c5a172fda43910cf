"""Messages remembered in Redis, or what speaks its protocol: for several machines."""

from __future__ import annotations

from aimusicverse.webhooks.replay import KEEP, LEASE, ReplayStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from aimusicverse.webhooks.replay import State

    class RedisClient(Protocol):
        """What is asked of a client: redis-py's and valkey's have it."""

        def set(self, name: str, value: str, *, nx: bool, px: int) -> Any:
            """SET name value NX PX milliseconds."""

        def get(self, name: str) -> Any:
            """GET name."""

        def eval(self, script: str, numkeys: int, *keys_and_args: str) -> Any:
            """EVAL."""


_DONE = "done"
#: Only whoever has the claim may end it: another may have got it after the lease.
_FINISH = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], 'done', 'PX', ARGV[2]) end"
)
_DROP = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class RedisReplayStore(ReplayStore):
    """Over a client that you have; nothing is imported for it. Errors of the client come through."""

    def __init__(
        self,
        client: RedisClient,
        *,
        namespace: str = "webhook-message",
        keep: float = KEEP,
        lease: float = LEASE,
    ) -> None:
        """Use a client.

        Args:
            client: a synchronous one, such as `redis.Redis(…)`.
            namespace: what keys begin with. One for each sender or endpoint: ids are unique for each.
            keep: as for `ReplayStore`.
            lease: as for `ReplayStore`.
        """
        super().__init__(keep=keep, lease=lease)
        self._client = client
        self._namespace = namespace

    def _key(self, message_id: str) -> str:
        return f"{self._namespace}:{message_id}"

    def _take(self, message_id: str, token: str) -> State:
        if self._client.set(self._key(message_id), token, nx=True, px=_milliseconds(self.lease)):
            return "new"
        holder = self._client.get(self._key(message_id))
        # Without a value it was released this very moment: its next delivery gets it.
        return "done" if holder in (_DONE, _DONE.encode()) else "busy"

    def _finish(self, message_id: str, token: str) -> None:
        self._client.eval(_FINISH, 1, self._key(message_id), token, str(_milliseconds(self.keep)))

    def _drop(self, message_id: str, token: str) -> None:
        self._client.eval(_DROP, 1, self._key(message_id), token)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
