from __future__ import annotations

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import httpx
import pytest
import respx

from aimusicverse import (
    APITimeoutError,
    ConfigurationError,
    Distribution,
    LocalServer,
    NotFoundError,
    Outlet,
    PlatformConnection,
    Quote,
    Release,
    Secret,
    UnprocessableEntityError,
    ValidationReport,
)
from aimusicverse.types import Contributor, Recording
from tests.resources.distribution_samples import AT, delivery, distribution
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
REPORT = {"blocking": False, "targets": [], "rules_as_of": "2026-11-22"}
QUOTE = {
    "via": "distrokid", "years": 1, "tracks": 1, "release_type": "single", "lines": [], "complete": True,
    "totals": [{"currency": "USD", "lowest": "22.99", "highest": None}], "verified": False,
    "prices_as_of": None,
}  # fmt: skip
SHORT = {"title": "Rain", "artist": "Maren Okafor"}


def posted(route):
    return json.loads(route.calls[-1].request.content)


@respx.mock
def test_a_release_is_sent_as_it_was_written_by_its_model_or_as_a_dict(world):
    route = respx.post(f"{API}/distributions/validate").respond(json=REPORT)
    report = world(world.client().distributions.validate(SHORT, platforms="spotify"))
    assert report == ValidationReport.model_validate(REPORT)
    assert posted(route) == {"metadata": SHORT, "platforms": ["spotify"]}
    release = Release(
        title="Rain", artists=[Contributor(name="Maren Okafor")], tracks=[Recording(title="Rain")]
    )
    world(
        world.client().distributions.validate(
            release, platforms=iter(["spotify", "ddex"]), via="distrokid", tracks="trk_1"
        )
    )
    assert posted(route) == {
        "metadata": {
            "title": "Rain",
            "artists": [{"name": "Maren Okafor"}],
            "tracks": [{"title": "Rain"}],
        },
        "platforms": ["spotify", "ddex"],
        "via": "distrokid",
        "track_ids": ["trk_1"],
    }


@respx.mock
def test_sums_are_decimal_both_ways_and_floats_are_refused(world):
    route = respx.post(f"{API}/distributions/quote").respond(json=QUOTE)
    client = world.client()
    found = world(
        client.distributions.quote(
            SHORT, via="distrokid", years=2, extras="discovery_pack", expected_revenue=Decimal("0.10")
        )
    )
    assert isinstance(found, Quote)
    assert (found.totals[0].lowest, found.totals[0].highest) == (Decimal("22.99"), None)
    assert posted(route)["expected_revenue"] == "0.10"
    assert posted(route)["extras"] == ["discovery_pack"]
    with pytest.raises(ConfigurationError, match="inexact"):
        world(client.distributions.quote(SHORT, via="distrokid", expected_revenue=0.1))


@respx.mock
def test_platforms_of_a_newer_server_are_read(world):
    told = {"source": "x", "as_of": "2030-01-01", "evidence": "rumour", "verified": False}
    outlet = {
        "id": "moon", "name": "Moon", "kind": "satellite", "checked": True, "needs": [], "delivery": "x",
        "delivered_by": "rocket", "lead_time": "x", "ai": {"stance": "maybe", "note": "x", **told},
        "orbit": 1, **told,
    }  # fmt: skip
    respx.get(f"{API}/platforms").respond(json={"data": [outlet]})
    [found] = world(world.client().distributions.platforms())
    assert isinstance(found, Outlet)
    assert (found.kind, found.ai.stance, found.model_extra) == ("satellite", "maybe", {"orbit": 1})


def test_against_a_real_server(tmp_path, monkeypatch):
    monkeypatch.setenv("AMV_CONFIG_DIR", str(tmp_path))  # no prices of this machine
    with LocalServer() as server, server.client() as client:
        assert {"spotify", "distrokid"} <= {one.id for one in client.distributions.platforms()}
        report = client.distributions.validate(SHORT, platforms=["spotify"])
        assert report.blocking
        assert "ID-ISRC-MISSING" in {finding.rule for finding in report.targets[0].findings}
        assert client.distributions.quote(SHORT, via="awal", expected_revenue=100).totals[0].lowest == 15
        with pytest.raises(UnprocessableEntityError, match="tidal"):
            client.distributions.validate(SHORT, platforms=["tidal"])
        with pytest.raises(NotFoundError):
            client.distributions.validate(SHORT, platforms=["spotify"], tracks=["trk_0"])


@respx.mock
def test_what_a_distribution_is_made_of_is_sent_and_nothing_else(world):
    route = respx.post(f"{API}/distributions").respond(201, json=distribution(delivery()))
    client = world.client()
    made = world(client.distributions.create(SHORT, platforms="soundcloud", track="trk_1"))
    assert (made.status, made.deliveries[0].platform) == ("processing", "soundcloud")
    assert posted(route) == {
        "metadata": SHORT, "platforms": ["soundcloud"], "track_ids": ["trk_1"], "mode": "sandbox",
        "draft": False, "all_or_nothing": False,
    }  # fmt: skip
    world(
        client.distributions.create(
            metadata=SHORT,
            platforms=["spotify", "soundcloud"],
            tracks=["trk_1", "trk_2"],
            via="distrokid",
            mode="live",
            release_at=datetime(2026, 12, 4, tzinfo=ZoneInfo("Asia/Tokyo")),
            artwork="art_1",
            draft=True,
            all_or_nothing=True,
        )
    )
    assert posted(route) == {
        "metadata": SHORT, "platforms": ["spotify", "soundcloud"], "via": "distrokid", "mode": "live",
        "track_ids": ["trk_1", "trk_2"], "release_at": "2026-12-04T00:00:00+09:00", "artwork_id": "art_1",
        "draft": True, "all_or_nothing": True,
    }  # fmt: skip
    assert route.calls[0].request.headers["idempotency-key"]


def test_a_time_without_a_zone_or_two_ways_to_name_tracks_never_leave_the_program(world):
    create = world.client().distributions.create
    with pytest.raises(ConfigurationError, match="zone"):
        world(create(SHORT, platforms="spotify", track="trk_1", release_at=datetime(2026, 12, 4)))
    with pytest.raises(ConfigurationError, match="exclude each other"):
        world(create(SHORT, platforms="spotify", track="trk_1", tracks=["trk_2"]))


@respx.mock
def test_an_edit_sends_what_was_given_under_the_version_that_was_seen(world):
    seen = Distribution.model_validate(distribution(delivery()))
    route = respx.patch(f"{API}/distributions/dst_1").respond(json=distribution(delivery()))
    client = world.client()
    world(client.distributions.update(seen, release_at=None, if_match=seen))
    assert posted(route) == {"release_at": None}
    assert route.calls[-1].request.headers["if-match"] == '"e1"'
    metadata = seen.metadata | {"label": "Own"}
    world(client.distributions.update("dst_1", metadata=metadata, platforms="ddex", artwork="art_2"))
    assert posted(route) == {"metadata": metadata, "platforms": ["ddex"], "artwork_id": "art_2"}
    assert "if-match" not in route.calls[-1].request.headers


@respx.mock
@pytest.mark.parametrize("what", ["submit", "retry", "pause", "resume", "cancel", "takedown"])
def test_what_is_done_to_it_names_its_stores(world, what):
    route = respx.post(f"{API}/distributions/dst_1/{what}").respond(json=distribution(delivery()))
    act = getattr(world.client().distributions, what)
    world(act("dst_1"))
    assert posted(route) == {"platforms": []}
    world(act("dst_1", platforms="spotify"))
    assert posted(route) == {"platforms": ["spotify"]}


@respx.mock
def test_a_person_tells_what_he_did(world):
    route = respx.post(f"{API}/distributions/dst_1/confirm").respond(json=distribution(delivery()))
    confirm = world.client().distributions.confirm
    world(confirm("dst_1"))
    assert posted(route) == {"platforms": [], "outcome": "live"}
    world(confirm("dst_1", platforms=["spotify"], outcome="rejected", reason="Artwork"))
    assert posted(route) == {"platforms": ["spotify"], "outcome": "rejected", "reason": "Artwork"}


@respx.mock
def test_lists_go_on_over_their_pages_with_their_filters(world):
    client = world.client()
    pages = [{"data": [distribution(delivery())], "next_cursor": "n"}, {"data": [], "next_cursor": None}]
    route = respx.get(f"{API}/distributions").mock(side_effect=[httpx.Response(200, json=p) for p in pages])
    found = world.items(
        client.distributions.list(track="trk_1", status="live", platform="spotify", mode="live")
    )
    assert [one.id for one in found] == ["dst_1"]
    assert dict(route.calls[-1].request.url.params) == {
        "track_id": "trk_1", "status": "live", "platform": "spotify", "mode": "live", "limit": "50",
        "cursor": "n",
    }  # fmt: skip
    line = {"id": "dsv_1", "at": AT, "platform": None, "type": "edited", "message": "Edited"}
    respx.get(f"{API}/distributions/dst_1/events").respond(json={"data": [line], "next_cursor": None})
    assert [one.type for one in world.items(client.distributions.events("dst_1"))] == ["edited"]


@respx.mock
def test_a_package_comes_whole_or_not_at_all(world):
    route = respx.get(f"{API}/distributions/dst_1/packages/apple_music")
    route.respond(content=b"PK", headers={"x-content-sha256": hashlib.sha256(b"PK").hexdigest()})
    client = world.client()
    assert world(client.distributions.package("dst_1", "apple_music")) == b"PK"
    for odd in ("../x", "", "Apple Music", "a?b"):
        with pytest.raises(ConfigurationError, match="no platform"):
            world(client.distributions.package("dst_1", odd))


@respx.mock
def test_secrets_of_an_account_are_sent_and_never_shown(world):
    answer = {
        "platform": "spotify",
        "mode": "live",
        "status": "connected",
        "callback_secret": "whsec_c2VjcmV0",
    }
    route = respx.post(f"{API}/platforms/spotify/connect").respond(json=answer)
    client = world.client()
    made = world(
        client.distributions.connect(
            "spotify", mode="live", settings={"host": "sftp.example.com", "password": Secret("s3cret")}
        )
    )
    assert posted(route) == {
        "mode": "live", "settings": {"host": "sftp.example.com", "password": "s3cret"},
    }  # fmt: skip
    assert isinstance(made, PlatformConnection)
    assert "c2VjcmV0" not in repr(made)
    assert made.callback_secret.get_secret_value() == "whsec_c2VjcmV0"
    gone = respx.post(f"{API}/platforms/spotify/disconnect").respond(
        json={**answer, "status": "disconnected"}
    )
    assert world(client.distributions.disconnect("spotify", mode="live")).status == "disconnected"
    assert posted(gone) == {"mode": "live"}


def polled(*states):
    """A server at which each look finds the next of these states."""
    answers = [httpx.Response(200, json=state) for state in states]
    return respx.get(f"{API}/distributions/dst_1").mock(side_effect=answers)


@respx.mock
def test_a_wait_goes_on_while_any_store_is_on_its_way_and_tells_each_move(world):
    failed = delivery("spotify", "failed")
    polled(
        distribution(failed, delivery(status="uploading"), status="failed"),
        distribution(failed, delivery(status="uploading"), status="failed"),
        distribution(failed, delivery(status="live"), status="failed"),
    )
    seen = []
    done = world(world.client().distributions.wait("dst_1", 30, on_progress=seen.append))
    assert [one.deliveries[1].status for one in seen] == ["uploading", "live"]
    assert done.status == "failed"


@respx.mock
@pytest.mark.parametrize(
    "end", ["live", "failed", "rejected", "action_required", "cancelled", "taken_down", "scheduled"]
)
def test_every_end_is_returned_and_none_raises(world, end):
    route = polled(distribution(delivery(status=end), status=end))
    assert world(world.client().distributions.wait("dst_1", timeout=30)).status == end
    assert route.call_count == 1


@respx.mock
def test_what_is_scheduled_is_waited_for_when_it_is_to_be_live(world):
    scheduled = distribution(delivery(status="scheduled"), status="scheduled")
    route = polled(scheduled, scheduled, distribution(delivery(status="live"), status="live"))
    seen = Distribution.model_validate(scheduled)
    assert world(world.client().distributions.wait(seen)) is seen
    assert route.call_count == 0
    assert world(world.client().distributions.wait(seen, 30, until="live")).status == "live"
    assert route.call_count == 3
    assert {call.request.url.params["until"] for call in route.calls} == {"live"}
    with pytest.raises(ConfigurationError, match="until"):
        world(world.client().distributions.wait("dst_1", until="processing"))


@respx.mock
def test_a_store_that_is_paused_is_not_waited_for_once_the_others_are_done(world):
    polled(distribution(delivery("spotify", "paused"), delivery(status="live"), status="paused"))
    assert world(world.client().distributions.wait("dst_1", 30)).status == "paused"


@respx.mock
def test_a_wait_ends_when_its_time_is_up_and_does_not_ask_over_and_over(world):
    route = respx.get(f"{API}/distributions/dst_1").respond(json=distribution(delivery(status="draft")))
    with pytest.raises(APITimeoutError, match=r"dst_1 is still processing after 1\.2 s"):
        world(world.client().distributions.wait("dst_1", 1.2, on_progress=lambda _: None))
    assert route.call_count <= 4
