"""The order of a playlist: against a plain list, under many hands, and in 10,000 entries."""

from __future__ import annotations

import random
import time
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from aimusicverse.server.playlists import order, service
from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.base import Store
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.types import (
    Playlist,
    PlaylistCreate,
    PlaylistTrackMove,
    PlaylistTracksAdd,
    PlaylistTracksReplace,
)
from tests.server.playlists.conftest import SECONDS, Library, library


def create(songs: Library, tracks: list[str]) -> str:
    playlist: Playlist = songs.write(service.create, PlaylistCreate(title="x", track_ids=tracks))
    return playlist.id


def add(songs: Library, playlist: str, tracks: list[str], at: int | None = None, seen: Any = None) -> None:
    songs.write(service.add, playlist, PlaylistTracksAdd(track_ids=tracks, position=at), seen)


def move(songs: Library, playlist: str, entry: str, to: int) -> None:
    songs.write(service.move, playlist, PlaylistTrackMove(entry_id=entry, position=to), None)


def pairs(songs: Library, playlist: str) -> list[tuple[str, str]]:
    return [(entry.id, entry.track.id) for entry in songs.entries(playlist)]


def together(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def cramped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places so dense that they are used up all the time."""
    monkeypatch.setattr(order, "STEP", 8)
    monkeypatch.setattr(order, "ROOMY", 3)
    monkeypatch.setattr(service, "_NEIGHBOURS", 2)


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize(
    ("low", "high"), [(None, None), (5, None), (None, 5), (5, 50), (5, 13), (5, 12), (0, 1)]
)
def test_places_are_in_order_and_between_their_neighbours(
    low: int | None, high: int | None, count: int
) -> None:
    found = order.places(low, high, count)
    if found is None:
        assert low is not None
        assert high is not None
        assert high - low - 1 < count
        return
    assert found == sorted(set(found))
    assert len(found) == count
    assert low is None or low < found[0]
    assert high is None or found[-1] < high


def test_places_end_where_the_column_does() -> None:
    assert order.places(2**62 - 5, None, 1) is None
    assert order.places(None, -(2**62) + 5, 1) is None


@pytest.mark.usefixtures("cramped")
def test_any_edits_give_what_a_plain_list_gives(songs: Library) -> None:
    tracks = st.lists(st.sampled_from(songs.track_ids), min_size=1, max_size=4)
    where = st.floats(0, 1)

    class Editors(RuleBasedStateMachine):
        """`model` is the playlist as (entry, track), with those of deleted tracks."""

        def __init__(self) -> None:
            super().__init__()
            self.id = create(songs, [])
            self.model: list[tuple[str, str]] = []
            self.deleted: set[str] = set()

        def shown(self) -> list[tuple[str, str]]:
            return [pair for pair in self.model if pair[1] not in self.deleted]

        def put(self, new: list[tuple[str, str]], at: int) -> None:
            """Before what stands at `at` among those that are shown."""
            shown = self.shown()
            spot = len(self.model) if at == len(shown) else self.model.index(shown[at])
            self.model[spot:spot] = new

        @rule(chosen=tracks, where=where)
        def add(self, chosen: list[str], where: float) -> None:
            chosen = [track for track in chosen if track not in self.deleted]
            if chosen:
                before = set(self.model)
                at = round(where * len(self.shown()))
                add(songs, self.id, chosen, at)
                new = [pair for pair in pairs(songs, self.id) if pair not in before]
                assert [track for _, track in new] == chosen
                self.put(new, at)

        @rule(what=where, to=where)
        def move(self, what: float, to: float) -> None:
            if shown := self.shown():
                pair = shown[round(what * (len(shown) - 1))]
                at = round(to * (len(shown) - 1))
                move(songs, self.id, pair[0], at)
                self.model.remove(pair)
                self.put([pair], at)

        @rule(what=where)
        def remove(self, what: float) -> None:
            if shown := self.shown():
                pair = shown[round(what * (len(shown) - 1))]
                songs.write(service.remove, self.id, [pair[0]], [], None)
                self.model.remove(pair)

        @rule(chosen=tracks)
        def replace(self, chosen: list[str]) -> None:
            chosen = [track for track in chosen if track not in self.deleted]
            songs.write(service.replace, self.id, PlaylistTracksReplace(track_ids=chosen), None)
            self.model = pairs(songs, self.id)
            assert [track for _, track in self.model] == chosen

        @rule(track=st.sampled_from(songs.track_ids))
        def delete_or_restore(self, track: str) -> None:
            (songs.restore if track in self.deleted else songs.delete)(track)
            self.deleted ^= {track}

        @invariant()
        def the_same(self) -> None:
            shown = self.shown()
            assert pairs(songs, self.id) == shown
            playlist = songs.read(service.get, self.id)
            assert (playlist.track_count, playlist.duration_seconds) == (len(shown), len(shown) * SECONDS)

        def teardown(self) -> None:
            for track in self.deleted:
                songs.restore(track)
            songs.write(service.delete, self.id, None)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Editors,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.usefixtures("cramped")
def test_several_editors_at_once_lose_and_double_nothing(songs: Library) -> None:
    playlist = create(songs, songs.track_ids)
    fixed = [entry for entry, _ in pairs(songs, playlist)]
    failures: list[BaseException] = []

    def edit(number: int) -> None:
        chance = random.Random(number)
        try:
            for _ in range(8):
                add(songs, playlist, [songs.track_ids[number]], chance.randrange(4))
                move(songs, playlist, chance.choice(fixed), chance.randrange(len(fixed)))
        except BaseException as error:
            failures.append(error)

    together([Thread(target=edit, args=(number,)) for number in range(3)])
    assert failures == []
    found = pairs(songs, playlist)
    assert len(set(found)) == len(found) == 12 + 3 * 8
    assert set(fixed) <= {entry for entry, _ in found}
    for number in range(3):
        assert [track for _, track in found].count(songs.track_ids[number]) == 9
    assert songs.read(service.get, playlist).track_count == len(found)


def test_of_several_edits_of_the_same_version_one_is_made(songs: Library) -> None:
    made = songs.write(service.create, PlaylistCreate(title="x"))
    outcomes: list[str] = []

    def edit(track: str) -> None:
        try:
            add(songs, made.id, [track], seen=made.etag)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    together([Thread(target=edit, args=(track,)) for track in songs.track_ids[:4]])
    assert sorted(outcomes) == ["done"] + ["version_conflict"] * 3
    assert songs.read(service.get, made.id).track_count == 1


@pytest.mark.usefixtures("cramped")
def test_who_reads_on_while_others_edit_misses_nothing_that_stayed(songs: Library) -> None:
    playlist = create(songs, songs.track_ids)
    everything = [entry for entry, _ in pairs(songs, playlist)]
    first = songs.read(service.stretch, playlist, None, 5, KnownTracks())
    for _ in range(40):  # at one spot, so that places are given anew
        add(songs, playlist, [songs.track_ids[0]], 3)
    rest = songs.read(service.stretch, playlist, first.marks[4], 100, KnownTracks())
    assert [entry.id for entry in first.entries[:5] + rest.entries] == everything


def test_a_track_comes_back_at_its_place(songs: Library) -> None:
    playlist = create(songs, songs.track_ids)
    for track in songs.track_ids[5:7]:
        songs.delete(track)
    move(songs, playlist, pairs(songs, playlist)[0][0], 9)
    for track in songs.track_ids[5:7]:
        songs.restore(track)
    now = [track for _, track in pairs(songs, playlist)]
    assert [track for track in now if track != songs.track_ids[0]] == songs.track_ids[1:]


def test_inserting_at_one_spot_for_ever_gives_places_anew_now_and_then(songs: Library) -> None:
    playlist = create(songs, songs.track_ids)
    added = [songs.track_ids[number % 12] for number in range(100)]
    for track in added:
        add(songs, playlist, [track], 1)
    expected = [songs.track_ids[0], *reversed(added), *songs.track_ids[1:]]
    assert [track for _, track in pairs(songs, playlist)] == expected
    end = songs.read(service.stretch, playlist, None, 1, KnownTracks()).marks[0]
    assert 1 <= int(end.split(" ")[1]) <= 8


def test_ten_thousand_tracks_are_edited_and_read_in_a_moment(store: Store) -> None:
    songs = library(store, 1_000)
    playlist = create(songs, songs.track_ids * 10)
    start = songs.read(service.stretch, playlist, None, 100, KnownTracks())
    songs.write(service.remove, playlist, [entry.id for entry in start.entries[:80]], [], None)
    times = []
    for number in range(15):
        began = time.perf_counter()
        add(songs, playlist, [songs.track_ids[number]], 5_000)
        move(songs, playlist, start.entries[90].id, 9_000 - number)
        songs.read(service.stretch, playlist, start.marks[95], 50, KnownTracks())
        times.append(time.perf_counter() - began)
    assert sorted(times)[7] < 0.5  # measured: 7 ms on SQLite, 60 ms on PostgreSQL
    assert songs.read(service.get, playlist).track_count == 9_935
