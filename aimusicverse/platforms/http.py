"""How stores are called: with deadlines, never elsewhere than told, and with an error that says what to do.

client = open_client(address)
calls = StoreCalls(address, account, client)
answer = calls.call("GET", f"{address.api}/me")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from aimusicverse.platforms.answer import Answer, retry_after, store_incomprehensible
from aimusicverse.platforms.base import Account, DeliveryError, StoreProblem
from aimusicverse.platforms.store_addresses import StoreAddress
from aimusicverse.platforms.store_problems import general

_CONNECT_SECONDS: Final = 10.0
_WRITE_SECONDS: Final = 60.0
#: Stores look into a whole upload before they answer.
_READ_SECONDS: Final = 120.0
_MOST_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, piece by piece, so that no file is ever in memory; again from its start where need be.

    Args:
        content_type: with its boundary.
        length: in bytes.
        pieces: begins anew with each call.
    """

    content_type: str
    length: int
    pieces: Callable[[], Iterator[bytes]]


def open_client(address: StoreAddress, *, read_seconds: float = _READ_SECONDS) -> httpx.Client:
    """A client for one store.

    Args:
        address: in the sandbox no proxy of this machine's settings is asked.
        read_seconds: how long it may think before it answers.
    """
    return httpx.Client(
        timeout=httpx.Timeout(_CONNECT_SECONDS, write=_WRITE_SECONDS, read=read_seconds),
        follow_redirects=False,  # a token goes to nobody whom the table does not name
        trust_env=address.mode == "live",
        # Certificates are not loaded, which takes longer than a call, where no address asks for one.
        verify=any(one.startswith("https:") for one in (address.api, address.upload, address.token)),
    )


class StoreCalls:
    """Calls to one store in somebody's name."""

    def __init__(self, address: StoreAddress, account: Account | None, client: httpx.Client) -> None:
        """Nothing is asked yet."""
        self._address = address
        self._account = account
        self._client = client

    def call(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> Answer:
        """The answer; a token that the store refuses (401) is refreshed, once.

        Args:
            method: of HTTP.
            url: where.
            params: of the query.
            data: sent as JSON.
            body: instead of it.
            headers: further ones.
            once: what it does must not be done twice.

        Returns:
            Any answer but 401, 429 and 5xx.

        Raises:
            DeliveryError: `auth`, `quota`, or `transient`: it was not done; `unknown_outcome`, only with
                `once`: all was sent, and nobody knows.
        """
        token = self._token()
        for last in (False, True):
            sending = _Sending(body)
            extra = (
                {}
                if body is None
                else {"Content-Type": body.content_type, "Content-Length": str(body.length)}
            )
            request = self._client.build_request(
                method,
                url,
                params=params,
                json=data,
                content=sending if body is not None else None,
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",  # nothing small that becomes large
                    **extra,
                    **(headers or {}),
                    "Authorization": f"{self._address.scheme} {token}",
                },
            )
            try:
                answer = send(
                    self._client,
                    request,
                    store=self._address.name,
                    whole=sending.whole if once else None,
                    hidden=(token,),
                )
            finally:
                sending.close()
            if answer.status != 401:
                return answer
            if not last:
                token = self._token(other_than=token)
        raise DeliveryError(account_expired(self._address.name))

    def _token(self, *, other_than: str | None = None) -> str:
        if self._account is None:
            raise DeliveryError(
                general(
                    "account_missing",
                    f"No {self._address.name} account is connected.",
                    hint=f"Connect it: amv platforms connect {self._address.platform}",
                )
            )
        return self._account.access_token(other_than=other_than)


def account_expired(store: str) -> StoreProblem:
    """The store lets us in no more."""
    return general(
        "account_expired",
        f"{store} does not let us in any more.",
        hint=f"Connect your {store} account anew; then retry.",
    )


def send(
    client: httpx.Client,
    request: httpx.Request,
    *,
    store: str,
    whole: Callable[[], bool] | None = None,
    hidden: tuple[str, ...] = (),
) -> Answer:
    """The answer to a request, in nobody's name.

    Args:
        client: see `open_client`.
        request: to send.
        store: its name.
        whole: given where it must not be done twice: tells whether all of the body went out.
        hidden: secrets in it.

    Returns:
        Any answer but 429 and 5xx.

    Raises:
        DeliveryError: see `StoreCalls.call`.
    """
    try:
        answer = _answered(client, request, store, hidden)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise DeliveryError(_unreachable(store, error)) from None
    except httpx.RequestError as error:
        if whole is not None and whole():
            raise DeliveryError(_unknown(store)) from None
        raise DeliveryError(_unreachable(store, error)) from None
    if answer.status == 429:
        raise DeliveryError(
            general("quota_used_up", _with_words(f"{store} asks us to wait", answer)),
            retry_after=retry_after(answer),
        )
    if answer.status >= 500:
        if whole is not None and whole():
            raise DeliveryError(_unknown(store, answer), retry_after=retry_after(answer))
        raise DeliveryError(
            general("store_busy", _with_words(f"{store} answered {answer.status}", answer)),
            retry_after=retry_after(answer),
        )
    return answer


def _answered(client: httpx.Client, request: httpx.Request, store: str, hidden: tuple[str, ...]) -> Answer:
    response = client.send(request, stream=True)
    try:
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > _MOST_BYTES:
                raise DeliveryError(store_incomprehensible(store))
        return Answer(response.status_code, response.headers, bytes(content), hidden)
    finally:
        response.close()


class _Sending:
    """A body on its way: `whole` once its last piece has been handed over."""

    def __init__(self, body: Body | None) -> None:
        self._pieces = body.pieces() if body is not None else iter(())
        self._left = body.length if body is not None else 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._left -= len(piece)
            yield piece

    def whole(self) -> bool:
        return self._left <= 0

    def close(self) -> None:
        if (close := getattr(self._pieces, "close", None)) is not None:
            close()


def _unreachable(store: str, error: Exception) -> StoreProblem:
    what = "took too long" if isinstance(error, httpx.TimeoutException) else "was not reached, or hung up"
    return general("store_unreachable", f"{store} {what}.")


def _unknown(store: str, answer: Answer | None = None) -> StoreProblem:
    what = "gave no answer" if answer is None else f"answered {answer.status}"
    return general("unknown_outcome", f"{store} had everything and {what}: it is not known what came of it.")


def _with_words(what: str, answer: Answer) -> str:
    words = answer.words()
    return f"{what}: {words}" if words else f"{what}."
