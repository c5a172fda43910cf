from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.types.release import Release
from tests.platforms.youtube.deliveries import album, delivery, single, status_of
from tests.sandbox.youtube.stand_in import NOON, StandIn, stand_in

LATER = NOON + timedelta(days=3)


def problem_of(call: Any) -> Any:
    with pytest.raises(DeliveryError) as raised:
        call()
    return raised.value.problem


def playlists(youtube: StandIn) -> list[dict[str, Any]]:
    return list(youtube.records("playlist").values())


def test_a_single_becomes_a_video_that_is_public_once_it_was_processed(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    first = sent.deliver()
    assert (first.stands, first.problem) == ("processing", None)
    youtube.reviewed()
    there = sent.look()
    assert there.stands == "live"
    assert there.external_id
    assert there.external_url == f"{youtube.url}/youtube/watch?v={there.external_id}"
    assert "Maren Okafor - Paper Lanterns" in httpx.get(there.external_url).text
    assert status_of(youtube) == {
        "privacyStatus": "public",
        "publishAt": None,
        "license": "youtube",
        "embeddable": True,
        "publicStatsViewable": True,
        "selfDeclaredMadeForKids": False,
        "containsSyntheticMedia": None,
    }
    (video,) = youtube.records("video").values()
    assert video["snippet"]["categoryId"] == "10"
    assert "℗ 2026 Maren Okafor" in video["snippet"]["description"]
    assert video["thumbnail"]["size"] < 2_000_000
    assert playlists(youtube) == []


def test_views_are_told_and_grow(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    sent.deliver()
    youtube.reviewed()
    first = sent.look().streams
    youtube.clock.forward(timedelta(minutes=30))
    assert first is not None
    assert (sent.look().streams or 0) >= first + 30


def test_until_its_time_a_video_is_private_and_then_youtube_opens_it_by_itself(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single(), release_at=LATER)
    sent.deliver()
    youtube.reviewed()
    waiting = sent.look()
    assert waiting.stands == "ready"
    assert status_of(youtube)["publishAt"] == LATER.isoformat()
    assert httpx.get(str(waiting.external_url)).status_code == 404
    youtube.clock.at = LATER
    sent.account = sent.signed_in()
    (there,) = youtube.releases()
    assert (there.status, there.live_at) == ("live", LATER)
    assert sent.open().stands == "live"
    assert sent.open().stands == "live"  # twice is no harm


def test_withheld_it_stays_private_past_its_time_until_it_is_released(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single(), release_at=LATER)
    sent.deliver()
    youtube.reviewed()
    sent.withhold()
    assert status_of(youtube)["publishAt"] is None
    youtube.clock.at = LATER + timedelta(days=1)
    sent.account = sent.signed_in()
    assert sent.look().stands == "ready"
    assert sent.open().stands == "live"


def test_a_time_that_is_too_near_for_youtube_is_kept_by_us(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single(), release_at=NOON + timedelta(seconds=30))
    sent.deliver()
    assert (status_of(youtube)["privacyStatus"], status_of(youtube)["publishAt"]) == ("private", None)
    youtube.reviewed()
    assert sent.look().stands == "ready"
    youtube.clock.forward(timedelta(seconds=30))
    assert sent.open().stands == "live"


def test_a_time_that_went_by_on_the_way_is_no_error(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single(), release_at=NOON + timedelta(minutes=3))
    refused = '{"error":{"code":400,"message":"m","errors":[{"reason":"invalidPublishAt"}]}}'
    youtube.order("fault", call="session", status=400, body=refused)
    youtube.order("fault", call="update", status=400, body=refused)
    sent.deliver()
    youtube.clock.forward(timedelta(minutes=4))
    assert sent.open().stands == "live"


def test_an_earlier_release_opens_what_youtube_would_open_later(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single(), release_at=LATER)
    sent.deliver()
    youtube.reviewed()
    assert sent.open().stands == "live"


def test_a_time_of_its_own_holds_though_the_release_opens_earlier(youtube: StandIn, tmp_path: Path) -> None:
    own = {"privacy": "private", "publish_at": LATER.isoformat()}
    sent = delivery(youtube, tmp_path, single(youtube=own))
    sent.deliver()
    youtube.reviewed()
    assert sent.open().stands == "ready"
    youtube.clock.at = LATER
    sent.account = sent.signed_in()
    assert sent.open().stands == "live"


@pytest.mark.parametrize("privacy", ["private", "unlisted"])
def test_who_sees_it_is_as_the_release_says(youtube: StandIn, tmp_path: Path, privacy: str) -> None:
    sent = delivery(youtube, tmp_path, single(youtube={"privacy": privacy}), release_at=LATER)
    sent.deliver()
    youtube.reviewed()
    assert sent.look().stands == "ready"
    youtube.clock.at = LATER
    sent.account = sent.signed_in()
    assert sent.open().stands == "live"
    assert status_of(youtube)["privacyStatus"] == privacy


def test_an_album_becomes_a_video_for_each_track_and_a_playlist_in_its_order(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, album(3))
    assert sent.deliver().stands == "processing"
    youtube.reviewed()
    there = sent.look()
    (playlist,) = playlists(youtube)
    assert there.stands == "live"
    assert (there.external_id, there.external_url) == (
        playlist["id"],
        f"{youtube.url}/youtube/playlist?list={playlist['id']}",
    )
    titles = [youtube.records("video")[item["video"]]["snippet"]["title"] for item in playlist["items"]]
    assert titles == [f"Maren Okafor - {name}" for name in ("Cold Morning", "Ferry", "Salt and Iron")]
    assert playlist["status"]["privacyStatus"] == "public"
    assert playlist["snippet"]["title"] == "Maren Okafor - Harbour Lights"
    assert sent.journal.parts == sorted(sent.journal.parts)


def test_nobody_sees_a_part_of_an_album_before_all_of_it_is_there(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    youtube.order("fault", call="playlist", status=503, times=1)
    with pytest.raises(DeliveryError):
        sent.deliver()
    # The last step but one failed: what went up was private until all had come.
    assert [path for method, path, _ in youtube.heard if method == "PUT" and path.endswith("v3/videos")]
    assert sent.insisting().stands == "processing"
    youtube.reviewed()
    assert {one.status for one in youtube.releases()} == {"live"}


def test_the_playlist_of_an_album_opens_with_it(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2), release_at=LATER)
    sent.deliver()
    youtube.reviewed()
    assert playlists(youtube)[0]["status"]["privacyStatus"] == "private"
    youtube.clock.at = LATER
    sent.account = sent.signed_in()
    assert {one.status for one in youtube.releases()} == {"live"}  # YouTube has opened the videos by itself
    assert sent.look().stands == "ready"  # and waits for us with their playlist
    assert sent.open().stands == "live"
    assert playlists(youtube)[0]["status"]["privacyStatus"] == "public"


@pytest.mark.parametrize(
    ("reason", "stands", "code", "kind"),
    [
        ("duplicate", "rejected", "store_rejected", "policy"),
        ("copyright", "rejected", "store_rejected", "policy"),
        ("codec", "failed", "store_failed", "metadata"),
        ("somethingNew", "rejected", "store_rejected", "policy"),
    ],
)
def test_what_youtube_does_not_keep_is_told_with_its_reason_and_a_retry_uploads_anew(
    youtube: StandIn, tmp_path: Path, reason: str, stands: str, code: str, kind: str
) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.order("reject", reason=reason)
    sent.deliver()
    assert sent.look().stands == "processing"
    youtube.reviewed()
    there = sent.look()
    assert there.stands == stands
    assert there.problem is not None
    assert (there.problem.code, there.problem.kind) == (code, kind)
    assert f"({reason})" in there.problem.message
    sent.deliver()
    youtube.reviewed()
    assert sent.look().stands == "live"
    assert len(youtube.releases()) == 1


def test_a_store_that_never_answers_is_waited_for(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.order("silence")
    sent.deliver()
    youtube.clock.forward(timedelta(minutes=50))
    assert sent.look().stands == "processing"


def test_taking_down_hides_it_and_keeps_what_people_added(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    sent.deliver()
    youtube.reviewed()
    youtube.clock.forward(timedelta(minutes=10))
    seen = sent.look().streams
    assert seen
    for _ in range(2):
        assert sent.take_down().stands == "taken_down"
    youtube.clock.forward(timedelta(minutes=10))
    assert sent.look().stands == "taken_down"
    assert sent.open().stands == "taken_down"
    assert [one.status for one in youtube.releases()] == ["taken_down"] * 2
    assert playlists(youtube)[0]["status"]["privacyStatus"] == "private"
    assert sent.deliver().stands == "live"  # it comes back, and nothing goes up again
    assert (sent.look().streams or 0) >= seen
    assert len(youtube.releases()) == 2


def test_what_was_public_once_and_is_to_come_back_later_is_opened_by_us(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    sent.deliver()
    youtube.reviewed()
    sent.take_down()
    sent.release_at = LATER
    assert sent.deliver().stands == "ready"
    assert status_of(youtube)["publishAt"] is None
    youtube.clock.at = LATER
    sent.account = sent.signed_in()
    assert sent.open().stands == "live"


def test_taking_down_half_an_upload_leaves_nothing(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.order("fault", call="upload", status=503, times=9)
    with pytest.raises(DeliveryError):
        sent.deliver()
    youtube.around.orders.clear()
    assert sent.take_down().stands == "taken_down"
    assert youtube.records("session") == {}
    assert youtube.releases() == []


def test_an_edit_changes_the_texts_and_uploads_nothing(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    sent.deliver()
    youtube.reviewed()
    before = youtube.calls("POST", "/upload/youtube/v3/videos")
    raw = sent.release.model_dump(exclude_none=True)
    raw["title"], raw["tracks"][0]["title"] = "Harbour Nights", "Warm Morning"
    raw["youtube"]["synthetic_media"] = True
    sent.release, sent.revision = Release.model_validate(raw), 2
    assert sent.deliver().stands == "live"
    assert youtube.calls("POST", "/upload/youtube/v3/videos") == before
    titles = sorted(one.title for one in youtube.releases())
    assert titles == ["Maren Okafor - Ferry", "Maren Okafor - Warm Morning"]
    assert status_of(youtube)["containsSyntheticMedia"] is True
    assert playlists(youtube)[0]["snippet"]["title"] == "Maren Okafor - Harbour Nights"


def test_other_sound_for_a_video_that_is_there_is_refused_with_what_to_do(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    sent.deliver()
    (sound,) = sent.files.tracks
    other = replace(sound, facts=replace(sound.facts, sha256="f" * 64))
    sent.files, sent.revision = replace(sent.files, tracks=(other,)), 2
    problem = problem_of(sent.deliver)
    assert (problem.code, problem.field) == ("youtube_video_is_fixed", "tracks[0]")
    assert len(youtube.releases()) == 1


def test_a_track_that_is_there_cannot_go_from_the_release(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    sent.deliver()
    sent.release, sent.revision = album(1), 2
    sent.files = replace(sent.files, tracks=sent.files.tracks[:1])
    assert problem_of(sent.deliver).code == "youtube_video_is_fixed"


def test_what_the_owner_set_himself_in_studio_stays(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single(), release_at=LATER)
    sent.deliver()
    youtube.reviewed()
    (video,) = youtube.records("video").values()
    body = {
        "id": video["id"],
        "status": {**video["status"], "embeddable": False, "license": "creativeCommon"},
    }
    httpx.put(
        f"{youtube.address.api}/videos",
        params={"part": "status"},
        json={**body, "status": {k: v for k, v in body["status"].items() if v is not None}},
        headers=youtube.headers(),
    ).raise_for_status()
    sent.open()
    assert (status_of(youtube)["embeddable"], status_of(youtube)["license"]) == (False, "creativeCommon")


def test_a_project_that_was_not_audited_is_told_of(tmp_path: Path) -> None:
    with stand_in(tmp_path / "sandbox", verified=False) as youtube:
        sent = delivery(youtube, tmp_path, single())
        sent.deliver()
        youtube.reviewed()
        there = sent.look()
        assert there.stands == "action_required"
        assert there.problem is not None
        assert (there.problem.code, there.problem.kind) == ("youtube_kept_private", "setup")


def test_what_somebody_deleted_on_the_channel_is_taken_down_or_missing(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    sent.deliver()
    youtube.reviewed()
    first, second = sorted(youtube.records("video"))
    for video in (first, second):
        asked = {"id": video}
        httpx.delete(f"{youtube.address.api}/videos", params=asked, headers=youtube.headers())
        if video == first:
            there = sent.look()
            assert (there.stands, there.problem and there.problem.code) == (
                "action_required",
                "release_gone",
            )
    assert sent.look().stands == "taken_down"
    sent.deliver()
    youtube.reviewed()
    assert sent.look().stands == "live"
    assert len(youtube.releases()) == 2


def test_that_ai_sings_is_declared_where_nobody_said_otherwise(youtube: StandIn, tmp_path: Path) -> None:
    ai = {"lyrics": "none", "composition": "none", "vocals": "all", "instruments": "none"}
    delivery(youtube, tmp_path, single(ai=ai)).deliver()
    assert status_of(youtube)["containsSyntheticMedia"] is True


def test_without_an_account_or_ffmpeg_it_says_what_to_do(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    sent.ffmpeg = "no-such-ffmpeg"
    problem = problem_of(sent.deliver)
    assert (problem.code, problem.kind) == ("program_missing", "setup")
    assert "apt-get install ffmpeg" in problem.hint
    sent.account = None
    assert problem_of(sent.deliver).code == "account_missing"


def test_a_channel_that_may_not_set_thumbnails_has_its_video_all_the_same(
    youtube: StandIn, tmp_path: Path
) -> None:
    youtube.order("fault", call="thumbnail", status=403, body="{}")
    assert delivery(youtube, tmp_path, single()).deliver().stands == "processing"


def test_a_package_has_the_videos_and_what_to_write_where(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    (into := tmp_path / "package").mkdir()
    with sent.connector() as connector:
        heard = len(youtube.heard)
        # The program in ffmpeg's place knows films by number.
        connector.package(replace(sent.parcel, release=album(2)), into)
    assert len(youtube.heard) == heard  # no network
    assert sorted(path.name for path in into.iterdir()) == [
        "01 Cold Morning.mp4",
        "01 Cold Morning.txt",
        "02 Ferry.mp4",
        "02 Ferry.txt",
        "how-to-upload.txt",
        "thumbnail.jpg",
    ]
    assert "Title: Maren Okafor - Ferry" in (into / "02 Ferry.txt").read_text()
