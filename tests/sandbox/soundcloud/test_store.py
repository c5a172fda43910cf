"""The stand-in by itself: what SoundCloud does, asked by a plain HTTP client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from aimusicverse.platforms import oauth
from tests.release.package_files import sound_file
from tests.sandbox.soundcloud.standin import StandIn, stand_in

BACK = "http://127.0.0.1:1/return"


@pytest.fixture
def http(store: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{store.url}/soundcloud", trust_env=False) as client:
        yield client


def asked(**changes: str) -> dict[str, str]:
    return {
        "client_id": "app", "redirect_uri": BACK, "response_type": "code", "state": "s",
        "code_challenge": oauth.challenge("v" * 43), "code_challenge_method": "S256",
    } | changes  # fmt: skip


def code(http: httpx.Client, **changes: str) -> str:
    came = http.get("/authorize", params=asked(**changes))
    assert came.status_code == 302
    return parse_qs(urlsplit(came.headers["location"]).query)["code"][0]


def tokens(http: httpx.Client, **changes: str) -> httpx.Response:
    return http.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code", "client_id": "app", "client_secret": "secret",
            "redirect_uri": BACK, "code_verifier": "v" * 43,
        } | changes,
    )  # fmt: skip


def signed_in(http: httpx.Client, account: str = "maren") -> dict[str, str]:
    return {"Authorization": f"OAuth {tokens(http, code=code(http, account=account)).json()['access_token']}"}


def uploaded(
    http: httpx.Client, who: dict[str, str], folder: Path, name: str = "track.flac", **fields: str
) -> Any:
    folder.mkdir(exist_ok=True)
    path = sound_file(folder / "tone.flac").path
    data = {
        f"track[{key}]": value for key, value in ({"title": "Ferry", "sharing": "private"} | fields).items()
    }
    with path.open("rb") as sound:
        return http.post("/tracks", headers=who, data=data, files={"track[asset_data]": (name, sound)})


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1.evil.example/"},
        {"redirect_uri": ""},
        {"client_id": ""},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"account": "<script>"},
    ],
)
def test_nobody_is_sent_elsewhere_or_without_proof(http: httpx.Client, changes: dict[str, str]) -> None:
    answer = http.get("/authorize", params=asked(**changes))
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"client_id": "another"},
        {"redirect_uri": "http://127.0.0.1:2/"},
        {"code": "nonsense"},
    ],
)
def test_a_code_is_for_him_who_asked_for_it(http: httpx.Client, changes: dict[str, str]) -> None:
    answer = tokens(http, **({"code": code(http)} | changes))
    assert (answer.status_code, answer.json()["message"]) == (400, "invalid_grant")


def test_codes_and_refresh_tokens_are_good_once_and_codes_for_minutes(
    store: StandIn, http: httpx.Client
) -> None:
    one = code(http)
    first = tokens(http, code=one)
    assert first.status_code == 200
    assert tokens(http, code=one).status_code == 400
    late = code(http)
    store.move(timedelta(minutes=11))
    assert tokens(http, code=late).status_code == 400
    again = {"grant_type": "refresh_token", "refresh_token": first.json()["refresh_token"]}
    second = tokens(http, **again)
    assert second.status_code == 200
    assert tokens(http, **again).json()["message"] == "invalid_grant"
    who = {"Authorization": f"OAuth {first.json()['access_token']}"}
    assert http.get("/me", headers=who).status_code == 401  # it went with its refresh token


@pytest.mark.parametrize("changes", [{"client_secret": ""}, {"client_id": ""}])
def test_an_app_without_a_secret_is_refused(http: httpx.Client, changes: dict[str, str]) -> None:
    answer = tokens(http, **({"code": code(http)} | changes))
    assert (answer.status_code, answer.json()["message"]) == (401, "invalid_client")


def test_a_token_lasts_about_an_hour_and_a_401_is_empty(store: StandIn, http: httpx.Client) -> None:
    who = signed_in(http)
    assert http.get("/me", headers=who).json()["username"] == "maren"
    for other in (
        {},
        {"Authorization": "OAuth x"},
        {"Authorization": who["Authorization"].replace("OAuth", "Bearer")},
    ):
        answer = http.get("/me", headers=other)
        assert (answer.status_code, answer.content) == (401, b"")
    store.move(timedelta(minutes=61))
    assert http.get("/me", headers=who).status_code == 401


def test_signing_out_ends_a_token(http: httpx.Client) -> None:
    who = signed_in(http)
    assert http.post("/sign-out", headers=who).status_code == 200
    assert http.get("/me", headers=who).status_code == 401


def test_accounts_do_not_see_each_other(http: httpx.Client, tmp_path: Path) -> None:
    maren, other = signed_in(http), signed_in(http, "other")
    urn = uploaded(http, maren, tmp_path).json()["urn"]
    assert http.get(f"/tracks/{urn}", headers=maren).status_code == 200
    for method in ("GET", "PUT", "DELETE"):
        answer = http.request(
            method, f"/tracks/{urn}", headers=other, json={"track": {}} if method == "PUT" else None
        )
        assert answer.status_code == 404
    assert http.get("/me/tracks", params={"linked_partitioning": "true"}, headers=other).json() == {
        "collection": []
    }
    stolen = {"playlist": {"title": "Mine", "tracks": [{"urn": urn}]}}
    assert http.post("/playlists", headers=other, json=stolen).status_code == 404


def test_a_name_of_a_file_that_is_not_ascii_is_a_500_and_brackets_become_blanks(
    http: httpx.Client, tmp_path: Path
) -> None:
    who = signed_in(http)
    assert uploaded(http, who, tmp_path, "Häfen.flac").status_code == 500
    assert uploaded(http, who, tmp_path, title="<b>Ferry").json()["title"] == " b Ferry"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": " "}, {"sharing": "friends"}, {"license": "mine"}, {"embeddable_by": "x"},
        {"streamable": "maybe"}, {"release_date": "soon"}, {"description": "x" * 65_000 + "\x00"},
    ],
)  # fmt: skip
def test_what_the_description_does_not_allow_is_a_422(
    http: httpx.Client, tmp_path: Path, fields: dict[str, str]
) -> None:
    answer = uploaded(http, signed_in(http), tmp_path, **fields)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_bodies_that_are_none_are_refused(http: httpx.Client) -> None:
    who = signed_in(http)
    for content, kind in (
        (b"", "multipart/form-data"), (b"x", "multipart/form-data; boundary=b"), (b"{", "application/json"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
    ):  # fmt: skip
        answer = http.post("/tracks", headers=who | {"Content-Type": kind}, content=content)
        assert answer.status_code == 400
    bad: list[Any] = [[], {}, {"playlist": []}, {"playlist": {"title": "x", "tracks": "y"}}]
    for json in bad:
        assert http.post("/playlists", headers=who, json=json).status_code == 400
    assert http.post("/playlists", headers=who, content=b"{" * 100_000).status_code == 400
    assert http.post("/playlists", headers=who, content=bytes(2**20 + 1)).status_code == 413
    field = {"track[title]": (None, b"x" * 70_000)}
    assert http.post("/tracks", headers=who, files=field).status_code == 413


def test_lists_come_in_pages_newest_first(http: httpx.Client, tmp_path: Path) -> None:
    who = signed_in(http)
    urns = [uploaded(http, who, tmp_path, title=f"Track {number}").json()["urn"] for number in range(5)]
    for sort, expected in (("desc", urns[::-1]), ("asc", urns)):
        found, address = [], f"/me/tracks?linked_partitioning=true&limit=2&sort={sort}"
        pages = 0
        while address:
            page = http.get(address, headers=who).json()
            found += [one["urn"] for one in page["collection"]]
            address = page.get("next_href", "")
            pages += 1
        assert (found, pages) == (expected, 3)
    assert len(http.get("/me/tracks", headers=who).json()) == 5  # the deprecated list
    assert http.get("/me/tracks", params={"limit": "0"}, headers=who).status_code == 400


def test_plays_grow_with_the_clock_and_are_the_same_for_all_who_ask(
    store: StandIn, http: httpx.Client, tmp_path: Path
) -> None:
    who = signed_in(http)
    urn = uploaded(http, who, tmp_path).json()["urn"]

    def plays() -> int:
        return int(http.get(f"/tracks/{urn}", headers=signed_in(http)).json()["playback_count"])

    store.move(timedelta(hours=5))
    assert plays() == 0  # private
    http.put(f"/tracks/{urn}", headers=signed_in(http), json={"track": {"sharing": "public"}})
    counts = []
    for _ in range(4):
        store.move(timedelta(hours=5))
        counts.append(plays())
    assert counts == sorted(set(counts))
    assert counts[0] > 0


def test_reviews_are_by_the_clock_and_as_ordered(tmp_path: Path) -> None:
    with (
        stand_in(tmp_path / "sandbox", review=timedelta(seconds=20)) as store,
        httpx.Client(base_url=f"{store.url}/soundcloud", trust_env=False) as http,
    ):
        who = signed_in(http)
        store.order(what="delay", seconds=600)
        late = uploaded(http, who, tmp_path / "a").json()["urn"]
        store.order(what="reject")
        bad = uploaded(http, who, tmp_path / "b").json()["urn"]
        store.order(what="silence")
        never = uploaded(http, who, tmp_path / "c").json()["urn"]
        usual = uploaded(http, who, tmp_path / "d").json()["urn"]

        def access() -> list[str | None]:
            return [
                http.get(f"/tracks/{urn}", headers=who).json()["access"] for urn in (late, bad, never, usual)
            ]

        assert access() == [None, None, None, None]
        store.move(timedelta(seconds=20))
        assert access() == [None, "blocked", None, "playable"]
        store.move(timedelta(minutes=10))
        assert access() == ["playable", "blocked", None, "playable"]
        assert [one.status for one in store.releases()] == ["ready", "rejected", "processing", "ready"]


def test_a_playlist_leaves_out_what_is_blocked_unless_it_is_asked_for(
    store: StandIn, http: httpx.Client, tmp_path: Path
) -> None:
    who = signed_in(http)
    store.order(what="reject")
    urns = [uploaded(http, who, tmp_path).json()["urn"] for _ in range(2)]
    made = http.post(
        "/playlists",
        headers=who,
        json={"playlist": {"title": "Both", "tracks": [{"urn": urn} for urn in urns]}},
    ).json()
    plain = http.get(f"/playlists/{made['urn']}", headers=who).json()
    every = http.get(
        f"/playlists/{made['urn']}", headers=who, params={"access": "playable,preview,blocked"}
    ).json()
    assert [one["urn"] for one in plain["tracks"]] == urns[1:]
    assert [one["urn"] for one in every["tracks"]] == urns
    assert plain["track_count"] == 2


def test_an_address_leads_to_a_page_that_says_what_it_is(
    store: StandIn, http: httpx.Client, tmp_path: Path
) -> None:
    who = signed_in(http)
    track = uploaded(http, who, tmp_path, title="Ferry & Co").json()
    assert httpx.get(track["permalink_url"], trust_env=False).status_code == 404  # private
    http.put(f"/tracks/{track['urn']}", headers=who, json={"track": {"sharing": "public"}})
    page = httpx.get(track["permalink_url"], trust_env=False)
    assert page.status_code == 200
    assert "Ferry &amp; Co (sandbox)" in page.text
    assert re.search("nobody can hear", page.text)


def test_no_sound_is_kept_on_disk(store: StandIn, http: httpx.Client, tmp_path: Path) -> None:
    uploaded(http, signed_in(http), tmp_path / "own")
    kept = [path.name for path in store.surroundings.folder.rglob("*") if path.is_file()]
    assert all(name.startswith("sandbox.db") for name in kept)


def test_it_knows_all_after_it_was_started_again(tmp_path: Path) -> None:
    with (
        stand_in(tmp_path / "sandbox") as store,
        httpx.Client(base_url=f"{store.url}/soundcloud", trust_env=False) as http,
    ):
        who = signed_in(http)
        urn = uploaded(http, who, tmp_path).json()["urn"]
    with stand_in(tmp_path / "sandbox") as again:
        answer = httpx.get(f"{again.url}/soundcloud/tracks/{urn}", headers=who, trust_env=False)
        assert answer.json()["title"] == "Ferry"
        assert len(again.releases()) == 1
