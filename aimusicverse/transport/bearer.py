"""How the key gets onto a request."""

from __future__ import annotations

from collections.abc import Generator

from aimusicverse.secret import Secret
from aimusicverse.transport.lean_httpx import httpx


class Bearer(httpx.Auth):
    """`Authorization: Bearer <key>`, put on at the last moment.

    So the key is in no dict of headers that a traceback with local variables would show, and an `auth`
    or `.netrc` of a passed-in httpx client cannot take its place.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key

    def sign(self, request: httpx.Request) -> None:
        """Put the key on."""
        request.headers["Authorization"] = "Bearer " + self._key.get_secret_value()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """httpx's hook."""
        self.sign(request)
        yield request
