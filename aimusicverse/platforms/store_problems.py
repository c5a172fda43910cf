"""All kinds of trouble with stores: the general ones, and those of each store's package.

A store's package lists its own as `CODES` in its `codes.py`, which imports nothing heavy.
`docs/store-problems.md` is written from here by `scripts/write_store_problems.py`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from aimusicverse.platforms.base import ProblemClass, StoreProblem
from aimusicverse.platforms.store_code import StoreCode

#: What the same release may get over, once the store or a person has done something. For the others the
#: release has to be changed.
RETRYABLE: Final[frozenset[ProblemClass]] = frozenset(
    {"auth", "quota", "transient", "unknown_outcome", "setup"}
)
#: Packages of stores with codes of their own.
PACKAGES: Final = ("soundcloud", "youtube", "ddex", "apple_music", "kit")

GENERAL: Final = (
    StoreCode(
        "account_missing",
        "auth",
        "No account with this store is connected",
        "Connect one: `amv platforms connect STORE`, or `POST /platforms/{p}/connect`. The delivery goes on "
        "by itself then.",
    ),
    StoreCode(
        "account_expired",
        "auth",
        "The store does not let the connected account in any more",
        "Connect it anew: `amv platforms connect STORE`. The delivery goes on by itself then.",
    ),
    StoreCode(
        "account_refused",
        "auth",
        "The store refused the account's name, password or key",
        "Connect it anew with the right ones: `amv platforms connect STORE`.",
    ),
    StoreCode(
        "account_not_allowed",
        "auth",
        "The account may not do this in the store",
        "Look in the store whether the account may upload; connect another one if it never will.",
    ),
    StoreCode(
        "sign_in_failed",
        "auth",
        "Letting the store in was not finished",
        "Connect it anew: `amv platforms connect STORE`. What the store sends back is good once.",
    ),
    StoreCode(
        "app_refused",
        "setup",
        "The store does not take the app that this server is registered with",
        "Whoever runs the server looks after its client id, secret and redirect address (docs/settings.md).",
    ),
    StoreCode(
        "settings_wrong",
        "setup",
        "A setting of the connected account cannot be right",
        "Connect it anew with what the message asks for.",
    ),
    StoreCode(
        "server_not_ready",
        "setup",
        "Whoever runs the server has to set something first",
        "The message names the setting; docs/settings.md explains it. Retry once it is set.",
    ),
    StoreCode(
        "program_missing",
        "setup",
        "A program that is needed is not installed on the server",
        "Whoever runs the server installs what the message names. Retry then.",
    ),
    StoreCode(
        "not_delivered_from_here",
        "setup",
        "Nothing here brings releases to this store",
        "Name a distributor (`via`) that reaches it: `amv release where` lists them.",
    ),
    StoreCode(
        "store_unreachable",
        "transient",
        "The store was not reached",
        "It is tried again by itself. If the store is up and it never works, look at the server's network.",
    ),
    StoreCode(
        "store_busy",
        "transient",
        "The store could not do it just now",
        "It is tried again by itself, as soon as the store allows.",
    ),
    StoreCode(
        "store_incomprehensible",
        "transient",
        "The store's answer was not understood",
        "It is tried again by itself. If it stays so, the store has changed: tell whoever runs the server.",
    ),
    StoreCode(
        "quota_used_up",
        "quota",
        "The account's allowance with the store is used up",
        "Nothing is to be done: it goes on at the time that is shown, when there is a new allowance.",
    ),
    StoreCode(
        "unknown_outcome",
        "unknown_outcome",
        "It is not known whether the store took it",
        "Look in the store. If the release is there, confirm it (`amv distributions confirm`); else retry.",
    ),
    StoreCode(
        "store_refused",
        "metadata",
        "The store does not take something in the release as it is",
        "Change what the message names (`amv distributions update`), then retry.",
    ),
    StoreCode(
        "store_rejected",
        "policy",
        "The store looked at the release and does not want it",
        "Its reason is in the message. Change the release if that can help, and retry; else ask the store.",
    ),
    StoreCode(
        "store_failed",
        "metadata",
        "The store could not work with the files",
        "Its reason is in the message. Give another master or cover, then retry.",
    ),
    StoreCode(
        "store_silent",
        "setup",
        "The store has not answered for a long time",
        "Ask the store or its provider whether the release came. It is looked at further when you retry; "
        "`amv distributions confirm` tells how it stands.",
    ),
    StoreCode(
        "release_gone",
        "policy",
        "The store does not have the release any more",
        "Somebody removed it there. Retry to deliver it anew.",
    ),
    StoreCode(
        "date_is_with_the_store",
        "setup",
        "The store has the date already, and releases by itself",
        "Take the release down if it must not come out, or change the date with the store.",
    ),
    StoreCode(
        "date_passed",
        "metadata",
        "The release date is no longer possible for this store",
        "Give a later one (`amv distributions update`), or none, then retry.",
    ),
    StoreCode(
        "identifiers_are_fixed",
        "metadata",
        "Identifiers that the store knows a release by were changed",
        "Write them as they were delivered. To have others, take the release down and distribute it anew.",
    ),
    StoreCode(
        "track_gone",
        "metadata",
        "A track of the release was deleted before it was sent",
        "Restore the track (`amv tracks restore`), then retry; else cancel.",
    ),
    StoreCode(
        "audio_unusable",
        "metadata",
        "A track's sound cannot be read or used",
        "Upload it anew, or render it again, then retry.",
    ),
    StoreCode(
        "cover_failed",
        "metadata",
        "There is no cover that could be sent",
        "Give one with `artwork_id` (`amv artwork`), then retry.",
    ),
    StoreCode(
        "package_failed",
        "metadata",
        "The package could not be written",
        "The message names what is missing. Add it (`amv distributions update`), then retry.",
    ),
    StoreCode(
        "disk_full",
        "transient",
        "There is no room to write the package",
        "Whoever runs the server makes room. It is tried again by itself.",
    ),
    StoreCode(
        "person_needed",
        "setup",
        "A person has to do the next step",
        "Do what the message says, then tell it: `amv distributions confirm`.",
    ),
    StoreCode(
        "retries_used_up",
        "transient",
        "It was tried often enough",
        "Retry when the store works again, or take the package (`amv distributions package`) there yourself.",
    ),
    StoreCode(
        "defect",
        "setup",
        "Something is broken here, not in the release",
        "Tell whoever runs the server the time and the id; the log says more. Retry afterwards.",
    ),
)


@cache
def codes() -> dict[str, StoreCode]:
    """All of them, by code: the general ones first.

    Raises:
        ValueError: one is there twice.
    """
    every = [*GENERAL]
    for package in PACKAGES:
        every += import_module(f"aimusicverse.platforms.{package}.codes").CODES
    found: dict[str, StoreCode] = {}
    for one in every:
        if found.setdefault(one.code, one) is not one:
            raise ValueError(f"the code {one.code!r} is there twice")
    return found


_BY_CODE: Final = {one.code: one for one in GENERAL}


def general(
    code: str, message: str | None = None, *, field: str | None = None, hint: str | None = None
) -> StoreProblem:
    """A problem of the general kind.

    Args:
        code: one of `GENERAL`.
        message: what is wrong, never with a secret; left out: the title.
        field: of the release, where it is about one.
        hint: what to do; left out: the advice.

    Raises:
        KeyError: there is no such code.
    """
    return _BY_CODE[code].problem(message, field=field, hint=hint)


def docs_url(code: str) -> str:
    """Where a server explains it, below its own address."""
    return f"/store-problems/{code}"
