"""The Bot API of Telegram, as far as it is needed: https://core.telegram.org/bots/api.

The token stands in the path of each address. So no address is told to anybody: requests go straight to the
transport, because `httpx.Client` logs the address of each at level INFO, and errors are made anew.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from aimusicverse.secret import Secret

if TYPE_CHECKING:
    import httpx

#: `again`: the same may work later. `chat`: that person or chat takes no messages. `token`: the bot is not
#: known there. `elsewhere`: another program asks for its updates. `refused`: it would be refused again.
Kind = Literal["again", "chat", "token", "elsewhere", "refused"]

#: Seconds for a call, besides what it is held back for.
DEADLINE_SECONDS: Final = 15.0
_CONNECT_SECONDS: Final = 10.0
_MOST_BYTES: Final = 8 * 2**20
#: What Telegram says of a chat that is not there; it does so with 400.
_NO_CHAT: Final = ("chat not found", "peer_id_invalid", "user not found")


class TelegramError(Exception):
    """A call that had no success. It never holds the token."""

    def __init__(self, message: str, *, kind: Kind, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.kind: Kind = kind
        #: Seconds, as Telegram wants it.
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Update:
    """A message to the bot; of other updates only the number."""

    id: int
    chat_id: int | None = None
    private: bool = False
    sender: str = ""
    text: str = ""


class Telegram:
    """One bot. An asynchronous context manager, for one event loop."""

    def __init__(self, url: str, token: Secret) -> None:
        """Nothing is asked yet.

        Args:
            url: origin of the API.
            token: of the bot, `<number>:<letters>`.
        """
        self._url = url.rstrip("/")
        self._token = token
        self._transport: httpx.AsyncHTTPTransport | None = None

    def __repr__(self) -> str:
        return f"Telegram({self._url!r})"

    async def __aenter__(self) -> Self:
        import httpx  # slow to import; only a server with a bot pays

        self._transport = httpx.AsyncHTTPTransport()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transport is not None:
            await self._transport.aclose()

    async def me(self) -> str:
        """The bot's own name, without `@`.

        Raises:
            TelegramError: it cannot be had.
        """
        said = await self._call("getMe", {})
        name = said.get("username") if isinstance(said, dict) else None
        if not isinstance(name, str):
            raise TelegramError("Telegram gave the bot no name", kind="again")
        return name

    async def set_commands(self, commands: Mapping[str, str]) -> None:
        """What the bot's menu lists.

        Args:
            commands: names and what they do.

        Raises:
            TelegramError: it is not taken.
        """
        listed = [{"command": name, "description": about} for name, about in commands.items()]
        await self._call("setMyCommands", {"commands": listed})

    async def send(self, chat_id: int, text: str) -> None:
        """Send a message.

        Args:
            chat_id: to whom.
            text: Telegram's HTML.

        Raises:
            TelegramError: it is not known to have arrived.
        """
        await self._call(
            "sendMessage",
            {
                "chat_id": chat_id,
                "text": text,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        )

    async def updates(self, offset: int, *, wait: int) -> list[Update]:
        """What was written to the bot, oldest first.

        Args:
            offset: from this number on; those before it Telegram may forget.
            wait: seconds to wait for the first.

        Raises:
            TelegramError: they cannot be had.
        """
        asked = {"offset": offset, "timeout": wait, "allowed_updates": ["message"]}
        said = await self._call("getUpdates", asked, held=wait)
        if not isinstance(said, list):
            raise TelegramError("Telegram sent no list of updates", kind="again")
        found = [_update(one) for one in said]
        return sorted((one for one in found if one is not None), key=lambda one: one.id)

    async def _call(self, method: str, body: dict[str, Any], *, held: float = 0) -> Any:
        """The `result` of a call."""
        try:
            async with asyncio.timeout(DEADLINE_SECONDS + held):
                status, answer = await self._sent(method, body, held)
        except TimeoutError:
            raise TelegramError(f"Telegram did not answer {method} in time", kind="again") from None
        return _result(method, status, answer)

    async def _sent(self, method: str, body: dict[str, Any], held: float) -> tuple[int, bytes]:
        import httpx

        if self._transport is None:
            raise RuntimeError("this Telegram was not entered")
        patience = DEADLINE_SECONDS + held
        request = httpx.Request(
            "POST",
            f"{self._url}/bot{self._token.get_secret_value()}/{method}",
            json=body,
            extensions={
                "timeout": {
                    "connect": _CONNECT_SECONDS,
                    "read": patience,
                    "write": patience,
                    "pool": patience,
                }
            },
        )
        try:
            response = await self._transport.handle_async_request(request)
            try:
                read = bytearray()
                async for chunk in response.aiter_raw():
                    read += chunk
                    if len(read) > _MOST_BYTES:
                        raise TelegramError(f"Telegram's answer to {method} is too large", kind="again")
                return response.status_code, bytes(read)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            # Its kind alone: nobody vouches for what else such an error says.
            problem = f"Telegram was not reached for {method}: {type(error).__name__}"
            raise TelegramError(problem, kind="again") from None


def bot_id(token: Secret) -> int:
    """Telegram's number of the bot that a token is of; it is no secret."""
    return int(token.get_secret_value().partition(":")[0])


def _result(method: str, status: int, answer: bytes) -> Any:
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        raise TelegramError(f"Telegram answered {method} with {status} and no JSON of its own", kind="again")
    if said["ok"]:
        return said.get("result")
    code = said.get("error_code", status)
    description = " ".join(str(said.get("description") or "").split())[:200]
    parameters = said.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    raise TelegramError(
        f"Telegram refused {method}: {code} {description}".rstrip(),
        kind=_kind(code, description.lower()),
        retry_after=float(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) else None,
    )


def _kind(code: Any, description: str) -> Kind:
    if code in (401, 404):
        return "token"
    if code == 403 or (code == 400 and any(sign in description for sign in _NO_CHAT)):
        return "chat"
    if code == 409:
        return "elsewhere"
    return "refused" if isinstance(code, int) and 400 <= code < 500 and code != 429 else "again"


def _update(said: Any) -> Update | None:
    if not isinstance(said, dict) or not _is_number(said.get("update_id")):
        return None
    number: int = said["update_id"]
    message = said.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict) or not _is_number(chat.get("id")):
        return Update(number)
    names = [chat.get("first_name"), chat.get("last_name")]
    account = chat.get("username")
    sender = " ".join(name for name in names if isinstance(name, str))
    if isinstance(account, str):
        sender = f"{sender} (@{account})" if sender else f"@{account}"
    text = message.get("text")
    return Update(
        number,
        chat_id=chat["id"],
        private=chat.get("type") == "private",
        sender=sender.replace("\0", "")[:200],
        text=text.replace("\0", "") if isinstance(text, str) else "",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
