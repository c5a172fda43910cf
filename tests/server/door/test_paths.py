"""Path traversal: ids and paths lead to rows of one's own and to the server's own pages, never to files."""

from __future__ import annotations

import pytest

from tests.server.conftest import Api
from tests.server.door.wire import Wire

UP = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "..%252f..%252fetc%252fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cetc%5cpasswd",
    "..\\..\\etc\\passwd",
    "....//....//etc/passwd",
    "..;/..;/etc/passwd",
    "%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
    "%u002e%u002e%u2215etc",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "..%00/etc/passwd",
    "trk_x%00.wav",
    "trk_x/../../../amv.db",
    "amv.db",
    "..%2famv.db",
    "owner.key",
    "..%2fowner.key",
    "server.json",
    "master.key",
    "~root",
    "$HOME",
    "`id`",
    "%0a",
    "con",
    ".",
    "..",
    "%2e",
    "x" * 5000,
]
BEFORE = [
    "/{x}",
    "/docs/{x}",
    "/docs/assets/{x}",
    "/problems/{x}",
    "/api/v1/{x}",
    "/api/v1/tracks/{x}",
    "/api/v1/tracks/{x}/audio",
    "/api/v1/tracks/{x}/audio?format=wav",
    "/api/v1/generations/{x}",
    "/api/v1/playlists/{x}/tracks",
    "/api/v1/events/{x}",
    "/_local/snapshots/{x}/restore",
]
SECRETS = (b"root:x:", b"SQLite format", b"amv_live_", b'"pid"', b"import annotations")


@pytest.mark.parametrize("before", BEFORE)
def test_no_path_leads_out(api: Api, before: str) -> None:
    for up in UP:
        with Wire(api.server.url) as wire:
            target = before.format(x=up)
            wire.request(f"GET {target} HTTP/1.1", f"X-API-Key: {api.key}", "Connection: close")
            answer = wire.answer()
        assert answer.status in (400, 404, 405, 422), (target, answer)
        assert answer.code, target
        for secret in SECRETS:
            assert secret not in answer.body, target


@pytest.mark.parametrize("field", ["entry_ids", "track_ids"])
def test_ids_in_a_query_lead_nowhere_either(api: Api, field: str) -> None:
    playlist = api.post("/playlists", json={"title": "x"}).json()["id"]
    for up in UP:
        answer = api.http.delete(f"/playlists/{playlist}/tracks", params={field: up})
        assert answer.status_code in (404, 422), up


def test_ids_in_a_body_lead_nowhere_either(api: Api) -> None:
    for up in UP:
        answer = api.post("/playlists", json={"title": "x", "track_ids": [up]})
        assert answer.status_code in (404, 422), up


def test_a_play_link_changed_to_lead_elsewhere_is_refused(api: Api) -> None:
    [track] = api.generate()["tracks"]
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()["url"]
    query = link.partition("?")[2]
    for up in UP:
        with Wire(api.server.url) as wire:
            wire.request(f"GET /api/v1/tracks/{up}/audio?{query} HTTP/1.1", "Connection: close")
            assert wire.answer().status in (400, 403, 404), up
