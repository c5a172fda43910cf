"""What tests tell stand-in stores, and what they find there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aimusicverse import Client, ConfigurationError, LocalServer

if TYPE_CHECKING:
    from aimusicverse.local import LocalClock
    from aimusicverse.local_sandbox import LocalSandbox

METADATA = {
    "title": "Rain",
    "artist": "Maren Okafor",
    "explicit": "none",
    "language": "zxx",
    "ai": {"composition": "none", "instruments": "none", "artwork": "none"},
}


@pytest.fixture
def made(amv_client: Client, amv_sandbox: LocalSandbox, tmp_path: Any) -> Any:
    """Brings a song to SoundCloud."""
    from PIL import Image

    Image.new("RGB", (3000, 3000), (90, 120, 200)).save(tmp_path / "cover.jpg")
    amv_client.distributions.connect("soundcloud")
    cover = amv_client.artwork.upload(tmp_path / "cover.jpg")
    song = amv_client.generate("lofi", duration_seconds=31).tracks[0]
    return lambda: amv_client.distributions.create(
        METADATA, platforms="soundcloud", track=song, artwork=cover
    )


def test_what_a_store_has_is_counted_by_its_releases(
    made: Any, amv_client: Client, amv_sandbox: LocalSandbox
) -> None:
    assert amv_sandbox.releases() == []
    amv_sandbox.fault("soundcloud", call="upload", status=503)
    done = amv_client.distributions.wait(made(), 60)
    assert done.status == "live"
    [release] = amv_sandbox.releases("soundcloud")
    assert (release.title, release.status, release.times_received) == ("Rain", "live", 1)
    assert amv_sandbox.releases("spotify") == []


def test_a_review_can_take_long_and_orders_can_be_forgotten(
    made: Any, amv_client: Client, amv_sandbox: LocalSandbox, amv_clock: LocalClock
) -> None:
    amv_sandbox.reject("soundcloud")
    amv_sandbox.clear()
    amv_sandbox.delay("soundcloud", timedelta(hours=3))
    going = amv_client.distributions.wait
    held = made()
    seen: list[str] = []

    class Enough(Exception):
        pass

    def until_processing(now: Any) -> None:
        seen.append(now.status)
        if now.status == "processing":
            raise Enough

    with pytest.raises(Enough):
        going(held, 60, on_progress=until_processing)
    assert amv_client.distributions.get(held, wait=2).status == "processing"
    amv_clock.advance(timedelta(hours=4))
    assert going(held, 60).status == "live"


def test_the_next_test_finds_the_stores_empty(amv_sandbox: LocalSandbox) -> None:
    assert amv_sandbox.releases() == []


def test_an_order_that_cannot_be_is_refused(amv_sandbox: LocalSandbox) -> None:
    with pytest.raises(ConfigurationError, match="store"):
        amv_sandbox.reject("tidal")
    with pytest.raises(ConfigurationError, match="seconds"):
        amv_sandbox.delay("spotify", timedelta(seconds=-1))
    with pytest.raises(ConfigurationError, match="status"):
        amv_sandbox.fault("spotify", status=1000)


def test_a_server_that_is_not_for_tests_takes_no_orders(tmp_path: Any) -> None:
    with LocalServer(tmp_path) as server, pytest.raises(ConfigurationError, match="dev mode"):
        _ = server.sandbox
