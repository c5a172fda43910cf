"""The table of stores that are called by an API: where they answer, in which version, how they let us in.

Everything that a store may move or rename stands here and nowhere else. Live rows are as the stores publish
them; the same paths are answered by the stand-ins of the sandbox, under one address of this machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Literal

from aimusicverse.platforms.base import Mode, Surroundings


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """One store, as it is called.

    Args:
        platform: `soundcloud`, `youtube_music`.
        name: as people know it.
        version: of the API, and as of when the row is true.
        api: before each path; no slash at the end.
        upload: the same for uploads, where they go elsewhere.
        authorize: where people let us in, in a browser.
        token: where codes and refresh tokens are exchanged.
        scopes: that are asked for; empty: the store has none.
        scheme: of the header `Authorization`: `OAuth` or `Bearer`.
        ask: further fields of the address to authorize.
        refresh_tokens: `once`: each is good for one exchange; `stay`: until they are taken back.
        refresh_names_redirect: whether `redirect_uri` is sent when a token is refreshed.
        settles: for how long something whole that was sent may not yet be listed.
        mode: `live` or `sandbox`.
    """

    platform: str
    name: str
    version: str
    api: str
    upload: str
    authorize: str
    token: str
    scheme: Literal["OAuth", "Bearer"]
    refresh_tokens: Literal["once", "stay"]
    scopes: tuple[str, ...] = ()
    ask: tuple[tuple[str, str], ...] = field(default=())
    refresh_names_redirect: bool = False
    settles: timedelta = timedelta(minutes=2)
    mode: Mode = "live"


_LIVE: Final = (
    StoreAddress(
        platform="soundcloud",
        name="SoundCloud",
        version="Public API 1.0.0, OpenAPI description of July 2026",
        api="https://api.soundcloud.com",
        upload="https://api.soundcloud.com",
        authorize="https://secure.soundcloud.com/authorize",
        token="https://secure.soundcloud.com/oauth/token",  # noqa: S106 # nosec B106 - an address
        scheme="OAuth",
        refresh_tokens="once",
        refresh_names_redirect=True,
    ),
    StoreAddress(
        platform="youtube_music",
        name="YouTube",
        version="Data API v3, November 2026",
        api="https://www.googleapis.com/youtube/v3",
        upload="https://www.googleapis.com/upload/youtube/v3",
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106 # nosec B106 - an address
        scheme="Bearer",
        refresh_tokens="stay",
        scopes=("https://www.googleapis.com/auth/youtube",),
        # Without both of them Google gives no refresh token to somebody who let us in before.
        ask=(("access_type", "offline"), ("prompt", "consent")),
    ),
)
#: Paths of the stand-ins, under the sandbox's address: store, API, uploads, authorize, token.
_SANDBOX: Final = {
    "soundcloud": ("/soundcloud", "/soundcloud", "/soundcloud/authorize", "/soundcloud/oauth/token"),
    "youtube_music": (
        "/youtube/youtube/v3",
        "/youtube/upload/youtube/v3",
        "/youtube/o/oauth2/v2/auth",
        "/youtube/token",
    ),
}
#: Stand-ins list what was sent in the same moment.
_SETTLES_IN_THE_SANDBOX: Final = timedelta(seconds=1)

#: Platforms of the table.
WITH_AN_API: Final = tuple(address.platform for address in _LIVE)


def address_of(platform: str, surroundings: Surroundings, mode: Mode | None = None) -> StoreAddress:
    """Where a store answers.

    Args:
        platform: one of `WITH_AN_API`.
        surroundings: they name the sandbox.
        mode: left out: `sandbox` where the surroundings have one.

    Raises:
        KeyError: the store is not called by an API.
        ValueError: the sandbox was asked for, and there is none.
    """
    live = _by_platform()[platform]
    if (mode or ("live" if surroundings.sandbox_url is None else "sandbox")) == "live":
        return live
    if surroundings.sandbox_url is None:
        raise ValueError("there is no sandbox")
    base = surroundings.sandbox_url.rstrip("/")
    api, upload, authorize, token = (base + path for path in _SANDBOX[platform])
    return replace(
        live,
        api=api,
        upload=upload,
        authorize=authorize,
        token=token,
        settles=_SETTLES_IN_THE_SANDBOX,
        mode="sandbox",
    )


def _by_platform() -> dict[str, StoreAddress]:
    return {address.platform: address for address in _LIVE}
