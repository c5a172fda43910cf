"""Lists are quick because they know tracks already, and never show one as it was."""

from __future__ import annotations

import sqlalchemy as sa

from aimusicverse.server.store.tables import track
from aimusicverse.server.tracks import known_tracks
from tests.server.conftest import Api


def titles(api: Api) -> list[str]:
    return [one["title"] for one in api.get("/tracks").json()["data"]]


def test_a_list_shows_a_track_as_it_is_now(api: Api) -> None:
    store = api.server.services.store
    for title in ("a", "b"):
        api.generate(title=title)
    assert titles(api) == ["b", "a"] == titles(api)
    store.write_now(
        lambda tx: tx.execute(sa.update(track).where(track.c.title == "a").values(title="c", version=2))
    )
    assert titles(api) == ["b", "c"]


def test_a_list_shows_no_deleted_track(api: Api) -> None:
    first = api.generate(title="a")["tracks"][0]
    api.generate(title="b")
    assert titles(api) == ["b", "a"]
    api.delete(f"/tracks/{first['id']}")
    assert titles(api) == ["b"]


def test_a_list_and_a_single_read_say_the_same(api: Api) -> None:
    api.generate(title="a")
    for _ in range(3):
        [listed] = api.get("/tracks").json()["data"]
        assert listed == api.get(f"/tracks/{listed['id']}").json()


def test_what_is_known_is_bounded(api: Api) -> None:
    known = api.server.services.known_tracks
    api.generate(title="a")
    titles(api)
    [one] = known._known.values()
    for number in range(known_tracks.MOST * 2):
        known.keep(one.track.model_copy(update={"id": f"trk_{number}"}))
    assert len(known._known) <= known_tracks.MOST
    assert titles(api) == ["a"]
