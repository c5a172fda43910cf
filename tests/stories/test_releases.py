"""Three releases, from a file to where people hear them, as those who make them would go about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aimusicverse.release.toml_file import read
from tests.cli.store_samples import RELEASE, SAID, picture, song
from tests.notify.bot_api import BotApi
from tests.server.deliveries.receiver import Receiver
from tests.server.notifications.samples import CHAT, link
from tests.stories.conftest import World


def test_a_first_song_is_live_on_soundcloud_within_a_minute_and_everybody_is_told(
    world: World, receiver: Receiver, telegram: BotApi
) -> None:
    hook = world.client.webhooks.create(receiver.url, events=["distribution.*"])
    assert hook.secret is not None
    link(world.api.http, telegram)
    song(Path("rain.wav"))

    made = world.data("distribute", "rain.wav", "--to", "soundcloud", "--title", "Rain", "--yes", *SAID)
    live = world.until(made["id"], "live")

    [release] = world.sandbox.releases()
    assert (release.store, release.title, release.status) == ("soundcloud", "Rain", "live")
    assert release.times_received == 1
    assert release.live_at is not None
    assert release.live_at - live.created_at <= timedelta(minutes=1)
    assert live.deliveries[0].external_url
    assert (live.mode, live.deliveries[0].mode) == ("sandbox", "sandbox")

    [message] = receiver.of_type("distribution.live")
    event = message.judged(hook.secret.get_secret_value())
    assert (event.data["id"], event.data["status"], event.data["mode"]) == (live.id, "live", "sandbox")
    telegram.wait_for(lambda: any("Rain" in text and "SoundCloud" in text for text in telegram.to(CHAT)))
    told = next(text for text in telegram.to(CHAT) if "Rain" in text)
    assert "sandbox" in told.lower()
    assert "live" in world.amv("tracks", "get", live.track_ids[0])


def test_three_stores_open_at_midnight_in_tokyo_a_week_ahead_and_tell_how_often_it_is_heard(
    world: World,
) -> None:
    song(Path("lanterns.wav"))
    picture(Path("cover.jpg"))
    Path("release.toml").write_text(RELEASE, "utf-8")
    tokyo = ZoneInfo("Asia/Tokyo")
    day = (world.api.server.services.clock.now().astimezone(tokyo) + timedelta(days=8)).date()
    midnight = datetime(day.year, day.month, day.day, tzinfo=tokyo)

    made = world.data(
        "distribute", "lanterns.wav", "--to", "soundcloud,spotify,youtube_music", "--artwork", "cover.jpg",
        "--release-at", f"{day} 00:00 Asia/Tokyo", "--yes",
    )  # fmt: skip
    scheduled = world.until(made["id"], "scheduled")
    assert scheduled.release_at == midnight
    assert f"{midnight:%a %Y-%m-%d} 00:00 +09:00" in world.amv("distributions", "get", made["id"])
    assert {one.live_at for one in world.sandbox.releases()} <= {None, midnight}

    clock = world.api.server.services.clock
    world.api.advance(midnight - clock.now() - timedelta(minutes=5))
    assert world.client.distributions.get(scheduled).status == "scheduled"
    world.api.advance(midnight - clock.now() + timedelta(seconds=1))
    live = world.client.distributions.wait(scheduled, 60, until="live")
    assert [one.status for one in live.deliveries] == ["live"] * 3
    releases = world.sandbox.releases()
    assert {one.store for one in releases} == {"soundcloud", "spotify", "youtube_music"}
    assert len(releases) == 3
    for one in releases:
        assert one.live_at is not None
        assert timedelta(0) <= one.live_at - midnight < timedelta(minutes=5), one

    world.api.advance(timedelta(days=2))
    heard = {one.store: one.streams for one in world.sandbox.releases() if one.streams}
    assert "soundcloud" in heard
    world.until_heard(live.id, "soundcloud")
    rows = [line.split("\t") for line in world.amv("distributions", "get", live.id).splitlines()]
    [shown] = [row for row in rows if row[0] == "soundcloud"]
    assert shown[2:4] == ["sandbox", "live"]
    assert int(shown[4]) > 0


def test_a_release_without_an_isrc_is_mended_with_the_rest_as_it_was_and_goes_live_once(world: World) -> None:
    song(Path("lanterns.wav"))
    picture(Path("cover.jpg"))
    lacking = RELEASE.replace('isrc = "USSKG2600001"\n', "")
    Path("release.toml").write_text(lacking, "utf-8")
    track = world.client.tracks.upload("lanterns.wav", title="Paper Lanterns")
    cover = world.client.artwork.upload("cover.jpg", title="Paper Lanterns")
    failed = world.client.distributions.create(
        read("release.toml"), platforms="spotify", track=track, artwork=cover
    )
    failed = world.client.distributions.wait(failed, 30)
    [problem] = [one.problem for one in failed.deliveries]
    assert (failed.status, failed.deliveries[0].status) == ("failed", "failed")
    assert problem is not None
    assert problem.message.startswith("Missing ISRC code")
    assert (problem.field, problem.retryable) == ("tracks[0].isrc", False)
    assert world.sandbox.releases() == []

    world.amv("distributions", "update", failed.id, "--set", "isrc=USSKG2600001")
    mended = world.client.distributions.get(failed)
    assert mended.metadata["tracks"][0].pop("isrc") == "USSKG2600001"
    assert mended.metadata == failed.metadata
    assert (mended.revision, mended.status) == (2, "failed")

    world.amv("distributions", "retry", failed.id)
    live = world.until(failed.id, "live")
    assert live.deliveries[0].problem is None
    [release] = world.sandbox.releases()
    assert (release.store, release.status, release.isrcs) == ("spotify", "live", ("USSKG2600001",))
    kinds = [line.type for line in world.client.distributions.events(live)]
    assert [kind for kind in kinds if kind in ("failed", "edited", "retry", "live")] == [
        "failed",
        "edited",
        "retry",
        "live",
    ]
