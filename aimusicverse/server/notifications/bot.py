"""The bot: hears what people write to it, and answers.

One process of a server listens at a time, by a lease; Telegram refuses a second one. That an update was
answered is noted with its effect, before the answer is sent: after a crash none is answered twice. (An answer
that was on its way is lost then. Whoever asked asks again; messages about releases go another way.)
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Final

from aimusicverse.notify.telegram import Telegram, TelegramError, Update, bot_id
from aimusicverse.notify.texts import COMMANDS
from aimusicverse.secret import Secret
from aimusicverse.server.notifications import bot_queries, service
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.notifications")

#: Seconds that Telegram holds back an answer until there is an update.
HELD: Final = 25
#: Longer than a call may take.
LEASE_SECONDS: Final = 60.0
#: Seconds until a listener that failed, or another one that waits, tries again.
RETRY_SECONDS: Final = 5.0
_LONGEST_RETRY: Final = 60.0
#: How often an answer is sent, and for how long its listener waits in between.
_TRIES: Final = 3
_LONGEST_PAUSE: Final = 10.0


class Bot:
    """Listens from a thread of its own until it is stopped."""

    def __init__(self, store: Store, url: str, token: Secret, *, name: str) -> None:
        """Nothing is asked before `start`.

        Args:
            store: of users and chats.
            url: origin of Telegram's Bot API.
            token: of the bot.
            name: who listens; no other process may have it.
        """
        self._store = store
        self._url = url
        self._token = token
        self._id = bot_id(token)
        self._name = name
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="amv-telegram", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more, and let another one."""
        self._stopping.set()
        with self._lock:
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._until_cancelled())
            self._store.write_now(bot_queries.let_go, [self._name])
        except StoreError as error:
            log.warning("the bot's lease runs out by itself", extra={"error": str(error)})
        except Exception:
            log.exception("the bot met a defect")

    async def _until_cancelled(self) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.current_task()
        try:
            async with Telegram(self._url, self._token) as telegram:
                await self._listen(telegram)
        except asyncio.CancelledError:
            pass  # by `stop`
        finally:
            with self._lock:
                self._loop = self._task = None

    async def _listen(self, telegram: Telegram) -> None:
        introduced, failures = False, 0
        while True:
            try:
                offset = await self._store.write(bot_queries.hold, self._id, self._name, LEASE_SECONDS)
                if offset is None:
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                if not introduced:
                    await self._introduce(telegram)
                    introduced = True
                for update in await telegram.updates(offset, wait=HELD):
                    await self._answer(telegram, update)
                failures = 0
            except (TelegramError, StoreError) as error:
                failures += 1
                log.warning("the bot cannot listen", extra={"error": str(error)})
                wished = getattr(error, "retry_after", None) or 0.0
                await asyncio.sleep(
                    max(wished, min(RETRY_SECONDS * 2 ** min(failures - 1, 8), _LONGEST_RETRY))
                )
            except Exception:
                log.exception("the bot met a defect")
                await asyncio.sleep(_LONGEST_RETRY)

    async def _introduce(self, telegram: Telegram) -> None:
        name = await telegram.me()
        await telegram.set_commands(COMMANDS)
        await self._store.write(bot_queries.set_name, self._id, name)
        log.info("the bot listens", extra={"bot": name})

    async def _answer(self, telegram: Telegram, update: Update) -> None:
        text = await self._store.write(service.answer, self._id, self._name, update)
        if text is None or update.chat_id is None:
            return
        for left in reversed(range(_TRIES)):
            try:
                await telegram.send(update.chat_id, text)
                return
            except TelegramError as error:
                if error.kind != "again" or not left or (error.retry_after or 0) > _LONGEST_PAUSE:
                    log.warning("an answer was not sent", extra={"error": error.message})
                    return
                await asyncio.sleep(error.retry_after or RETRY_SECONDS)
