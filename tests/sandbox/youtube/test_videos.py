from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.sandbox.youtube import advance
from aimusicverse.sandbox.youtube.resource import duration
from tests.sandbox.youtube.films import film
from tests.sandbox.youtube.stand_in import NOON, StandIn

FILM = film(1000, seconds=185.4)


class Owner:
    """Somebody with a channel."""

    def __init__(self, youtube: StandIn) -> None:
        self.youtube = youtube
        self.headers = youtube.headers()

    def call(self, method: str, path: str, body: Any = None, **params: str) -> httpx.Response:
        url = f"{self.youtube.address.api}{path}"
        return httpx.request(method, url, params=params, json=body, headers=self.headers)

    def upload(self, **status: Any) -> str:
        resource = {"snippet": {"title": "Ferry"}, "status": status}
        params = {"uploadType": "resumable", "part": "snippet,status"}
        url = f"{self.youtube.address.upload}/videos"
        begun = httpx.post(url, params=params, json=resource, headers=self.headers)
        return str(httpx.put(begun.headers["location"], content=FILM, headers=self.headers).json()["id"])

    def video(self, identifier: str, part: str = "status,statistics,contentDetails") -> Any:
        items = self.call("GET", "/videos", part=part, id=identifier).json()["items"]
        return items[0] if items else None


def test_views_grow_by_the_clock_while_it_is_public_and_are_the_same_each_time(youtube: StandIn) -> None:
    owner = Owner(youtube)
    video = owner.upload(privacyStatus="public")
    youtube.reviewed()
    youtube.clock.forward(timedelta(minutes=10))
    rate = 1 + zlib.crc32(video.encode()) % 9
    counted = int(owner.video(video)["statistics"]["viewCount"])
    assert 10 * rate <= counted <= 11 * rate
    assert int(owner.video(video)["statistics"]["viewCount"]) == counted
    owner.call("PUT", "/videos", {"id": video, "status": {"privacyStatus": "private"}}, part="status")
    youtube.clock.forward(timedelta(minutes=10))
    assert int(owner.video(video)["statistics"]["viewCount"]) == counted


def test_a_scheduled_video_opens_at_its_time_whether_somebody_asks_or_not(youtube: StandIn) -> None:
    owner = Owner(youtube)
    at = NOON + timedelta(minutes=30)
    video = owner.upload(privacyStatus="private", publishAt=at.isoformat())
    assert owner.video(video)["status"]["publishAt"]
    youtube.clock.at = at + timedelta(minutes=5)
    advance(youtube.around)
    (there,) = youtube.releases()
    assert (there.status, there.live_at) == ("live", at)
    status = owner.video(video)["status"]
    assert (status["privacyStatus"], "publishAt" in status) == ("public", False)


def test_a_delayed_review_opens_it_later(youtube: StandIn) -> None:
    owner = Owner(youtube)
    youtube.order("delay", seconds=600)
    video = owner.upload(privacyStatus="public")
    youtube.clock.forward(timedelta(seconds=600))
    assert owner.video(video)["status"]["uploadStatus"] == "uploaded"
    youtube.reviewed()
    assert owner.video(video)["status"]["uploadStatus"] == "processed"
    (there,) = youtube.releases()
    assert there.live_at == NOON + timedelta(seconds=620)


def test_an_update_resets_what_it_leaves_out(youtube: StandIn) -> None:
    owner = Owner(youtube)
    video = owner.upload(privacyStatus="private", embeddable=False, selfDeclaredMadeForKids=False)
    body = {"id": video, "status": {"privacyStatus": "unlisted"}}
    status = owner.call("PUT", "/videos", body, part="status").json()["status"]
    assert (status["embeddable"], "selfDeclaredMadeForKids" in status) == (True, False)


def test_what_is_private_or_another_s_is_not_shown_or_changed(youtube: StandIn) -> None:
    owner, other = Owner(youtube), Owner(youtube)
    token = youtube.sign_in(login_hint="another").access.get_secret_value()
    other.headers = {"Authorization": f"Bearer {token}"}
    video = owner.upload(privacyStatus="private")
    assert other.video(video) is None
    assert other.call("DELETE", "/videos", id=video).status_code == 403
    assert owner.call("DELETE", "/videos", id=video).status_code == 204
    assert owner.call("DELETE", "/videos", id=video).status_code == 404


def test_uploads_are_listed_the_newest_first_page_by_page(youtube: StandIn) -> None:
    owner = Owner(youtube)
    videos = []
    for _ in range(3):
        videos.append(owner.upload(privacyStatus="private"))
        youtube.clock.forward(timedelta(seconds=1))
    channel = owner.call("GET", "/channels", part="contentDetails", mine="true").json()["items"][0]
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    first = owner.call(
        "GET", "/playlistItems", part="contentDetails", playlistId=uploads, maxResults="2"
    ).json()
    rest = owner.call(
        "GET", "/playlistItems", part="contentDetails", playlistId=uploads, pageToken=first["nextPageToken"]
    ).json()
    found = [item["contentDetails"]["videoId"] for item in (*first["items"], *rest["items"])]
    assert found == videos[::-1]
    assert "nextPageToken" not in rest


@pytest.mark.parametrize(("kind", "content"), [("image/jpeg", b"no jpeg"), ("image/gif", b"GIF89a")])
def test_a_thumbnail_that_is_none_is_refused(youtube: StandIn, kind: str, content: bytes) -> None:
    owner = Owner(youtube)
    video = owner.upload(privacyStatus="private")
    url = f"{youtube.address.upload}/thumbnails/set"
    headers = {**owner.headers, "Content-Type": kind}
    answer = httpx.post(url, params={"videoId": video}, content=content, headers=headers)
    assert answer.status_code == 400
    too_large = b"\xff\xd8\xff" + bytes(2 * 1024 * 1024)
    answer = httpx.post(
        url, params={"videoId": video}, content=too_large, headers={**headers, "Content-Type": "image/jpeg"}
    )
    assert answer.json()["error"]["errors"][0]["reason"] == "mediaBodyTooLarge"


@given(st.floats(0, 100_000))
def test_durations_are_iso_8601(seconds: float) -> None:
    import re

    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(\d+)S", duration(seconds))
    assert found is not None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    assert hours * 3600 + minutes * 60 + rest == round(seconds)
    assert max(minutes, rest) < 60


def test_a_length_is_told_as_it_was_found(youtube: StandIn) -> None:
    owner = Owner(youtube)
    video = owner.upload(privacyStatus="private")
    assert owner.video(video)["contentDetails"]["duration"] == "PT3M5S"
    (there,) = youtube.releases()
    assert there.received_at == NOON
    assert isinstance(there.received_at, datetime)
