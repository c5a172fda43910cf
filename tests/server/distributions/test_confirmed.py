"""What a person has confirmed of a package stays so, though nobody here can see it."""

from __future__ import annotations

from functools import partial

from aimusicverse.platforms.base import Standing, StoreProblem
from tests.server.distributions.conftest import Way
from tests.server.processes import until

_WAITS = Standing("action_required", problem=StoreProblem("apple_package_waits", "Bring it there.", "setup"))


def _handed_over(way: Way) -> str:
    way.doors.says("apple_music", "deliver", _WAITS)
    one = way.create("apple_music")
    way.comes_to(one, "action_required")
    return one


def _was_looked_at(way: Way, times: int) -> bool:
    return way.doors.count("look", "apple_music") >= times


def test_confirmed_as_live_it_stays_live_though_no_look_can_tell(way: Way) -> None:
    one = _handed_over(way)
    seen = way.doors.count("look", "apple_music")
    way.doors.says("apple_music", "look", Standing("processing"), _WAITS, Standing("ready"))
    way.did("confirm", one, "apple_music", external_url="https://music.apple.com/album/1")
    for looks in range(seen + 1, seen + 4):
        way.advance(hours=7)
        until(partial(_was_looked_at, way, looks))
        found = way.comes_to(one, "live")
        assert found["deliveries"][0]["problem"] is None
        assert found["deliveries"][0]["external_url"] == "https://music.apple.com/album/1"


def test_confirmed_as_handed_over_it_can_be_confirmed_as_live_later(way: Way) -> None:
    one = _handed_over(way)
    way.doors.says("apple_music", "look", *[Standing("processing")] * 50)
    way.did("confirm", one, "apple_music", outcome="processing")
    assert way.comes_to(one, "processing")["deliveries"][0]["problem"] is None
    way.did("confirm", one, "apple_music", outcome="live")
    way.comes_to(one, "live")
