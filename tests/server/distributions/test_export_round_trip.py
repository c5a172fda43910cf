"""Whatever a distribution says, a file says it, and says the same when it is read."""

from __future__ import annotations

import csv
import io
import json
import secrets
from contextlib import suppress
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.server.distributions import export_csv, export_queries, exporting, importing
from aimusicverse.server.distributions.export_csv import guarded, unguarded
from aimusicverse.server.distributions.export_queries import Wish
from aimusicverse.server.distributions.import_reading import read_csv, read_json
from aimusicverse.server.distributions.states import STATUSES, together
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.allowance import TIERS
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.types.distribution_export import EXPORT_FORMAT
from aimusicverse.types.release import Release
from tests.release.sound_releases import SINGLE, changed
from tests.server.conftest import Api

#: What a row can keep: no NUL, no half of a surrogate pair.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
ODD = TEXT | st.sampled_from(["=1+1", "'=1", "''@", "-", "+", "'", "a'", "\t", "\r\n", "\n", ' "; ,', "＝"])
NAME = ODD.filter(bool)
MOMENT = st.datetimes(datetime(1971, 1, 1)).map(lambda at: f"{at.isoformat('T', 'microseconds')}Z")
MAYBE = st.none()
NUMBER = st.integers(0, 2**31 - 1)
ENDED = st.sampled_from([one for one in STATUSES if one not in importing.ON_ITS_WAY])
DETAILS = st.dictionaries(ODD, st.one_of(ODD, NUMBER, st.booleans(), MAYBE), max_size=3)
PROBLEM = st.fixed_dictionaries(
    {
        "code": NAME,
        "message": ODD,
        "field": MAYBE | ODD,
        "hint": MAYBE | ODD,
        "docs_url": MAYBE,
        "retryable": st.booleans(),
    },
    optional={"kind": NAME, "revision": NUMBER, "step": st.just("look"), "since": MAYBE},
)
PLATFORMS = ["soundcloud", "spotify", "youtube_music", "apple_music"]


@st.composite
def distributions(draw: st.DrawFn) -> dict[str, Any]:
    """A distribution as `exporting.record` writes it; nothing of it is on its way."""
    title = draw(NAME.map(str.strip).filter(bool))
    metadata = json.loads(
        Release.model_validate(changed(SINGLE, {"title": title})).model_dump_json(exclude_none=True)
    )
    deliveries = [
        {
            "platform": platform,
            "connector": draw(st.sampled_from(["api", "package", "kit"])),
            "status": draw(ENDED),
            "step": draw(st.sampled_from(["validate", "look", "streams", "nothing"])),
            "external_id": draw(MAYBE | NAME),
            "external_url": draw(MAYBE | st.just("https://store.example/?q='=1")),
            "problem": draw(MAYBE | PROBLEM),
            "attempts": draw(NUMBER),
            "next_attempt_at": draw(MAYBE | MOMENT),
            "streams": draw(MAYBE | st.integers(0, 2**63 - 1)),
            "progress": draw(MAYBE | st.floats(0, 1)),
            "paused_from": draw(MAYBE | st.just("wait")),
            "delivered_revision": draw(MAYBE | NUMBER),
            "journal": "c2VhbGVk",
            "updated_at": draw(MOMENT),
        }
        for platform in draw(st.lists(st.sampled_from(PLATFORMS), min_size=1, max_size=4, unique=True))
    ]
    return {
        "id": new_id("dst"),
        "mode": draw(st.sampled_from(["sandbox", "live"])),
        "status": draw(ENDED),
        "title": metadata["title"][:300],
        "via": draw(MAYBE | st.just("distrokid")),
        "artwork_id": draw(MAYBE | st.just("art_1")),
        "release_at": draw(MAYBE | MOMENT),
        "revision": draw(st.integers(1, 2**31 - 1)),
        "version": draw(st.integers(1, 2**31 - 1)),
        "created_at": draw(MOMENT),
        "updated_at": draw(MOMENT),
        "submitted_at": draw(MAYBE | MOMENT),
        "completed_at": draw(MAYBE | MOMENT),
        "track_ids": draw(st.lists(st.just("trk_1"), max_size=3)),
        "metadata": metadata,
        "quote": None,
        "deliveries": deliveries,
        "events": [
            {
                "id": new_id("dse"),
                "at": draw(MOMENT),
                "platform": draw(MAYBE | st.sampled_from(PLATFORMS)),
                "type": draw(NAME)[:40],
                "status": draw(MAYBE | ENDED),
                "message": draw(ODD),
                "details": draw(DETAILS),
            }
            for _ in range(draw(st.integers(0, 3)))
        ],
    }


def as_csv(found: list[dict[str, Any]]) -> bytes:
    writer = export_csv.Writer()
    return b"".join([writer.head(), *(writer.piece(one) for one in found), writer.foot()])


def as_json(found: list[dict[str, Any]]) -> bytes:
    return json.dumps({"format": EXPORT_FORMAT, "distributions": found}).encode()


@given(ODD)
def test_a_guard_is_taken_away_again_and_leaves_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@settings(max_examples=60, deadline=None)
@given(st.lists(distributions(), max_size=3))
def test_a_csv_says_what_was_written(found: list[dict[str, Any]]) -> None:
    content = as_csv(found)
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert len(rows) == 1 + sum(len(one["deliveries"]) for one in found)
    assert {len(row) for row in rows} == {len(export_csv.COLUMNS)}
    assert [read.said for read in read_csv(content)] == [read.said for read in read_json(as_json(found))]
    read = [_without_nothing(record.value) for record in export_csv.read(content.decode())]
    assert read == [_without_nothing(one) for one in found]


def _without_nothing(one: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in one.items() if value is not None}
    deliveries = [
        {name: value for name, value in delivery.items() if value is not None}
        for delivery in one["deliveries"]
    ]
    return kept | {"deliveries": deliveries}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(distributions(), min_size=1, max_size=3))
def test_a_database_gives_back_what_it_was_given(shared: Api, found: list[dict[str, Any]]) -> None:
    store = shared.server.services.store
    principal = _principal(Owner(shared.get("/user/profile").json()["id"]))
    content = as_csv(found)
    told = store.write_now(importing.keep, principal.owner, principal, read_csv(content))
    assert (told.imported, told.paused, told.renamed) == (len(found), 0, {})
    kept = store.read_now(export_queries.batch, principal.owner, Wish(), _before(found[0]["id"]), 10)
    records = [exporting.record(whole) for whole in kept]
    expected = [one | {"status": _together(one)} for one in found]
    assert records == expected
    assert as_csv(records) == as_csv(expected)


def _principal(owner: Owner) -> Principal:
    return Principal(owner, "key_1", "k", "live", frozenset(), None, TIERS["local"])


def _before(name: str) -> str:
    """An id that sorts just before it."""
    return name[:-1]


def _together(one: dict[str, Any]) -> str:
    return together(delivery["status"] for delivery in one["deliveries"])


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300) | TEXT.map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    head = b",".join(column.name.encode() for column in export_csv.COLUMNS) + b"\r\n"
    for read, file in ((read_json, content), (read_csv, content), (read_csv, head + content)):
        with suppress(Refusal):
            read(file)


def test_ids_of_others_become_other_ids_as_old_as_they_were() -> None:
    ids = [new_id("dst") for _ in range(50)]
    for owner in (Owner("usr_1"), Owner("usr_2")):
        renamed = [importing._renamed(owner, name) for name in ids]
        assert [importing._renamed(owner, name) for name in ids] == renamed
        assert sorted(renamed) == renamed
        assert not set(renamed) & set(ids)
        assert {len(name) for name in renamed} == {26}
    assert importing._renamed(Owner("usr_1"), f"dst_{secrets.token_hex(18)}").startswith("dst_")
