"""SoundCloud's API, call by call, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

import httpx

from aimusicverse.platforms.answer import Answer, store_incomprehensible
from aimusicverse.platforms.base import Account, DeliveryError
from aimusicverse.platforms.http import Body, StoreCalls
from aimusicverse.platforms.soundcloud.codes import MAY_NOT_UPLOAD, METADATA_REFUSED, SOUND_REFUSED
from aimusicverse.platforms.store_addresses import StoreAddress

_NAME: Final = "SoundCloud"
_PAGE: Final = "50"
_MOST_PAGES: Final = 40
#: Words of a refusal, and the field of a release that they mean; `{n}` is the track. The first one counts.
_MEANT: Final = (
    ("asset", "tracks[{n}].file"),
    ("artwork", "cover.file"),
    ("isrc", "tracks[{n}].isrc"),
    ("tag_list", "soundcloud.tags"),
    ("genre", "tracks[{n}].genre"),
    ("description", "soundcloud.description"),
    ("purchase", "soundcloud.purchase_url"),
    ("license", "soundcloud.licence"),
    ("embeddable", "soundcloud.embeddable_by"),
    ("label", "label"),
    ("release_date", "release_at"),
    ("ean", "upc"),
    ("title", "tracks[{n}].title"),
)
_USED_UP: Final = ("quota", "upload limit", "minutes")


class Api:
    """Calls in somebody's name. What answers 404 is `None`."""

    def __init__(self, address: StoreAddress, account: Account | None, client: httpx.Client) -> None:
        """Nothing is asked yet."""
        self._base = address.api
        self._upload = address.upload
        self._calls = StoreCalls(address, account, client)

    def get(self, *path: str, params: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        """Something as it is."""
        answer = self._calls.call("GET", self._url(path), params=params)
        return self._object(answer, None)

    def put(
        self,
        *path: str,
        data: Mapping[str, Any] | None = None,
        body: Body | None = None,
        track: int | None = None,
    ) -> dict[str, Any] | None:
        """Change it; twice is no harm.

        Args:
            path: `tracks`, id.
            data: as JSON.
            body: a form instead.
            track: of the release, that a refusal is about, from 0.
        """
        answer = self._calls.call("PUT", self._url(path), data=data, body=body)
        return self._object(answer, track)

    def delete(self, *path: str) -> None:
        """Take it away; what is not there is no error."""
        answer = self._calls.call("DELETE", self._url(path))
        if answer.status not in (200, 202, 204, 404):
            raise refused(answer, None)

    def upload(self, body: Body, track: int) -> dict[str, Any]:
        """A new track. It cannot be done twice: see `StoreCalls.call`."""
        answer = self._calls.call("POST", f"{self._upload}/tracks", body=body, once=True)
        return self._made(answer, track)

    def create(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """A new playlist. It cannot be done twice: see `StoreCalls.call`."""
        return self._made(self._calls.call("POST", self._url((kind,)), data=data, once=True), None)

    def mine(self, kind: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """What the account has, page by page; of `tracks` the newest first."""
        asked: dict[str, str] = {"linked_partitioning": "true", "limit": _PAGE, **params}
        for _ in range(_MOST_PAGES):
            page = self.get("me", kind, params=asked)
            items = page.get("collection") if page else None
            if page is None or not isinstance(items, list):
                raise DeliveryError(store_incomprehensible(_NAME))
            yield from (one for one in items if isinstance(one, dict))
            following = page.get("next_href")
            if not isinstance(following, str) or not items:
                return
            # Only what it asks for is taken over: the token goes to no address but that of the table.
            asked = dict(parse_qsl(urlsplit(following).query))

    def _url(self, path: tuple[str, ...]) -> str:
        return "/".join((self._base, *(quote(one, safe=":") for one in path)))

    def _object(self, answer: Answer, track: int | None) -> dict[str, Any] | None:
        if answer.status == 404:
            return None
        if answer.status not in (200, 201, 202):
            raise refused(answer, track)
        return answer.json(_NAME)

    def _made(self, answer: Answer, track: int | None) -> dict[str, Any]:
        if answer.status in (200, 201, 202):
            return answer.json(_NAME) if answer.is_json else {}
        raise refused(answer, track)


def refused(answer: Answer, track: int | None) -> DeliveryError:
    """Why SoundCloud does not do it.

    Args:
        answer: a refusal.
        track: that it is about, from 0; `None`: all of the release.
    """
    words = answer.words()
    said = f"SoundCloud says: {words}" if words else f"SoundCloud answered {answer.status}, and not why."
    known = words.casefold()
    if answer.status == 403 or (answer.status in (400, 422) and any(word in known for word in _USED_UP)):
        return DeliveryError(MAY_NOT_UPLOAD.problem(said))
    if answer.status == 413:
        too_large = "SoundCloud says that the file is too large."
        return DeliveryError(SOUND_REFUSED.problem(too_large, field=_file(track)))
    if answer.status not in (400, 404, 422):
        return DeliveryError(store_incomprehensible(_NAME, answer))
    field = next((field for word, field in _MEANT if word in known), None)
    if field is not None and "{n}" in field:
        field = field.format(n=track) if track is not None else field.partition(".")[2]
    code = SOUND_REFUSED if field and field.endswith(".file") and "cover" not in field else METADATA_REFUSED
    return DeliveryError(code.problem(said, field=field))


def _file(track: int | None) -> str | None:
    return None if track is None else f"tracks[{track}].file"
