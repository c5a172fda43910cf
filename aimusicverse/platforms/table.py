"""Which connector brings a release to a store, what it needs, and by what means it does so once.

A table alone: a connector's module is imported when one is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal, cast

from aimusicverse.platforms.base import Account, Connector, Kind, Mode, Surroundings
from aimusicverse.release.outlets import OUTLETS

#: `connect`: with one's own account. `by_person`: a person hands a kit over. `server`: whoever runs the
#: server has to set something first.
Live = Literal["connect", "by_person", "server", "not_possible"]


@dataclass(frozen=True, slots=True)
class Route:
    """How a release gets to a store from here.

    Args:
        kind: `api`, `package` or `kit`.
        exactly_once: in words, by what means it comes there once, and only once.
        live: what the real store takes; `connect` is `server` where all of `server_settings` are empty.
        module: in which the connector is.
        name: of its class.
        sandbox: the stand-in's name in the sandbox; `None`: there is none, as nothing is sent.
        signs_in: whether an account is connected in a browser (OAuth).
        connect_fields: what else it takes to connect; `?` after it: may be left out.
        secret_fields: which of them are kept sealed, and never shown.
        needs_account: modes in which nothing goes without a connected account.
        server_settings: of which whoever runs the server has to set one group, for live mode.
    """

    kind: Kind
    exactly_once: str
    live: Live
    module: str
    name: str
    sandbox: str | None = None
    signs_in: bool = False
    connect_fields: tuple[str, ...] = ()
    secret_fields: frozenset[str] = frozenset()
    needs_account: frozenset[Mode] = frozenset()
    server_settings: tuple[tuple[str, ...], ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """`connect_fields` without marks."""
        return tuple(field.removesuffix("?") for field in self.connect_fields)

    @property
    def required_fields(self) -> tuple[str, ...]:
        """Those that may not be left out."""
        return tuple(field for field in self.connect_fields if not field.endswith("?"))


def _ddex(*, required: tuple[str, ...]) -> Route:
    return Route(
        kind="package",
        exactly_once="The batch's name is fixed before the first file goes, and BatchComplete goes last: a "
        "receiver takes a batch once. An interrupted one is gone on with under its name.",
        live="connect",
        module="aimusicverse.platforms.ddex",
        name="Ddex",
        sandbox="ddex",
        connect_fields=(
            *required,
            "sender_name?", "recipient_name?", "host?", "port?", "username?", "password?", "private_key?",
            "host_key?", "folder?",
        ),
        secret_fields=frozenset({"password", "private_key"}),
        needs_account=frozenset({"live"}),
    )  # fmt: skip


_ROUTES: Final[dict[str, Route]] = {
    "soundcloud": Route(
        kind="api",
        exactly_once="What is about to be sent is noted first, and the track carries a mark of ours. After a "
        "lost answer your tracks are looked through for it before anything is sent again.",
        live="connect",
        module="aimusicverse.platforms.soundcloud",
        name="SoundCloud",
        sandbox="soundcloud",
        signs_in=True,
        needs_account=frozenset({"sandbox", "live"}),
        server_settings=(("AMV_SOUNDCLOUD_CLIENT_ID", "AMV_SOUNDCLOUD_CLIENT_SECRET"),),
    ),
    "youtube_music": Route(
        kind="api",
        exactly_once="An upload session is noted before its first byte. After an interruption it is asked "
        "how far it is, and it tells the video that it became.",
        live="connect",
        module="aimusicverse.platforms.youtube",
        name="YouTube",
        sandbox="youtube_music",
        signs_in=True,
        needs_account=frozenset({"sandbox", "live"}),
        server_settings=(("AMV_YOUTUBE_CLIENT_ID", "AMV_YOUTUBE_CLIENT_SECRET"),),
    ),
    "spotify": _ddex(required=("sender_dpid",)),
    "ddex": _ddex(required=("sender_dpid", "recipient_dpid")),
    "ddex_43": _ddex(required=("sender_dpid", "recipient_dpid")),
    "apple_music": Route(
        kind="package",
        exactly_once="Apple knows a release by its vendor id: the same one again is an update, never a "
        "second release. A package appears whole, under that name, or not at all.",
        live="connect",
        module="aimusicverse.platforms.apple_music.connector",
        name="AppleMusic",
        sandbox="apple_music",
        connect_fields=("provider", "username?", "password?"),
        secret_fields=frozenset({"password"}),
        needs_account=frozenset({"live"}),
        server_settings=(("AMV_DELIVERY_FOLDER",), ("AMV_TRANSPORTER",)),
    ),
}
_KIT: Final = Route(
    kind="kit",
    exactly_once="Nothing is sent from here: a person hands it over, once, and confirms it.",
    live="by_person",
    module="aimusicverse.platforms.kit.connector",
    name="Kit",
)


def route(platform: str, via: str | None = None) -> Route | None:
    """How a release gets to a store; `None`: from here it does not.

    Args:
        platform: a store, like `spotify`.
        via: the distributor who brings it there; `None`: its owner does.
    """
    if via is not None:
        return _KIT if _is(via, "distributor") and _is(platform, "store") else None
    return _ROUTES.get(platform)


def _is(outlet: str, kind: str) -> bool:
    return outlet in OUTLETS and OUTLETS[outlet].kind == kind


def connector(
    platform: str, via: str | None, account: Account | None, surroundings: Surroundings
) -> Connector:
    """The connector of one delivery. Whoever makes it closes it.

    Args:
        platform: a store, like `spotify`.
        via: the distributor, if there is one.
        account: as it was connected; `None`: there is none, and the connector says so if it needs one.
        surroundings: what it finds around it.

    Raises:
        LookupError: there is no route.
        AMVError: an extra that it needs is not installed.
    """
    found = route(platform, via)
    if found is None:
        raise LookupError(f"nothing here brings releases to {platform!r} by {via or 'oneself'!r}")
    make = getattr(import_module(found.module), found.name)
    if via is not None:
        return cast(Callable[..., Connector], make)(platform, account, surroundings, via=via)
    return cast(Callable[..., Connector], make)(platform, account, surroundings)
