"""Reads take the short way, and nobody can tell from the answer."""

from __future__ import annotations

from aimusicverse.server.app import application
from tests.server.conftest import Api


def test_the_short_way_is_taken_by_the_reads_that_are_asked_most() -> None:
    from fastapi.routing import APIRoute

    from aimusicverse.server.events.routes import router as events
    from aimusicverse.server.generation.routes import router as generation
    from aimusicverse.server.plain_get import plain_get
    from aimusicverse.server.playlists.routes import router as playlists
    from aimusicverse.server.tracks.routes import router as tracks

    assert application()
    routes = [
        r
        for router in (events, generation, playlists, tracks)
        for r in router.routes.routes
        if isinstance(r, APIRoute)
    ]
    short = {route.name for route in routes if plain_get(route)}
    assert short == {
        "get_event",
        "get_generation",
        "get_playlist",
        "get_track",
        "list_engines",
        "list_events",
        "list_generations",
        "list_playlist_tracks",
        "list_playlists",
        "list_track_distributions",
        "list_tracks",
    }


def test_several_faults_in_a_query_are_all_named(api: Api) -> None:
    problem = api.get("/tracks?limit=0&genre=" + "x" * 41).json()
    assert {error["field"] for error in problem["errors"]} == {"query.limit", "query.genre"}


def test_words_become_numbers_and_defaults_hold(api: Api) -> None:
    api.generate()
    assert len(api.get("/events?limit=2&after=0&wait=0").json()["data"]) == 2
    assert len(api.get("/events").json()["data"]) == 3
