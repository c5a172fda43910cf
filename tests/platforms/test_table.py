"""The table of routes: who brings a release where, and what that needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aimusicverse.platforms.base import Surroundings
from aimusicverse.platforms.table import connector, route
from aimusicverse.release.outlets import OUTLETS

STORES = [one.id for one in OUTLETS.values() if one.kind == "store"]
DISTRIBUTORS = [one.id for one in OUTLETS.values() if one.kind == "distributor"]


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("soundcloud", "api"), ("youtube_music", "api"), ("spotify", "package"), ("ddex", "package"),
        ("ddex_43", "package"), ("apple_music", "package"), ("deezer", None), ("distrokid", None),
        ("x", None),
    ],
)  # fmt: skip
def test_stores_have_the_routes_that_they_really_have(platform: str, kind: str | None) -> None:
    found = route(platform)
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize("via", DISTRIBUTORS)
def test_a_distributor_gets_a_kit_for_every_store(via: str) -> None:
    for store in STORES:
        found = route(store, via)
        assert found is not None
        assert (found.kind, found.live, found.needs_account) == ("kit", "by_person", frozenset())


def test_who_is_no_distributor_brings_nothing() -> None:
    assert route("spotify", "spotify") is None
    assert route("nowhere", "distrokid") is None
    with pytest.raises(LookupError, match="deezer"):
        connector("deezer", None, None, Surroundings())


@pytest.mark.parametrize("platform", [store for store in STORES if route(store)])
def test_every_route_leads_to_a_connector_that_says_the_same_of_itself(platform: str) -> None:
    found = route(platform)
    assert found is not None
    made = connector(platform, None, None, Surroundings(sandbox_url="http://127.0.0.1:1/_sandbox"))
    try:
        assert (made.platform, made.kind) == (platform, found.kind)
        assert made.exactly_once
        assert found.exactly_once
    finally:
        made.close()


@pytest.mark.parametrize("platform", [store for store in STORES if route(store)])
def test_secrets_are_among_the_fields(platform: str) -> None:
    found = route(platform)
    assert found is not None
    assert found.secret_fields <= set(found.field_names)
    assert set(found.required_fields) <= set(found.field_names)


def test_the_table_loads_no_connector() -> None:
    seen = (
        "import sys, aimusicverse.platforms.table as t; t.route('spotify'); within='aimusicverse.platforms.'"
        ";"
        "print([name for name in sys.modules if name.startswith(within) and name.count('.') > 2])"
    )
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
