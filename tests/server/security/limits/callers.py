"""Users with limits, and many calls of theirs at once."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import httpx

from aimusicverse.server.api_keys import queries
from aimusicverse.server.ids import new_id
from aimusicverse.server.security.scopes import ADMIN, SCOPES
from aimusicverse.server.users import queries as users
from tests.server.conftest import Api
from tests.server.security.keys import by, create_key, id_of, new_owner, store_of


def key_of_tier(api: Api, tier: str = "free") -> str:
    """The key of a new user."""
    return another_key(api, new_owner(api, tier=tier))


def another_key(api: Api, owner_id: str) -> str:
    """A further key of a user, with all that he can have."""
    return create_key(api, owner_id=owner_id, scopes=tuple(scope for scope in SCOPES if scope != ADMIN))


def key_with(api: Api, hour: int | None, day: int | None) -> str:
    """The key of a new user with figures of his own."""
    user_id = new_id("usr")
    store_of(api).write_now(
        users.insert, user_id, name="x", tier="custom", role="user", hourly_limit=hour, daily_limit=day
    )
    return another_key(api, user_id)


def owner_of(api: Api, key: str) -> str:
    row = store_of(api).read_now(queries.find, id_of(key))
    assert row is not None
    return row.owner_id


def call(api: Api, key: str, path: str = "/tracks", method: str = "GET") -> httpx.Response:
    """One call with a key, over a connection of its own."""
    with by(api, key) as http:
        return http.request(method, path)


def statuses(http: httpx.Client, calls: int, path: str = "/tracks") -> list[int]:
    """What so many calls, one after the other, are answered with."""
    return [http.get(path).status_code for _ in range(calls)]


def told(answer: httpx.Response) -> tuple[int, int, int]:
    """Limit, remaining and reset, as an answer's headers say."""
    names = ("limit", "remaining", "reset")
    limit, remaining, reset = (int(answer.headers[f"x-ratelimit-{name}"]) for name in names)
    return limit, remaining, reset


def says_nothing_of_a_limit(answer: httpx.Response) -> bool:
    return not [name for name in answer.headers if name.startswith("x-ratelimit")]


def at_once(urls: Sequence[str], keys: Iterable[str], path: str = "/api/v1/tracks?limit=1") -> Counter[int]:
    """How often which status was answered to a call with each of `keys`, all of which are under way together,
    each over a connection of its own."""
    return asyncio.run(_at_once(urls, list(keys), path))


async def _at_once(urls: Sequence[str], keys: list[str], path: str) -> Counter[int]:
    connections = []
    for number in range(len(keys)):
        where = urlsplit(urls[number % len(urls)])
        connections.append(await asyncio.open_connection(where.hostname, where.port))
    for (_, writer), key in zip(connections, keys, strict=True):
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: [::1]\r\nX-API-Key: {key}\r\nConnection: close\r\n\r\n".encode()
        )
    answers = await asyncio.gather(*(reader.read() for reader, _ in connections))
    for _, writer in connections:
        writer.close()
    return Counter(int(re.match(rb"HTTP/1.1 (\d+)", answer)[1]) for answer in answers)  # type: ignore[index]
