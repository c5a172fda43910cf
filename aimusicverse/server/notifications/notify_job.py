"""The job `notify`: one message to one user.

A message is sent, and only then noted as sent. If the process dies between the two, it is sent again: it is
told at least once. What could not be sent for a day, or is refused, is noted as failed, and the log says so.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import timedelta
from typing import Final

from aimusicverse.notify.telegram import Telegram, TelegramError
from aimusicverse.secret import Secret
from aimusicverse.server.jobs import outbox
from aimusicverse.server.notifications import queries, service
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.transaction import Transaction

log: Final = logging.getLogger("aimusicverse.server.notifications")

#: Seconds between tries, as long as nothing else is asked for; together about a day.
RETRY_SECONDS: Final = (1, 5, 30, 120, 600, 1800, *[3600] * 23)
#: A bot that Telegram does not know is a matter for whoever runs the server.
_TOKEN_RETRY_SECONDS: Final = 120.0
#: Telegram may ask for no more than this.
_LONGEST_WAIT: Final = 6 * 3600.0


class NotifyJob:
    """Sends for a worker."""

    def __init__(self, store: Store, url: str, token: Secret) -> None:
        """Nothing is sent yet.

        Args:
            store: of the messages.
            url: origin of Telegram's Bot API.
            token: of the bot.
        """
        self._store = store
        self._url = url
        self._token = token

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Send, and note it.

        Raises:
            ClaimLost: another worker has it.
            StoreError: the database does not answer: the job is put back.
        """
        owner = Owner(job.owner_id)
        notice = self._store.read_now(queries.notice_of, owner, job.ref)
        if notice is None or notice.status != queries.PENDING:
            self._store.write_now(outbox.finish, job)
            return
        if notice.chat_id is None:
            self._end(job, queries.FAILED, "no chat is linked any more")
            return
        try:
            asyncio.run(self._send(notice.chat_id, notice.text))
        except TelegramError as error:
            self._not_sent(job, notice.chat_id, error)
        else:
            self._end(job, queries.SENT, None)

    async def _send(self, chat_id: int, text: str) -> None:
        async with Telegram(self._url, self._token) as telegram:
            await telegram.send(chat_id, text)

    def _not_sent(self, job: outbox.Job, chat_id: int, error: TelegramError) -> None:
        if error.kind == "chat":
            self._end(job, queries.FAILED, error.message, forget=chat_id)
        elif error.kind == "refused" or job.tries >= len(RETRY_SECONDS):
            self._end(job, queries.FAILED, error.message)
        else:
            seconds = float(RETRY_SECONDS[job.tries])
            if error.kind == "token":
                seconds = max(seconds, _TOKEN_RETRY_SECONDS)
            pause = timedelta(seconds=max(seconds, min(error.retry_after or 0, _LONGEST_WAIT)))
            extra = {"job": job.id, "notice": job.ref, "try": job.tries + 1, "error": error.message}
            self._store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now + pause))
            log.warning("a message waits", extra=extra)

    def _end(self, job: outbox.Job, status: str, why: str | None, *, forget: int | None = None) -> None:
        def end(tx: Transaction) -> None:
            outbox.finish(tx, job)
            queries.set_notice(tx, Owner(job.owner_id), job.ref, status)
            if forget is not None:
                service.forget_chat(tx, Owner(job.owner_id), forget)

        if why is not None:
            extra = {"job": job.id, "notice": job.ref, "owner": job.owner_id, "error": why}
            log.error("a message was not sent", extra=extra)
        self._store.write_now(end)
