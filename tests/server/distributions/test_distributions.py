"""Where a release may go, what rules say of it and what it costs, over a real socket, on both databases."""

from __future__ import annotations

import json
import re
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.release.outlets import OUTLETS
from aimusicverse.release.rules.table import RULES
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.types import Outlet, Quote, ValidationReport
from tests.release.sound_releases import ALBUM, SINGLE, changed
from tests.server.artwork.conftest import upload
from tests.server.conftest import Api
from tests.server.sample_pictures import drawing, encoded
from tests.server.tracks.test_uploads import WAV, send

SHORT: dict[str, Any] = {
    "title": "Paper Lanterns",
    "artist": "Maren Okafor",
    "composers": ["Maren Okafor"],
    "isrc": "USSKG2600001",
    "upc": "036000291452",
    "language": "zxx",
    "explicit": "none",
}


@pytest.fixture
def api(shared: Api) -> Api:
    """One server for all of them: these questions leave nothing behind."""
    return shared


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees this machine's prices."""
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("AMV_CONFIG_DIR", str(folder))
    return folder


def validate(api: Api, metadata: Any, **more: Any) -> httpx.Response:
    return api.post("/distributions/validate", json={"platforms": ["spotify"], "metadata": metadata, **more})


def report(api: Api, metadata: Any, **more: Any) -> ValidationReport:
    answer = validate(api, metadata, **more)
    assert answer.status_code == 200, answer.text
    return ValidationReport.model_validate(answer.json())


def quote(api: Api, metadata: Any = SHORT, **more: Any) -> httpx.Response:
    return api.post("/distributions/quote", json={"metadata": metadata, **more})


def rules(judged: ValidationReport) -> set[str]:
    return {finding.rule for target in judged.targets for finding in target.findings}


def refused(answer: httpx.Response, *fields: str, code: str = "invalid_request") -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code), answer.text[:2000]
    assert answer.headers["content-type"] == "application/problem+json"
    if fields:
        assert [error["field"] for error in problem["errors"]] == list(fields)
    return problem


# -- platforms --------------------------------------------------------------------------------------


def test_every_store_and_distributor_is_listed_with_its_source_and_date(api: Api) -> None:
    listed = [Outlet.model_validate(one) for one in api.get("/platforms").json()["data"]]
    assert {one.id for one in listed} == set(OUTLETS)
    assert [one.kind for one in listed] == sorted((one.kind for one in listed), reverse=True)
    for one in listed:
        assert one.source.strip()
        assert one.ai.source.strip()
        assert one.ai.note.strip()


def test_whoever_has_no_scope_is_told_which_is_missing(api: Api) -> None:
    key = api.post("/api-keys", json={"name": "x", "scopes": ["tracks:read"]}).json()["key"]
    for method, path in (
        ("GET", "/platforms"),
        ("POST", "/distributions/validate"),
        ("POST", "/distributions/quote"),
    ):
        answer = httpx.request(
            method, f"{api.server.url}/api/v1{path}", headers={"X-API-Key": key}, json={"metadata": SHORT}
        )
        assert answer.json()["code"] == "scope_missing"
        assert "distributions:read" in answer.json()["detail"]


# -- validate ---------------------------------------------------------------------------------------


def test_each_target_has_its_report_and_the_distributor_one_of_his_own(api: Api) -> None:
    judged = report(api, SINGLE, platforms=["spotify", "apple_music", "spotify"], via="distrokid")
    assert [(one.target, one.kind, one.via) for one in judged.targets] == [
        ("spotify", "store", "distrokid"),
        ("apple_music", "store", "distrokid"),
        ("distrokid", "distributor", None),
    ]
    assert not judged.blocking


def test_a_fault_is_a_finding_and_no_problem(api: Api) -> None:
    judged = report(api, changed(SINGLE, {"tracks[0].isrc": "USA1224123456"}))
    found = [one for one in judged.targets[0].findings if one.rule == "ID-ISRC-FMT"]
    assert judged.blocking
    assert (found[0].field, found[0].value) == ("tracks[0].isrc", "USA1224123456")
    assert "2 letters" in found[0].passes


def test_the_short_form_is_enough_for_a_single(api: Api) -> None:
    assert "ID-ISRC-MISSING" not in rules(report(api, SHORT))
    without = {name: value for name, value in SHORT.items() if name != "isrc"}
    assert "ID-ISRC-MISSING" in rules(report(api, without))


def test_an_unknown_store_or_distributor_is_named_with_those_that_there_are(api: Api) -> None:
    problem = refused(validate(api, SHORT, platforms=["spotify", "tidal"]), "platforms[1]")
    assert "'tidal'" in problem["errors"][0]["message"]
    assert all(store in problem["errors"][0]["hint"] for store in STORES)
    problem = refused(validate(api, SHORT, via="the guy next door"), "via")
    assert all(distributor in problem["errors"][0]["hint"] for distributor in DISTRIBUTORS)
    refused(validate(api, SHORT, platforms=[]), "platforms")


def test_files_of_the_caller_are_not_read(api: Api) -> None:
    metadata = changed(ALBUM, {"tracks[2].file": "/etc/passwd", "cover": {"file": "cover.jpg"}})
    problem = refused(validate(api, metadata), "metadata.tracks[2].file", "metadata.cover.file")
    assert "track_id" in problem["errors"][0]["hint"]
    refused(quote(api, metadata, via="distrokid"), "metadata.tracks[2].file", "metadata.cover.file")


# -- with tracks of ours ----------------------------------------------------------------------------


@pytest.fixture
def track(api: Api) -> dict[str, Any]:
    made: dict[str, Any] = api.generate()["tracks"][0]
    return made


def test_a_track_brings_its_duration_its_sound_and_what_a_machine_made(
    api: Api, track: dict[str, Any]
) -> None:
    from aimusicverse.server.distributions import known_facts
    from aimusicverse.types import Release, Track

    release, facts = known_facts.completed(
        Release.model_validate({**SHORT, "ai": {"vocals": "partly", "artwork": "none"}}),
        {0: Track.model_validate(track)},
    )
    recording = release.tracks[0]
    assert recording.duration_seconds == track["duration_seconds"] == facts[0].duration_seconds
    assert (facts[0].sha256, facts[0].sample_rate) == (track["audio"]["sha256"], 8000)
    assert recording.ai is not None
    assert (recording.ai.composition, recording.ai.instruments, recording.ai.lyrics) == ("all", "all", "none")
    assert recording.ai.vocals == "partly", "what a person says counts before what is known"
    assert recording.ai.tool == "aimusicverse quick"
    assert report(api, SHORT, track_ids=[track["id"]]).targets


def test_of_an_upload_nothing_is_claimed_about_machines(api: Api) -> None:
    from aimusicverse.server.distributions import known_facts
    from aimusicverse.types import Release, Track

    uploaded = Track.model_validate(send(api, WAV).json())
    release, _ = known_facts.completed(Release.model_validate(SHORT), {0: uploaded})
    assert release.tracks[0].ai is None


def test_a_quote_knows_by_its_track_that_a_machine_made_it(api: Api, track: dict[str, Any]) -> None:
    known = Quote.model_validate(quote(api, via="once", track_ids=[track["id"]]).json())
    assert known.totals[0].lowest == known.totals[0].highest == Decimal("2.00")
    unknown = Quote.model_validate(quote(api, via="once").json())
    assert (unknown.totals[0].lowest, unknown.totals[0].highest) == (Decimal("1.00"), Decimal("2.00"))


def test_tracks_that_are_not_there_or_not_yours_are_not_found(api: Api, track: dict[str, Any]) -> None:
    user = api.post("/admin/users", json={"name": "x"}).json()
    key = api.post(
        f"/admin/users/{user['id']}/api-keys", json={"name": "x", "scopes": ["distributions:read"]}
    ).json()["key"]
    body = {"metadata": SHORT, "platforms": ["spotify"], "track_ids": [track["id"]]}
    for path in ("validate", "quote"):
        of_another = httpx.post(
            f"{api.server.url}/api/v1/distributions/{path}", headers={"X-API-Key": key}, json=body
        )
        assert of_another.json()["code"] == "track_not_found"
    assert validate(api, SHORT, track_ids=["trk_0"]).json()["code"] == "track_not_found"
    for nowhere in ("trk_0", "../x", "trk_\0"):
        own = changed(SINGLE, {"tracks[0].track_id": nowhere})
        assert validate(api, own).json()["code"] == "track_not_found"


def test_ids_and_tracks_of_the_release_must_fit_each_other(api: Api, track: dict[str, Any]) -> None:
    refused(validate(api, SHORT, track_ids=[track["id"], "trk_0"]), "track_ids")
    own = changed(SINGLE, {"tracks[0].track_id": "trk_0"})
    refused(validate(api, own, track_ids=[track["id"]]), "metadata.tracks[0].track_id")
    refused(validate(api, SHORT, track_ids=["../x"]), "track_ids[0]")


# -- the cover --------------------------------------------------------------------------------------


def covers(judged: ValidationReport) -> set[tuple[str, str]]:
    return {
        (finding.rule, finding.field)
        for target in judged.targets
        for finding in target.findings
        if finding.rule in ("C-SQUARE", "C-MIN", "FILE-UNREADABLE")
    }


def artwork(api: Api, width: int = 900, height: int = 700) -> str:
    """The id of one that was brought."""
    return str(upload(api, encoded(drawing(width, height))).json()["id"])


def test_the_cover_is_the_artwork_that_is_named_and_judged_by_its_file(api: Api) -> None:
    named = {**SHORT, "cover": {"artwork_id": artwork(api)}}
    field = "cover.artwork_id"
    assert covers(report(api, named)) == {("C-SQUARE", field), ("C-MIN", field)}
    assert covers(report(api, {**SHORT, "cover": {"artwork_id": artwork(api, 3000, 3000)}})) == set()
    assert covers(report(api, SHORT)) == set()


def test_a_cover_that_is_larger_than_any_is_said_not_to_be_readable(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aimusicverse.release import image_check

    monkeypatch.setattr(image_check, "MOST_PIXELS", 100_000)
    judged = report(api, {**SHORT, "cover": {"artwork_id": artwork(api)}})
    assert covers(judged) == {("FILE-UNREADABLE", "cover.artwork_id")}


def test_an_artwork_that_is_not_there_not_yours_or_not_ready_is_named_by_its_field(api: Api) -> None:
    def problem(answer: httpx.Response) -> tuple[int, str, list[str]]:
        told = answer.json()
        return answer.status_code, told["code"], [error["field"] for error in told["errors"]]

    here = artwork(api)
    user = api.post("/admin/users", json={"name": "y"}).json()
    key = api.post(
        f"/admin/users/{user['id']}/api-keys", json={"name": "y", "scopes": ["distributions:read"]}
    ).json()["key"]
    body = {"metadata": {**SHORT, "cover": {"artwork_id": here}}, "platforms": ["spotify"]}
    of_another = httpx.post(
        f"{api.server.url}/api/v1/distributions/validate", headers={"X-API-Key": key}, json=body
    )
    field = ["metadata.cover.artwork_id"]
    assert problem(of_another) == (404, "artwork_not_found", field)
    for nowhere in ("art_0", "", "../x", "a" * 10_000, "art_\0"):
        answer = validate(api, {**SHORT, "cover": {"artwork_id": nowhere}})
        assert problem(answer) == (404, "artwork_not_found", field), nowhere[:20]
    failed = api.post("/artwork", json={"title": "\U0001f600", "lettering": True}).json()["id"]
    assert api.get(f"/artwork/{failed}?wait=20").json()["status"] == "failed"
    answer = validate(api, {**SHORT, "cover": {"artwork_id": failed}})
    assert problem(answer) == (409, "artwork_not_ready", field)


def test_a_release_without_a_cover_has_the_one_of_its_track(api: Api, track: dict[str, Any]) -> None:
    changed_track = api.patch(f"/tracks/{track['id']}", json={"artwork_id": artwork(api)})
    assert changed_track.status_code == 200, changed_track.text
    judged = report(api, SHORT, track_ids=[track["id"]])
    assert ("C-SQUARE", "cover.artwork_id") in covers(judged)
    other = {**SHORT, "cover": {"artwork_id": artwork(api, 3000, 3000)}}
    assert covers(report(api, other, track_ids=[track["id"]])) == set(), "what is said wins"
    removed = api.patch(f"/tracks/{track['id']}", json={"artwork_id": None})
    assert removed.status_code == 200, removed.text
    assert covers(report(api, SHORT, track_ids=[track["id"]])) == set()


def test_of_several_artworks_of_tracks_nobody_here_chooses(api: Api) -> None:
    tracks = [api.generate()["tracks"][0]["id"] for _ in range(2)]
    album = {"title": "Both", "artist": "Maren Okafor", "tracks": [{"title": "One"}, {"title": "Two"}]}
    for track_id in tracks:
        api.patch(f"/tracks/{track_id}", json={"artwork_id": artwork(api)})
    assert covers(report(api, album, track_ids=tracks)) == set()
    shared = artwork(api)
    for track_id in tracks:
        api.patch(f"/tracks/{track_id}", json={"artwork_id": shared})
    assert covers(report(api, album, track_ids=tracks)) != set()


# -- quote ------------------------------------------------------------------------------------------


def test_a_quote_has_lines_sums_and_says_what_is_not_verified(api: Api) -> None:
    told = Quote.model_validate(
        quote(api, ALBUM, via="distrokid", years=2, extras=["discovery_pack", "store_maximizer"]).json()
    )
    assert {line.label: (line.lowest, line.highest, line.verified) for line in told.lines} == {
        "DistroKid Musician": (Decimal("45.98"), Decimal("49.98"), False),
        "Discovery Pack": (Decimal("13.86"), Decimal("13.86"), True),
        "Store Maximizer": (Decimal("15.90"), Decimal("15.90"), False),
    }
    assert (told.totals[0].lowest, told.totals[0].highest) == (Decimal("75.74"), Decimal("79.74"))
    assert not told.verified
    assert told.complete


def test_sums_of_money_travel_as_decimal_text(api: Api) -> None:
    told = quote(api, via="cd_baby", expected_revenue="1000.10").json()
    assert [line["lowest"] for line in told["lines"]] == ["9.99", "90.01"]
    assert told["totals"] == [{"currency": "USD", "lowest": "100.00", "highest": "100.00"}]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"via": "nobody"}, "via"),
        ({"platforms": ["tidal"]}, "platforms[0]"),
        ({"via": "distrokid", "plan": "label"}, "plan"),
        ({"via": "distrokid", "extras": ["discovery_pack", "pony"]}, "extras[1]"),
        ({"via": "distrokid", "years": 0}, "years"),
        ({"via": "distrokid", "years": 101}, "years"),
        ({"via": "distrokid", "expected_revenue": "-1"}, "expected_revenue"),
        ({"via": "distrokid", "expected_revenue": "NaN"}, "expected_revenue"),
        ({"via": "distrokid", "expected_revenue": "1e30"}, "expected_revenue"),
    ],
)
def test_a_quote_that_cannot_be_made_says_why(api: Api, asked: dict[str, Any], field: str) -> None:
    problem = refused(quote(api, **asked), field)
    assert problem["errors"][0]["message"]


def test_prices_of_whoever_runs_the_server_count(api: Api, own_config: Path) -> None:
    own = own_config / "prices.toml"
    row = '[[price]]\nvia = "landr"\nlabel = "LANDR"\nper = "year"\namount = "12"\ncurrency = "EUR"\n'
    own.write_text(f"{row}as_of = 2026-11-01\n", "utf-8")
    assert quote(api, via="landr").json()["totals"] == [
        {"currency": "EUR", "lowest": "12.00", "highest": "12.00"}
    ]
    own.write_text(f"{row}as_of = yesterday\n", "utf-8")
    answer = quote(api, via="landr")
    assert (answer.status_code, answer.json()["code"]) == (503, "prices_unreadable")
    assert str(own) not in answer.text, "paths of the server are nobody's business"


# -- the same question twice ------------------------------------------------------------------------


def test_a_key_may_be_used_again_for_the_same_question_and_for_no_other(api: Api) -> None:
    for path in ("validate", "quote"):
        body = {"metadata": SHORT, "platforms": ["spotify"]}
        headers = {"Idempotency-Key": f"ask-{path}"}
        first = api.post(f"/distributions/{path}", json=body, headers=headers)
        again = api.post(f"/distributions/{path}", json=body, headers=headers)
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()
        other = api.post(f"/distributions/{path}", json={**body, "platforms": ["ddex"]}, headers=headers)
        refused(other, code="idempotency_key_reused")


# -- attacks ----------------------------------------------------------------------------------------

EMOJI = "🎵👩‍🚀🏳️‍🌈" * 50
SURROGATE = "\ud83d"


def raw(api: Api, body: str | bytes, path: str = "validate") -> httpx.Response:
    return api.post(f"/distributions/{path}", content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("path", ["validate", "quote"])
@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"title": SURROGATE}, id="lone surrogate"),
        pytest.param({**SHORT, "artist": f"a{SURROGATE}b"}, id="lone surrogate in the short form"),
        pytest.param(changed(SINGLE, {"genres": {SURROGATE: "x"}}), id="lone surrogate as a key"),
        pytest.param({SURROGATE: 1, "title": "x"}, id="lone surrogate as a field"),
        pytest.param(changed(SINGLE, {"tracks[0].lyrics": SURROGATE * 1000}), id="surrogates in lyrics"),
        pytest.param(changed(SINGLE, {"pony": 1}), id="unknown field"),
        pytest.param(changed(SINGLE, {"tracks[0].pony": 1}), id="unknown field of a track"),
        pytest.param({**SHORT, "composers": "Maren Okafor"}, id="text for a list"),
        pytest.param({**SHORT, "composers": [None, 1, {}, []]}, id="anything for names"),
        pytest.param({**SHORT, "artist": ["x"]}, id="list for a name"),
        pytest.param({**SHORT, "tracks": {}}, id="object for the tracks"),
        pytest.param({**SHORT, "tracks": []}, id="no tracks"),
        pytest.param({**SHORT, "tracks": [None, 1, "x", [[]]]}, id="anything for tracks"),
        pytest.param({"title": "x", "tracks": [{}] * 501}, id="501 tracks"),
        pytest.param({"title": "x", "tracks": [None] * 500}, id="500 tracks that are none"),
        pytest.param({"title": "x", "artists": [{}] * 200_000}, id="200,000 artists"),
        pytest.param(
            {"title": "x", "composers": ["a"] * 200, "tracks": [{"title": "t"}] * 500},
            id="composers times tracks",
        ),
        pytest.param(changed(SINGLE, {"tracks[0].duration_seconds": 1e400}), id="endless track"),
        pytest.param(changed(SINGLE, {"tracks[0].duration_seconds": -1}), id="negative track"),
        pytest.param([], id="a list"),
        pytest.param("x", id="a text"),
        pytest.param(None, id="nothing"),
        pytest.param({}, id="an empty object"),
    ],
)
def test_what_is_no_release_is_a_problem_that_names_fields(api: Api, metadata: Any, path: str) -> None:
    body = json.dumps({"metadata": metadata, "platforms": ["spotify"]})
    answer = raw(api, body, path)
    problem = refused(answer)
    assert problem["errors"]
    assert all(error["field"].startswith("metadata") for error in problem["errors"]), answer.text[:500]
    assert len(answer.content) < 200_000


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param(changed(SINGLE, {"title": EMOJI, "artists[0].name": EMOJI}), id="emoji"),
        pytest.param(
            changed(SINGLE, {"title": "\u202eevil\u202c", "label": "a\0b"}), id="turned letters, NUL"
        ),
        pytest.param(changed(SINGLE, {"title": "x" * 900_000}), id="a title of 900 kB"),
        pytest.param(changed(SINGLE, {"tracks[0].lyrics": "la " * 330_000}), id="a megabyte of lyrics"),
        pytest.param(changed(SINGLE, {"upc": "9" * 100_000, "grid": "A1" * 50_000}), id="long numbers"),
        pytest.param(
            changed(SINGLE, {"upc": "١٢٣٤٥٦٧٨٩٠١٢", "tracks[0].isrc": "USSKG٢٦٠٠٠٠١"}), id="other digits"
        ),
        pytest.param(changed(SINGLE, {"tracks[0].isrc": "-" * 300_000}), id="hyphens"),
        pytest.param(
            changed(SINGLE, {"release_at": "9999-99-99T99:99", "time_zone": "../etc"}), id="no dates"
        ),
        pytest.param(changed(SINGLE, {"release_at": "+292278994-08-17"}), id="far dates"),
        pytest.param(
            changed(SINGLE, {"territories": ["XX"] * 1000, "preorder_tracks": [-1, 10**30]}), id="lists"
        ),
        pytest.param(changed(SINGLE, {"contributors": [{"name": "x"}] * 1000}), id="1,000 contributors"),
        pytest.param(changed(SINGLE, {"artists": [], "tracks[0].artists": []}), id="nobody"),
        pytest.param(
            changed(SINGLE, {"title": "", "label": "", "p_line": "", "language": ""}), id="empty texts"
        ),
        pytest.param(changed(SINGLE, {"title": "(" * 100_000}), id="brackets"),
        pytest.param(changed(SINGLE, {"title": "(feat. " * 50_000}), id="guests"),
    ],
)
@pytest.mark.long
def test_odd_values_are_judged_within_seconds(api: Api, metadata: Any) -> None:
    began = time.monotonic()
    judged = report(api, metadata, platforms=list(STORES))
    assert time.monotonic() - began < 20
    assert len(judged.targets) == len(STORES)


def test_json_that_is_deep_or_none_is_refused(api: Api) -> None:
    deep = "[" * 100_000
    for body in (
        f'{{"metadata": {deep}',
        f'{{"metadata": {deep}{"]" * 100_000}}}',
        "{",
        "\ud800".encode("utf-8", "surrogatepass"),
    ):
        answer = raw(api, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    nested: Any = "x"
    for _ in range(500):
        nested = [nested]
    refused(raw(api, json.dumps({"metadata": {"title": nested}, "platforms": ["spotify"]})))
    assert raw(api, json.dumps({"metadata": {"title": "x" * 1_100_000}})).status_code == 413


def test_many_unknown_fields_give_a_short_answer_soon(api: Api) -> None:
    body = {"metadata": {"title": "x", **{f"f{n}": n for n in range(60_000)}}, "platforms": ["spotify"]}
    began = time.monotonic()
    answer = validate(api, body["metadata"])
    assert time.monotonic() - began < 10
    refused(answer)
    assert len(answer.content) < 100_000


#: Every track lacks what can be lacking.
BARE_500 = {"title": "x", "tracks": [{"title": "t"} for _ in range(500)]}


def test_a_release_of_500_bare_tracks_is_judged_everywhere_in_bounded_time_and_space(api: Api) -> None:
    began = time.monotonic()
    answer = validate(api, BARE_500, platforms=list(STORES))
    assert answer.status_code == 200
    assert time.monotonic() - began < 15
    assert len(answer.content) < 8_000_000
    judged = ValidationReport.model_validate_json(answer.content)
    assert judged.blocking
    spotify = judged.targets[0]
    missing = [one.field for one in spotify.findings if one.rule == "ID-ISRC-MISSING"]
    assert missing == [f"tracks[{index}].isrc" for index in range(100)]
    assert spotify.left_out >= 400


def test_other_calls_are_answered_while_500_tracks_are_judged(api: Api) -> None:
    done = threading.Event()

    def judge() -> None:
        for _ in range(3):
            validate(api, BARE_500, platforms=list(STORES))
        done.set()

    worker = threading.Thread(target=judge)
    worker.start()
    answered, slowest = 0, 0.0
    with httpx.Client(base_url=api.server.url) as other:
        while not done.is_set():
            began = time.monotonic()
            assert other.get("/healthz").status_code == 200
            slowest = max(slowest, time.monotonic() - began)
            answered += 1
    worker.join()
    assert answered >= 3
    assert slowest < 2, "the loop stood still"


# -- pages of rules ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def docs_urls() -> list[str]:
    return [f"/rules/{rule.id}" for rule in RULES]


def test_every_rule_is_explained_where_its_findings_point(api: Api, docs_urls: list[str]) -> None:
    for rule, path in zip(RULES, docs_urls, strict=True):
        page = api.http.get(api.server.url + path)
        assert page.status_code == 200
        assert f"<h1>{rule.id}</h1>" in page.text
        assert rule.as_of.isoformat() in page.text
        assert not re.search(r"\{\w", page.text), "a place that a finding fills in is left over"
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_rule_that_there_is_not_is_a_problem(api: Api) -> None:
    for name in ("NO-SUCH", "<script>", "%00", "a" * 5000):
        answer = httpx.get(f"{api.server.url}/rules/{name}")
        assert answer.status_code == 404
        assert answer.json()["code"] in ("rule_unknown", "route_not_found")
