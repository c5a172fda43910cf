"""Finding tracks: filters, orders, words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store import search
from aimusicverse.server.tracks import listing, service
from aimusicverse.server.tracks.queries import NewTrack
from aimusicverse.types import Provenance, Track
from tests.server.conftest import Api
from tests.server.security.keys import another_owner


def put(api: Api, title: str, *, prompt: str = "p", duration: float = 60, **more: Any) -> Track:
    """A track without audio."""
    store = api.server.services.store
    owner = Owner(store.read_now(api_keys.first_owner) or "")
    values: dict[str, Any] = {"genre": None, "tags": [], "lyrics": None, "artist": None} | more
    new = NewTrack(
        title=title,
        duration_seconds=duration,
        tempo_bpm=None,
        key=None,
        sample_rate=44_100,
        channels=2,
        bit_depth=24,
        lufs=-14,
        true_peak_dbtp=-1,
        master_sha256="0" * 64,
        master_size=1,
        provenance=Provenance(engine="e", engine_version="1", prompt=prompt, licence="l"),
        **values,
    )
    return store.write_now(service.add, owner, new)


def titles(api: Api, **query: Any) -> list[str]:
    """All that is found, two on a page."""
    found: list[str] = []
    cursor = None
    while True:
        page = api.get("/tracks", params={"limit": 2, **query, **({"cursor": cursor} if cursor else {})})
        assert page.status_code == 200, page.text
        found += [track["title"] for track in page.json()["data"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return found


@pytest.fixture(scope="module")
def library(shared: Api) -> Api:
    put(shared, "Rainy Night", genre="lofi", tags=["Regen", "80 bpm"], prompt="lofi hip hop", duration=60)
    put(shared, "rainy Day", genre="jazz", artist="Ada Lin", duration=30, lyrics="walking in the sun\nagain")
    put(shared, "Été à la plage", genre="jazz", artist="Zoë", duration=90)
    put(shared, "夜雨", genre="lofi", tags=["rain"], duration=60)
    put(shared, 'O\'Brien "NEAR" (50%) AND OR NOT *', genre="folk", duration=10)
    return shared


ALL = ["Rainy Night", "rainy Day", "Été à la plage", "夜雨", 'O\'Brien "NEAR" (50%) AND OR NOT *']
NIGHT, DAY, PLAGE, YORU, BRIEN = ALL


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("rainy", [DAY, NIGHT]),
        ("RAINY night", [NIGHT]),
        ("night rainy", [NIGHT]),
        ("rain", [YORU, DAY, NIGHT]),  # a tag, and two beginnings
        ("rain night", []),  # only of the last word the beginning is enough
        ("ete", [PLAGE]),
        ("ÉTÉ PLAGE", [PLAGE]),
        ("zoe", [PLAGE]),
        ("ada", [DAY]),
        ("sun again", [DAY]),
        ("hip-hop", [NIGHT]),
        ("80", [NIGHT]),
        ("folk", [BRIEN]),
        ("夜", [YORU]),
        ("雨夜", [YORU]),
        ("夜 rain", [YORU]),
        ("o'brien", [BRIEN]),
        ("near", [BRIEN]),
        ("NEAR(rainy night)", []),
        ('"near"', [BRIEN]),
        ("AND", [BRIEN]),
        ("rainy OR plage", []),
        ("rainy NOT night", []),
        ("title:rainy", []),
        ("-rainy", [DAY, NIGHT]),
        ("rainy*", [DAY, NIGHT]),
        ("^rainy", [DAY, NIGHT]),
        ("{rainy}:(night)", [NIGHT]),
        ("rainy & night | !day", []),
        ("rainy:*", [DAY, NIGHT]),
        ("50%", [BRIEN]),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE track; --", []),
        ("' OR '1'='1", []),
        ("\\", []),
        ("'", []),
        ('"', []),
        ("*", []),
        ("(", []),
        ("   ", []),
        ("☔", []),
        ("usr", []),
        ("\ue000usr", []),
        ("x" * 200, []),
        ("nothing of it", []),
    ],
)
def test_words_are_found_and_syntax_is_none(library: Api, q: str, found: list[str]) -> None:
    assert titles(library, q=q) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("-created_at", ALL[::-1]),
        ("created_at", ALL),
        ("-updated_at", ALL[::-1]),
        ("updated_at", ALL),
        ("title", [PLAGE, BRIEN, DAY, NIGHT, YORU]),
        ("-title", [YORU, NIGHT, DAY, BRIEN, PLAGE]),
        ("duration_seconds", [BRIEN, DAY, NIGHT, YORU, PLAGE]),
        ("-duration_seconds", [PLAGE, YORU, NIGHT, DAY, BRIEN]),
    ],
)
def test_every_order_goes_over_the_pages(library: Api, sort: str, found: list[str]) -> None:
    assert titles(library, sort=sort) == found
    assert titles(library, sort=sort, q="rain") == [title for title in found if title in (NIGHT, DAY, YORU)]
    assert titles(library, sort=sort, genre="jazz") == [title for title in found if title in (DAY, PLAGE)]
    assert titles(library, sort=sort, genre="lofi", q="rainy") == [NIGHT]


def test_an_order_stays_when_tracks_come_and_change(api: Api) -> None:
    for number in range(6):
        put(api, f"rain {number}", duration=60 - number)
    for query in ({}, {"q": "rain"}, {"sort": "-duration_seconds"}, {"sort": "title"}):
        first = api.get("/tracks", params={"limit": 3, **query}).json()
        put(api, "rain 000", duration=1000)  # before all of them, or behind
        rest = api.get("/tracks", params={"limit": 100, "cursor": first["next_cursor"], **query}).json()
        seen = [track["id"] for track in first["data"] + rest["data"]]
        assert len(seen) == len(set(seen))
        assert {f"rain {n}" for n in range(6)} <= {t["title"] for t in first["data"] + rest["data"]}


def test_a_cursor_belongs_to_its_filters_and_its_order(library: Api) -> None:
    cursor = library.get("/tracks", params={"limit": 1, "q": "rain"}).json()["next_cursor"]
    for other in ({}, {"q": "rainy"}, {"q": "rain", "sort": "title"}, {"q": "rain", "genre": "lofi"}):
        answer = library.get("/tracks", params={"limit": 1, "cursor": cursor, **other})
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


def test_times_bound_a_list(api: Api) -> None:
    made = []
    for number in range(3):
        made.append(put(api, f"t{number}"))
        api.advance(timedelta(hours=1))
    middle = made[1].created_at.isoformat()
    assert titles(api, created_after=middle) == ["t2"]
    assert titles(api, created_before=middle) == ["t0"]
    assert titles(api, created_after=made[0].created_at.isoformat(), created_before=middle) == []
    assert titles(api, created_after="2026-01-01T00:00:00+02:00", q="t", sort="title") == ["t0", "t1", "t2"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": ""}, "query.q"),
        ({"q": "x" * 201}, "query.q"),
        ({"created_after": "yesterday"}, "query.created_after"),
        ({"created_after": "2026-01-01T00:00:00"}, "query.created_after"),
        ({"created_after": "1.5"}, "query.created_after"),
        ({"created_before": "1767225600"}, "query.created_before"),
        ({"created_before": "2026-13-01T00:00:00Z"}, "query.created_before"),
        ({"sort": "loudness"}, "query.sort"),
        ({"sort": "--title"}, "query.sort"),
        ({"sort": ""}, "query.sort"),
        ({"status": "lost"}, "query.status"),
        ({"artist": "x"}, "query.artist"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_name(shared: Api, query: dict[str, str], field: str) -> None:
    answer = shared.get("/tracks", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == field


def test_nul_is_refused(shared: Api) -> None:
    answer = shared.get("/tracks", params={"q": "a\0b"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_deleted_tracks_are_listed_apart(api: Api) -> None:
    for title in ("a", "b", "c"):
        put(api, title)
    gone = api.get("/tracks").json()["data"][1]
    api.delete(f"/tracks/{gone['id']}")
    assert titles(api) == ["c", "a"]
    assert titles(api, status="deleted") == ["b"] == titles(api, status="deleted", q="b")
    [listed] = api.get("/tracks?status=deleted").json()["data"]
    assert (listed["status"], listed["deleted_at"] is not None) == ("deleted", True)
    assert titles(api, q="b") == []


def test_a_search_follows_every_change(api: Api) -> None:
    track = put(api, "first", tags=["x1"])
    api.patch(f"/tracks/{track.id}", json={"title": "Zweite", "tags": ["x2"]})
    assert titles(api, q="first") == titles(api, q="x1") == []
    assert titles(api, q="zweite x2") == ["Zweite"]
    put(api, "aaa")
    assert titles(api, sort="title") == ["aaa", "Zweite"]
    api.delete(f"/tracks/{track.id}")
    api.advance(timedelta(days=31))
    assert api.server.services.store.write_now(service.purge) == 1
    assert titles(api, q="zweite", status="deleted") == []


def test_nobody_finds_what_is_somebody_elses(api: Api) -> None:
    put(api, "rainy")
    with httpx.Client(base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": another_owner(api)}) as http:
        for query in ({}, {"q": "rainy"}, {"q": "rainy", "sort": "title"}):
            assert http.get("/tracks", params=query).json()["data"] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Straße ÆØÅ Łódź", ["strasse", "aeoa", "lodz"]),
        ("ﬁne ①", ["fine", "1"]),
        ("don't_stop", ["don", "t", "stop"]),
        ("夜雨 rain", ["夜", "雨", "rain"]),
        ("밤비", ["밤", "비"]),
        ("x" * 100, ["x" * 64]),
        ("\0\ue000 -", []),
    ],
)
def test_words_are_folded_and_cut(text: str, words: list[str]) -> None:
    assert search.words_of(text) == words


def test_a_place_fits_into_a_cursor_however_long_the_title() -> None:
    assert len(listing.title_key("𝕏" * 200)) <= 60
    assert len(listing.title_key("\ufdfa" * 200)) <= 60  # one character that folds into eighteen
