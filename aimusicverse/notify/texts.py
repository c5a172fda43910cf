"""What people are told, as Telegram's HTML: a title in bold, everything that came from elsewhere escaped.

Each message says the mode, so that nobody takes a stand-in store for a real one.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from aimusicverse.release.outlets import OUTLETS
from aimusicverse.types.distribution import Distribution, StoreDelivery, StoreDeliveryProblem

#: What a message may tell of a distribution.
What = Literal["live", "failed", "rejected", "action_required", "complete"]

_MODES: Final[Mapping[str, str]] = {
    "sandbox": "Sandbox: a stand-in store, nobody can hear it.",
    "live": "Mode: live.",
}
_HEADS: Final[Mapping[str, str]] = {
    "live": "Live on {store}.",
    "failed": "Failed at {store}.",
    "rejected": "Rejected by {store}.",
    "action_required": "{store} needs you.",
}
#: Telegram takes 4,096 characters; a text of a store's is cut long before.
_MOST_OF_A_PART: Final = 600
_MOST_STORES: Final = 10
_MOST_OF_MANY_LINKS: Final = 250

HELP: Final = (
    "I tell you when your releases are live in stores, and when something is wrong.\n\n"
    "/status: how your latest distributions stand\n"
    "/stop: forget this chat\n"
    "/help: this\n\n"
    "To link this chat: <code>amv notifications link</code>, or PATCH /api/v1/user/notifications with "
    "<code>{&quot;telegram&quot;: true}</code>, gives a code; then /start and the code."
)
COMMANDS: Final[Mapping[str, str]] = {
    "status": "How your latest distributions stand",
    "stop": "Forget this chat",
    "help": "What I can do",
}
NOT_LINKED: Final = (
    "This chat is linked with nobody here. <code>amv notifications link</code> gives a code; "
    "then send /start and the code."
)
CODE_UNKNOWN: Final = (
    "This code is not valid: it was used, is older than 10 minutes, or was never one. "
    "<code>amv notifications link</code> gives another."
)
STOPPED: Final = "This chat is forgotten. You get no more messages."
PRIVATE_ONLY: Final = "I only speak in private chats: what I tell is for one person."


def linked(name: str, before: bool) -> str:
    """To a chat that now belongs to the user of this name; `before`, it was another's."""
    moved = " What I told it of another user so far, it gets no more." if before else ""
    return f"This chat is linked with <b>{_safe(name)}</b>.{moved} I understand /status, /stop and /help."


def of_distribution(distribution: Distribution, what: What, platform: str | None) -> str:
    """What happened to a release.

    Args:
        distribution: as it is since.
        what: happened.
        platform: where; of `complete` it does not matter.

    Raises:
        ValueError: the distribution does not go there.
    """
    if what == "complete":
        return _joined(_complete(distribution))
    delivery = next((one for one in distribution.deliveries if one.platform == platform), None)
    if delivery is None:
        raise ValueError(f"{distribution.id} does not go to {platform!r}")
    lines = [_title(distribution), _HEADS[what].format(store=_store(delivery.platform))]
    if what == "live":
        lines.append(_link(delivery.external_url))
    else:
        lines += _problem(delivery, distribution.id, what)
    return _joined([*lines, _MODES.get(delivery.mode, _safe(delivery.mode))])


def of_status(distributions: Iterable[Distribution]) -> str:
    """How some distributions stand, as far as a message takes them."""
    parts = [
        _joined(
            [
                f"{_title(one)} ({_safe(one.mode)})",
                *(
                    f"{_store(at.platform)}: {_safe(at.status.replace('_', ' '))}"
                    + (f": {_safe(at.problem.message, 150)}" if at.problem else "")
                    for at in one.deliveries[:_MOST_STORES]
                ),
                _more(one.deliveries),
            ]
        )
        for one in distributions
    ]
    return _fitting(parts) if parts else "You have no distributions yet."


def _complete(distribution: Distribution) -> list[str]:
    live = [one for one in distribution.deliveries if one.status == "live"]
    stores = [
        f"{_store(one.platform)} {_link(one.external_url, _MOST_OF_MANY_LINKS)}".rstrip()
        for one in live[:_MOST_STORES]
    ]
    return [
        _title(distribution),
        f"Everywhere where it was to go: live in {len(live)} {'store' if len(live) == 1 else 'stores'}.",
        *stores,
        _more(live),
        _MODES.get(distribution.mode, _safe(distribution.mode)),
    ]


def _more(deliveries: Sequence[StoreDelivery]) -> str:
    left_out = len(deliveries) - _MOST_STORES
    return f"and {left_out} more" if left_out > 0 else ""


def _problem(delivery: StoreDelivery, distribution_id: str, what: What) -> list[str]:
    problem = delivery.problem
    if problem is None:
        return [f"<code>amv distributions get {_safe(distribution_id)}</code> tells more."]
    where = f" ({_safe(problem.field, 100)})" if problem.field else ""
    return [
        f"{_safe(problem.message)}{where}",
        _safe(problem.hint) if problem.hint else "",
        _link(problem.docs_url),
        _next_step(problem, distribution_id, what),
    ]


def _next_step(problem: StoreDeliveryProblem, distribution_id: str, what: What) -> str:
    verb = "retry" if what == "failed" and problem.retryable else "get"
    return f"<code>amv distributions {verb} {_safe(distribution_id)}</code>"


def _title(distribution: Distribution) -> str:
    return f"<b>{_safe(distribution.title, 300)}</b>"


def _store(platform: str) -> str:
    outlet = OUTLETS.get(platform)
    return _safe(platform if outlet is None else outlet.name, 60)


def _link(url: str | None, most: int = 2_000) -> str:
    """An address that can be followed from a telephone; another one says nothing there, nor does half of
    one."""
    return _safe(url, most) if url and url.startswith(("https://", "http://")) and len(url) <= most else ""


def _safe(text: str, most: int = _MOST_OF_A_PART) -> str:
    """One line, no longer than that, with nothing in it that Telegram would take for a tag."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return html.escape(line if len(line) <= most else f"{line[: most - 1]}…")


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)


def _fitting(parts: list[str], most: int = 3_500) -> str:
    """As many whole parts as a message takes."""
    taken = parts[:1]
    for part in parts[1:]:
        if len("\n\n".join([*taken, part])) > most:
            break
        taken.append(part)
    return "\n\n".join(taken)
