"""Decides what a user is told of, and which chat is his."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from aimusicverse.notify import texts
from aimusicverse.notify.telegram import Update
from aimusicverse.server.distributions import reading as distributions
from aimusicverse.server.notifications import bot_queries, queries
from aimusicverse.server.notifications.queries import Wishes
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.users import queries as users
from aimusicverse.types import NotificationSettings, NotificationUpdate, TelegramLink

#: How long a code is good.
CODE_LASTS: Final = timedelta(minutes=10)
#: How many distributions `/status` tells of.
_LATEST: Final = 5
_BLOCKED: Final = "That chat takes no messages any more, so it was forgotten. Link it again."


def settings(tx: Transaction, owner: Owner, bot_id: int | None) -> NotificationSettings:
    """What a user is told of, and where.

    Args:
        tx: the transaction.
        owner: of whom.
        bot_id: Telegram's number of the bot that this server has, if it has one.
    """
    return _shown(tx, queries.wishes(tx, owner), bot_id, None)


def update(
    tx: Transaction, owner: Owner, body: NotificationUpdate, bot_id: int | None
) -> NotificationSettings:
    """Change what is given.

    Raises:
        Refusal: `no_telegram_bot`: there is none to link a chat with.
    """
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    link = changes.pop("telegram", None)
    if changes:
        queries.set_wanted(tx, owner, {**queries.wishes(tx, owner).wanted, **changes})
    code = None
    if link:
        if bot_id is None:
            raise Refusal("no_telegram_bot")
        code = secrets.token_urlsafe(16)
        queries.set_code(tx, owner, _hash(code), tx.now + CODE_LASTS)
    elif link is not None:
        queries.set_chat(tx, owner, None, None)
    return _shown(tx, queries.wishes(tx, owner), bot_id, code)


def answer(tx: Transaction, bot_id: int, who: str, update: Update) -> str | None:
    """What to say to a message to the bot, whose effect is in this transaction; so is that it was answered.

    Args:
        tx: the transaction.
        bot_id: Telegram's number of the bot.
        who: listens to it.
        update: the message.

    Returns:
        Telegram's HTML; `None`: nothing, also when another one answers it.
    """
    if not bot_queries.take(tx, bot_id, who, update.id) or update.chat_id is None:
        return None
    word, _, rest = update.text.strip().partition(" ")
    command = word.partition("@")[0].lower()  # in groups: /status@the_bot
    if not update.private:
        return texts.PRIVATE_ONLY if command in ("/start", "/status", "/stop", "/help") else None
    of_chat = queries.owners_of_chat(tx, update.chat_id)
    if command == "/start" and rest.strip():
        return _link(tx, update.chat_id, update.sender, rest.strip(), of_chat)
    if command == "/status":
        return _status(tx, of_chat[0]) if of_chat else texts.NOT_LINKED
    if command == "/stop":
        for owner in of_chat:
            queries.set_chat(tx, owner, None, None)
        return texts.STOPPED if of_chat else texts.NOT_LINKED
    if command == "/start" and not of_chat:
        return texts.NOT_LINKED
    return texts.HELP if of_chat or command in ("/start", "/help") else None


def _status(tx: Transaction, owner: Owner) -> str:
    found = distributions.page(tx, owner, None, None, None, None, None, _LATEST)
    return texts.of_status(found[:_LATEST])


def forget_chat(tx: Transaction, owner: Owner, chat_id: int) -> None:
    """That chat takes no messages. If it still is his, it is forgotten, which his settings say."""
    before = queries.wishes(tx, owner)
    if before.chat_id == chat_id:
        queries.set_chat(tx, owner, None, before.chat_name or str(chat_id))


def _link(tx: Transaction, chat_id: int, sender: str, code: str, of_chat: list[Owner]) -> str:
    owner = queries.owner_of_code(tx, _hash(code))
    if owner is None:
        return texts.CODE_UNKNOWN
    others = [other for other in of_chat if other != owner]
    for other in others:
        queries.set_chat(tx, other, None, None)
    queries.set_chat(tx, owner, chat_id, sender or str(chat_id))
    return texts.linked(users.get(tx, owner.id).name, bool(others))


def _shown(tx: Transaction, wishes: Wishes, bot_id: int | None, code: str | None) -> NotificationSettings:
    name = None if bot_id is None else bot_queries.name(tx, bot_id)
    linked = wishes.chat_id is not None
    return NotificationSettings(
        telegram=TelegramLink(
            available=bot_id is not None,
            bot=None if name is None else f"@{name}",
            linked=linked,
            chat=wishes.chat_name if linked else None,
            code=code,
            link_url=None if code is None or name is None else f"https://t.me/{name}?start={code}",
            code_expires_at=None if code is None else wishes.code_until,
            problem=_BLOCKED if wishes.chat_name is not None and not linked else None,
        ),
        **{kind: wishes.wanted[kind] for kind in queries.KINDS},
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
