"""Distributions leave as a file and come back without loss; nothing is sent, and nothing comes by halves."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.platforms.base import Standing, StoreProblem
from aimusicverse.server.distributions import imports
from tests.server.conftest import Api
from tests.server.distributions.conftest import Way
from tests.server.distributions.scripted import trouble
from tests.server.processes import until

TYPES = {"json": "application/json", "csv": "text/csv"}
FORMATS = sorted(TYPES)


def export(api: Api, format: str, **filters: str) -> bytes:
    answer = api.get("/distributions/export", params={"format": format, **filters})
    assert answer.status_code == 200, answer.text
    return answer.content


def import_(
    api: Api, content: bytes, kind: str = "application/octet-stream", **headers: str
) -> httpx.Response:
    return api.post("/distributions/import", content=content, headers={"Content-Type": kind, **headers})


def records(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(content)["distributions"]
    return found


class Sheet:
    """A CSV as a spreadsheet has it."""

    def __init__(self, content: bytes) -> None:
        self.rows = list(csv.reader(io.StringIO(content.decode(), newline="")))

    def set(self, row: int, column: str, value: str) -> None:
        self.rows[row][self.rows[0].index(column)] = value

    def content(self, **options: Any) -> bytes:
        file = io.StringIO(newline="")
        csv.writer(file, **options).writerows(self.rows)
        return file.getvalue().encode()


@pytest.fixture(scope="module")
def ended(running_way: Way) -> list[str]:
    """Distributions that have ended, each in its way."""
    way = running_way
    busy = StoreProblem("store_rejected", "=cmd|' /C calc'!A0, \"says\"\nthe store", "policy", hint="'@x'")
    way.doors.says("youtube_music", "deliver", Standing("rejected", problem=busy))
    ids = [way.create("soundcloud", "youtube_music"), way.create("soundcloud", draft=True)]
    way.settles(ids[0])
    way.doors.says("youtube_music", "deliver", *[trouble("metadata")])
    ids.append(way.create("youtube_music", metadata=way.release(title="+Ünïcode, \"quoted\" 'and' = odd")))
    ids.append(way.create("apple_music", via="distrokid"))
    way.settles(ids[2])
    way.settles(ids[3])
    return ids


@pytest.fixture
def empty(start: Callable[..., Api], tmp_path: Path) -> Api:
    """Another server, with nothing in it."""
    return start(folder=tmp_path / "empty")


@pytest.mark.parametrize("format", FORMATS)
def test_what_an_empty_server_imports_it_exports_byte_by_byte(
    way: Way, ended: list[str], empty: Api, format: str
) -> None:
    content = export(way.api, format)
    told = import_(empty, content, TYPES[format]).json()
    assert told["imported"] >= len(ended)
    assert (told["unchanged"], told["renamed"]) == (0, {})
    assert told["paused"] == 0
    assert export(empty, format) == content
    for name in ended:
        here, there = way.get(name), empty.get(f"/distributions/{name}").json()
        assert there == here
        path = f"/distributions/{name}/events?limit=100"
        assert empty.get(path).json()["data"] == way.api.get(path).json()["data"]
    again = import_(empty, content, TYPES[format]).json()
    assert (again["imported"], again["unchanged"]) == (0, told["imported"])


def test_both_formats_say_the_same(way: Way, ended: list[str], empty: Api) -> None:
    import_(empty, export(way.api, "csv"))
    of_csv = export(empty, "json")
    assert [one for one in records(of_csv) if one["id"] in ended] == [
        one for one in records(export(way.api, "json")) if one["id"] in ended
    ]


def test_a_server_with_another_master_key_sends_nothing_a_second_time(
    way: Way, ended: list[str], start: Callable[..., Api], tmp_path: Path
) -> None:
    other = start(folder=tmp_path / "other")
    import_(other, export(way.api, "json"))
    name = ended[0]
    taken = other.post(f"/distributions/{name}/takedown", json={"platforms": ["soundcloud"]})
    assert taken.status_code == 200, taken.text
    problem = until(lambda: other.get(f"/distributions/{name}").json()["deliveries"][0]["problem"])
    assert problem["code"] == "unknown_outcome"


@pytest.mark.parametrize("format", FORMATS)
def test_somebody_elses_file_becomes_ones_own_and_once(way: Way, ended: list[str], format: str) -> None:
    content = export(way.api, format)
    key = way.api.post("/admin/users", json={"name": "Bea"}).json()["api_key"]["key"]
    with httpx.Client(
        base_url=way.api.http.base_url, headers={"X-API-Key": key, "Content-Type": TYPES[format]}, timeout=30
    ) as bea:
        told = bea.post("/distributions/import", content=content).json()
        assert set(ended) <= set(told["renamed"])
        ids = [told["renamed"][name] for name in ended]
        assert [
            one["id"] for one in bea.get("/distributions?limit=100").json()["data"] if one["id"] in ids
        ] == sorted(ids, reverse=True)
        assert sorted(ids) == ids  # as old as they were
        again = bea.post("/distributions/import", content=content).json()
        assert (again["imported"], again["unchanged"]) == (0, told["imported"])
    assert export(way.api, format) == content  # nothing of the other's was touched


def test_filters_are_those_of_the_list(way: Way, ended: list[str]) -> None:
    drafts = records(export(way.api, "json", status="draft", platform="soundcloud", mode="sandbox"))
    assert ended[1] in [one["id"] for one in drafts]
    assert {one["status"] for one in drafts} == {"draft"}
    assert records(export(way.api, "json", track_id="trk_none")) == []
    assert len(export(way.api, "csv", mode="live").splitlines()) == 1
    assert way.api.get("/distributions/export?format=xml").status_code == 422


def test_more_than_one_batch_comes_whole(way: Way, empty: Api) -> None:
    name = way.create("soundcloud", draft=True)
    one = next(found for found in records(export(way.api, "json")) if found["id"] == name)
    many = [
        {**one, "id": f"dst_{number:022d}", "events": []}  # without history: their ids would be the same
        for number in range(120)
    ]
    file = {"format": "aimusicverse.distributions/1", "distributions": many}
    assert import_(empty, json.dumps(file).encode()).json()["imported"] == 120
    assert records(export(empty, "json")) == many
    lines = list(csv.reader(io.StringIO(export(empty, "csv").decode(), newline="")))
    assert len(lines) == 121


@pytest.mark.parametrize("format", FORMATS)
def test_a_test_key_imports_nothing_that_is_live(way: Way, ended: list[str], empty: Api, format: str) -> None:
    content = export(way.api, "json").replace(b'"mode":"sandbox"', b'"mode":"live"')
    import_(empty, content)
    content = export(empty, format)
    made = way.api.post("/api-keys", json={"name": "t", "mode": "test", "scopes": ["distributions:write"]})
    with httpx.Client(base_url=way.api.http.base_url, headers={"X-API-Key": made.json()["key"]}) as test:
        refused = test.post("/distributions/import", content=content, headers={"Content-Type": TYPES[format]})
    assert (refused.status_code, refused.json()["code"]) == (403, "live_key_needed")


def test_an_idempotency_key_answers_again(way: Way, ended: list[str], empty: Api) -> None:
    content, once = export(way.api, "json"), {"Idempotency-Key": "one"}
    first = import_(empty, content, **once).json()
    assert import_(empty, content, **once).json() == first
    assert first["imported"]
    assert import_(empty, content + b" ", **once).json()["code"] == "idempotency_key_reused"


@pytest.fixture(scope="module")
def drafts(running_way: Way) -> list[str]:
    """Two that nobody has sent."""
    return [running_way.create("soundcloud", "spotify", draft=True) for _ in range(2)]


@pytest.fixture
def file(way: Way, drafts: list[str]) -> dict[str, Any]:
    """A file with these."""
    found = [found for found in records(export(way.api, "json")) if found["id"] in drafts]
    return {"format": "aimusicverse.distributions/1", "distributions": found}


@pytest.fixture
def sheet(way: Way, drafts: list[str]) -> Sheet:
    """The same as a table."""
    found = Sheet(export(way.api, "csv"))
    found.rows = [found.rows[0], *(row for row in found.rows[1:] if row[0] in drafts)]
    return found


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("deliveries", 1, "status"), "gone", "distributions[1].deliveries[1].status"),
        (("deliveries", 1, "platform"), "soundcloud", "there twice"),
        (("deliveries", 0, "platform"), "napster_2", "no store is called"),
        (("deliveries", 0, "step"), "dance", "no step is called"),
        (("deliveries", 0, "external_url"), "javascript:alert(1)", "external_url"),
        (("deliveries", 0, "journal"), "AAA", "journal"),
        (("deliveries", 0, "attempts"), -1, "attempts"),
        (("deliveries", 0, "streams"), 2**63, "streams"),
        (("deliveries", 0, "problem"), {"code": "x", "message": "y"}, "retryable"),
        (("deliveries",), [], "deliveries"),
        (("created_at",), "2026-12-04T12:00:00", "zone"),
        (("created_at",), 5, "created_at"),
        (("id",), "dst_a'; DROP TABLE", "id"),
        (("title",), "Another", "metadata says"),
        (("title",), "a\0b", "title"),
        (("metadata",), {"title": "x", "tracks": []}, "metadata"),
        (("metadata", "tracks", 0, "file"), "/etc/passwd", "reads no files"),
        (("metadata", "surprise"), 1, "metadata.surprise"),
        (("quote",), {"sum": 3}, "quote"),
        (("via",), "nobody", "no distributor"),
        (("owner_id",), "usr_1", "owner_id"),
        (("mode",), "real", "mode"),
        (("track_ids",), ["x"], "track_ids"),
    ],
)
def test_one_wrong_place_is_named_and_nothing_is_imported(
    file: dict[str, Any], shared: Api, path: tuple[Any, ...], value: Any, says: str
) -> None:
    at: Any = file["distributions"][1]
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    answer = import_(shared, json.dumps(file).encode())
    assert answer.status_code == 422, answer.text
    assert says in answer.text
    assert "distributions[1]" in answer.json()["errors"][0]["field"]
    assert records(export(shared, "json")) == []


def test_a_distribution_that_is_twice_in_a_file_is_named(file: dict[str, Any], shared: Api) -> None:
    file["distributions"].append(file["distributions"][0])
    assert "there twice" in import_(shared, json.dumps(file).encode()).json()["detail"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"format":"x","distributions":[]}', b"\xff\xfe\x00", b'{"a":NaN}',
     b"[" * 99_999,
     b'{"format":"aimusicverse.distributions/1","distributions":{}}',
     b'{"format":"aimusicverse.distributions/1","distributions":[[]]}',
     b'{"format":"aimusicverse.distributions/1","distributions":[null]}'],
)  # fmt: skip
@pytest.mark.parametrize("kind", [*TYPES.values(), "application/octet-stream"])
def test_what_is_no_export_is_refused(shared: Api, content: bytes, kind: str) -> None:
    answer = import_(shared, content, kind)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"] in ("malformed_json", "invalid_request")


def test_a_spreadsheet_may_write_it_anew(sheet: Sheet, empty: Api) -> None:
    sheet.rows.append([])  # an empty line
    content = b"\xef\xbb\xbf" + sheet.content(lineterminator="\n")
    assert import_(empty, content, "text/csv").json()["imported"] == 2


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("delivery_status", "gone", "line 3, column delivery_status"),
        ("attempts", "three", "line 3, column attempts: this is no whole number"),
        ("progress", "nan", "line 3, column progress"),
        ("problem", "{", "line 3, column problem: this is no JSON"),
        ("delivery_updated_at", "yesterday", "line 3, column delivery_updated_at"),
        ("platform", "", "line 3, column platform"),
        ("id", "", "line 3, column id"),
        ("title", "Another", "line 3, column title: line 2 says another"),
        ("metadata", "{}", "line 3, column metadata: line 2 says another"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column_and_nothing_is_imported(
    sheet: Sheet, shared: Api, column: str, value: str, says: str
) -> None:
    sheet.set(2, column, value)
    answer = import_(shared, sheet.content(), "text/csv")
    assert answer.status_code == 422
    assert says in answer.json()["detail"], answer.text
    assert records(export(shared, "json")) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"id,platform,colour\r\n", "line 1, column colour"),
        (b"id\r\n", "line 1, column platform"),
        (b"id,platform,id\r\n", "there twice"),
        (b"id,platform\r\ndst_1\r\n", "there are 1 cells"),
        (b'id,platform\r\n"dst_1,x\r\n', "no CSV"),
        (b"id,platform\r\n\xff,x\r\n", "line 2: this is no UTF-8"),
        (b"id,platform\r\ndst_1,spotify\r\n", "line 2, column mode"),
    ],
)
def test_a_table_that_is_no_export_says_where(shared: Api, content: bytes, says: str) -> None:
    answer = import_(shared, content, "text/csv")
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_cells_with_line_breaks_do_not_move_the_numbers_of_lines(sheet: Sheet, shared: Api) -> None:
    sheet.set(1, "metadata", json.dumps(json.loads(sheet.rows[1][sheet.rows[0].index("metadata")]), indent=1))
    lines = sheet.rows[1][sheet.rows[0].index("metadata")].count("\n")
    sheet.set(2, "attempts", "x")
    assert (
        f"line {3 + lines}, column attempts" in import_(shared, sheet.content(), "text/csv").json()["detail"]
    )


def test_no_cell_is_a_formula(way: Way, ended: list[str]) -> None:
    for row in Sheet(export(way.api, "csv")).rows:
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell


def test_too_large_and_of_another_type_are_refused_before_they_are_read(
    shared: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert import_(shared, b"<x/>", "text/xml").status_code == 415
    monkeypatch.setattr(imports, "FILE", replace(imports.FILE, most_bytes=10))
    assert import_(shared, b" " * 11, "application/json").json()["code"] == "upload_too_large"


def test_the_scopes_are_reading_and_writing(way: Way) -> None:
    made = way.api.post("/api-keys", json={"name": "reader", "scopes": ["distributions:read"]}).json()["key"]
    with httpx.Client(base_url=way.api.http.base_url, headers={"X-API-Key": made}) as reader:
        assert reader.get("/distributions/export").status_code == 200
        assert reader.post("/distributions/import", content=b"{}").status_code == 403


def test_what_was_on_its_way_waits_and_nothing_is_sent(
    way: Way, start: Callable[..., Api], tmp_path: Path
) -> None:
    way.doors.says("youtube_music", "look", *[Standing("processing", external_id="yt1")] * 50)
    name = way.create("youtube_music", "soundcloud", release_at="2030-01-01T00:00Z")
    way.comes_to(name, "processing", "scheduled")
    until(lambda: way.status_of(name, "youtube_music")["external_id"] == "yt1")
    delivered = way.doors.count("deliver")
    content = json.dumps(
        {
            "format": "aimusicverse.distributions/1",
            "distributions": [one for one in records(export(way.api, "json")) if one["id"] == name],
        }
    ).encode()
    other = start(folder=tmp_path / "other")
    assert import_(other, content).json() == {"imported": 1, "unchanged": 0, "paused": 2, "renamed": {}}
    there = other.get(f"/distributions/{name}").json()
    assert there["status"] == "paused"
    assert [one["status"] for one in there["deliveries"]] == ["paused", "paused"]
    assert there["deliveries"][0]["external_id"] == "yt1"
    lines = other.get(f"/distributions/{name}/events?limit=100").json()["data"]
    assert [line["type"] for line in lines[-2:]] == ["imported", "imported"]
    assert way.doors.count("deliver") == delivered
    assert other.get("/events").json()["data"] == []
    first = export(other, "json")
    third = start(folder=tmp_path / "third", database_url=None)
    import_(third, first)
    assert export(third, "json") == first  # what waits already goes on as it is


def test_what_was_to_be_taken_away_is_not_forgotten(
    way: Way, start: Callable[..., Api], tmp_path: Path
) -> None:
    name = way.create("soundcloud")
    way.comes_to(name, "live")
    content = export(way.api, "json").replace(b'"step":"streams"', b'"step":"take_down"')
    content = content.replace(b'"status":"live"', b'"status":"cancelled"')
    assert b'"take_down"' in content
    other = start(folder=tmp_path / "other")
    assert import_(other, content).status_code == 200
    there = other.get(f"/distributions/{name}").json()["deliveries"][0]
    assert there["status"] == "action_required"
    assert "may still be there" in there["problem"]["message"]
    assert there["problem"]["retryable"] is True
    again = other.post(f"/distributions/{name}/retry", json={})
    assert again.status_code == 200, again.text
