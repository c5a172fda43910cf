from __future__ import annotations

import csv
import io

import pytest

from aimusicverse import Client
from aimusicverse.server.alerts import queries
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.running import RunningServer
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def test_usage_is_told_by_user_endpoint_and_time(amv: Run, client: Client) -> None:
    client.tracks.list().page()
    users = rows(amv("admin", "usage").out)
    assert users[0][0].startswith("usr_")
    endpoints = {row[0]: int(row[1]) for row in rows(amv("admin", "usage", "--by", "endpoint").out)}
    assert endpoints["GET /tracks"] >= 1
    times = rows(amv("admin", "usage", "--by", "time").out)
    assert times[-1][0].endswith(":00:00.000Z")
    assert amv("admin", "usage", "--by", "slow").code == 0
    assert amv("admin", "usage", "--json").data["users"] >= 1


def test_usage_as_csv_has_names(amv: Run, client: Client) -> None:
    client.tracks.list().page()
    found = list(csv.DictReader(io.StringIO(amv("admin", "usage", "--csv").out)))
    assert list(found[0])[:4] == ["id", "tier", "user", "requests"]


def test_health_is_a_line_for_each_check(amv: Run) -> None:
    shown = {row[0]: row[1] for row in rows(amv("admin", "health").out)}
    assert set(shown) == {"database", "jobs", "workers", "audio_store", "disk", "usage"}
    assert shown["database"] == "ok"
    assert amv("admin", "health", "--json").data["status"] in ("ok", "warning")


def test_alerts_and_rules_are_told(amv: Run, server: RunningServer) -> None:
    assert amv("admin", "alerts").out == ""
    rules = rows(amv("admin", "alerts", "--rules").out)
    assert [(rule[0], rule[3], rule[4]) for rule in rules] == [
        ("api_errors", "> 5.0%", "ok"),
        ("webhook_failures", "> 5.0%", "ok"),
    ]
    store = server.services.store
    row = store.write_now(
        lambda tx: queries.insert(tx, rule="api_errors", subject="", value=0.5, threshold=0.05)
    )
    try:
        [alert] = rows(amv("admin", "alerts").out)
        assert (alert[0], alert[1], alert[4], alert[5]) == (
            row.id,
            "raised",
            "api_errors",
            "API errors: 50.0% > 5.0%",
        )
        assert amv("admin", "alerts", "--json").data["data"][0]["id"] == row.id
    finally:
        store.write_now(queries.clear, row.id)
        store.write_now(lambda tx: queries.forget(tx, store.clock.now().replace(year=9999)))


def test_keys_to_look_at_are_told_with_the_reason(amv: Run, client: Client, server: RunningServer) -> None:
    from datetime import timedelta

    import sqlalchemy as sa

    from aimusicverse.server.store.tables import api_key

    made = client.api_keys.create("forgotten", scopes=["tracks:read"])
    store = server.services.store
    store.write_now(
        lambda tx: tx.execute(
            sa.update(api_key).where(api_key.c.id == made.id).values(created_at=tx.now - timedelta(days=20))
        )
    )
    found = {row[0]: row for row in rows(amv("admin", "keys").out)}
    assert found[made.id][1:] == ["never_used", "local", "never", "made 20 days ago", "forgotten"]
    assert store.read_now(api_keys.find, made.id)
    client.api_keys.revoke(made.id)
    assert made.id not in amv("admin", "keys").out


def test_who_is_no_admin_is_refused(amv: Run, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = client.api_keys.create("small", scopes=["usage:read"])
    assert made.key is not None
    monkeypatch.setenv("AMV_API_KEY", made.key.get_secret_value())
    for words in (("usage",), ("health",), ("alerts",), ("keys",)):
        refused = amv("admin", *words, "--json")
        assert (refused.code, refused.error["code"]) == (3, "scope_missing")
    assert amv("usage").code == 0
