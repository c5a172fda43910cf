from __future__ import annotations

import json
from decimal import Decimal

import pytest
import respx

from aimusicverse import (
    ConfigurationError,
    LocalServer,
    NotFoundError,
    Outlet,
    Quote,
    Release,
    UnprocessableEntityError,
    ValidationReport,
)
from aimusicverse.types import Contributor, Recording
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
REPORT = {"blocking": False, "targets": [], "rules_as_of": "2026-11-22"}
QUOTE = {
    "via": "distrokid", "years": 1, "tracks": 1, "release_type": "single", "lines": [], "complete": True,
    "totals": [{"currency": "USD", "lowest": "22.99", "highest": None}], "verified": False,
    "prices_as_of": None,
}  # fmt: skip
SHORT = {"title": "Rain", "artist": "Maren Okafor"}


def posted(route):
    return json.loads(route.calls[-1].request.content)


@respx.mock
def test_a_release_is_sent_as_it_was_written_by_its_model_or_as_a_dict(world):
    route = respx.post(f"{API}/distributions/validate").respond(json=REPORT)
    report = world(world.client().distributions.validate(SHORT, platforms="spotify"))
    assert report == ValidationReport.model_validate(REPORT)
    assert posted(route) == {"metadata": SHORT, "platforms": ["spotify"]}
    release = Release(
        title="Rain", artists=[Contributor(name="Maren Okafor")], tracks=[Recording(title="Rain")]
    )
    world(
        world.client().distributions.validate(
            release, platforms=iter(["spotify", "ddex"]), via="distrokid", tracks="trk_1"
        )
    )
    assert posted(route) == {
        "metadata": {
            "title": "Rain",
            "artists": [{"name": "Maren Okafor"}],
            "tracks": [{"title": "Rain"}],
        },
        "platforms": ["spotify", "ddex"],
        "via": "distrokid",
        "track_ids": ["trk_1"],
    }


@respx.mock
def test_sums_are_decimal_both_ways_and_floats_are_refused(world):
    route = respx.post(f"{API}/distributions/quote").respond(json=QUOTE)
    client = world.client()
    found = world(
        client.distributions.quote(
            SHORT, via="distrokid", years=2, extras="discovery_pack", expected_revenue=Decimal("0.10")
        )
    )
    assert isinstance(found, Quote)
    assert (found.totals[0].lowest, found.totals[0].highest) == (Decimal("22.99"), None)
    assert posted(route)["expected_revenue"] == "0.10"
    assert posted(route)["extras"] == ["discovery_pack"]
    with pytest.raises(ConfigurationError, match="inexact"):
        world(client.distributions.quote(SHORT, via="distrokid", expected_revenue=0.1))


@respx.mock
def test_platforms_of_a_newer_server_are_read(world):
    told = {"source": "x", "as_of": "2030-01-01", "evidence": "rumour", "verified": False}
    outlet = {
        "id": "moon", "name": "Moon", "kind": "satellite", "checked": True, "needs": [], "delivery": "x",
        "delivered_by": "rocket", "lead_time": "x", "ai": {"stance": "maybe", "note": "x", **told},
        "orbit": 1, **told,
    }  # fmt: skip
    respx.get(f"{API}/platforms").respond(json={"data": [outlet]})
    [found] = world(world.client().distributions.platforms())
    assert isinstance(found, Outlet)
    assert (found.kind, found.ai.stance, found.model_extra) == ("satellite", "maybe", {"orbit": 1})


def test_against_a_real_server(tmp_path, monkeypatch):
    monkeypatch.setenv("AMV_CONFIG_DIR", str(tmp_path))  # no prices of this machine
    with LocalServer() as server, server.client() as client:
        assert {"spotify", "distrokid"} <= {one.id for one in client.distributions.platforms()}
        report = client.distributions.validate(SHORT, platforms=["spotify"])
        assert report.blocking
        assert "ID-ISRC-MISSING" in {finding.rule for finding in report.targets[0].findings}
        assert client.distributions.quote(SHORT, via="awal", expected_revenue=100).totals[0].lowest == 15
        with pytest.raises(UnprocessableEntityError, match="tidal"):
            client.distributions.validate(SHORT, platforms=["tidal"])
        with pytest.raises(NotFoundError):
            client.distributions.validate(SHORT, platforms=["spotify"], tracks=["trk_0"])
