"""The calls to YouTube's Data API v3, but for uploads: `upload.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from aimusicverse.platforms.answer import Answer
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.http import Body, StoreCalls
from aimusicverse.platforms.store_addresses import StoreAddress
from aimusicverse.platforms.youtube.codes import NO_CHANNEL
from aimusicverse.platforms.youtube.refusals import refusal

_AT_ONCE: Final = 50
_MOST_PAGES: Final = 40
#: What of `status` can be set: an update resets what it leaves out.
_MUTABLE: Final = (
    "embeddable", "license", "privacyStatus", "publicStatsViewable", "publishAt", "selfDeclaredMadeForKids",
    "containsSyntheticMedia",
)  # fmt: skip


class Api:
    """Calls in somebody's name. Each may be repeated but `new_playlist` and `add_to_playlist`."""

    def __init__(self, address: StoreAddress, calls: StoreCalls, now: Callable[[], datetime]) -> None:
        """Args:
        address: of YouTube.
        calls: signed in.
        now: server time.
        """
        self.address = address
        self.calls = calls
        self.now = now

    def videos(self, ids: Sequence[str], parts: str = "status,statistics") -> dict[str, dict[str, Any]]:
        """Those of them that are there, by id."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), _AT_ONCE):
            asked = {"part": parts, "id": ",".join(ids[start : start + _AT_ONCE]), "maxResults": "50"}
            answer = self._ask("GET", "/videos", asked)
            # With ids there are no pages, and `maxResults` is not looked at.
            found |= {video["id"]: video for video in _items(answer)}
        return found

    def set_texts(self, video: str, snippet: Mapping[str, Any]) -> None:
        """Title, description, tags."""
        self._ask("PUT", "/videos", {"part": "snippet"}, data={"id": video, "snippet": dict(snippet)})

    def set_status(self, video: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """Change of `status` these, and leave the rest as its owner has it.

        Args:
            video: with `id` and `status`, as it is.
            changes: `publishAt` is only kept of a video that is to be published.
        """
        kept = {name: video["status"][name] for name in _MUTABLE if name in video["status"]}
        kept.pop("publishAt", None)
        self._ask(
            "PUT", "/videos", {"part": "status"}, data={"id": video["id"], "status": {**kept, **changes}}
        )

    def delete_video(self, video: str) -> None:
        """For good; one that is gone is no harm."""
        self._ask("DELETE", "/videos", {"id": video}, but={404})

    def set_thumbnail(self, video: str, picture: bytes) -> bool:
        """Its picture in lists; `False`: the channel may not (its number was not confirmed)."""
        body = Body("image/jpeg", len(picture), lambda: iter([picture]))
        answer = self.calls.call(
            "POST", f"{self.address.upload}/thumbnails/set", params={"videoId": video}, body=body
        )
        return answer.status == 200

    def channel(self) -> dict[str, Any]:
        """One's own.

        Raises:
            DeliveryError: `setup`: there is none.
        """
        answer = self._ask("GET", "/channels", {"part": "snippet,contentDetails", "mine": "true"})
        found = _items(answer)
        if not found:
            raise DeliveryError(NO_CHANNEL.problem())
        return found[0]

    def playlists(self) -> Iterator[dict[str, Any]]:
        """One's own."""
        return self._pages("/playlists", {"part": "snippet,status", "mine": "true"})

    def inside(self, playlist: str) -> Iterator[str]:
        """Ids of its videos, in order."""
        for item in self._pages("/playlistItems", {"part": "contentDetails", "playlistId": playlist}):
            yield item["contentDetails"]["videoId"]

    def new_playlist(self, snippet: Mapping[str, str], privacy: str) -> str:
        """Its id."""
        data = {"snippet": dict(snippet), "status": {"privacyStatus": privacy}}
        return str(self._ask("POST", "/playlists", {"part": "snippet,status"}, data=data)["id"])

    def set_playlist(self, playlist: str, snippet: Mapping[str, str], privacy: str) -> bool:
        """Texts, and who sees it; `False`: it is gone."""
        data = {"id": playlist, "snippet": dict(snippet), "status": {"privacyStatus": privacy}}
        return bool(self._ask("PUT", "/playlists", {"part": "snippet,status"}, data=data, but={404}))

    def playlist(self, playlist: str) -> dict[str, Any] | None:
        """One of them."""
        found = _items(self._ask("GET", "/playlists", {"part": "snippet,status", "id": playlist}))
        return found[0] if found else None

    def add_to_playlist(self, playlist: str, video: str, position: int) -> None:
        """Put a video into it."""
        resource = {"kind": "youtube#video", "videoId": video}
        snippet = {"playlistId": playlist, "position": position, "resourceId": resource}
        self._ask("POST", "/playlistItems", {"part": "snippet"}, data={"snippet": snippet})

    def _pages(self, path: str, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        page: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            answer = self._ask("GET", path, {**asked, "maxResults": str(_AT_ONCE), **page})
            yield from _items(answer)
            if not answer.get("nextPageToken"):
                return
            page = {"pageToken": str(answer["nextPageToken"])}

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        *,
        data: Mapping[str, Any] | None = None,
        but: set[int] | None = None,
    ) -> dict[str, Any]:
        answer: Answer = self.calls.call(method, f"{self.address.api}{path}", params=params, data=data)
        if but and answer.status in but:
            return {}
        if answer.status == 204:
            return {}
        if answer.status != 200:
            raise refusal(answer, self.now())
        return answer.json(self.address.name)


def _items(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = answer.get("items", [])
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
