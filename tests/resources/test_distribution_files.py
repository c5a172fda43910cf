"""`client.distributions.export` and `import_`, `client.account.notifications`."""

from __future__ import annotations

import io

import pytest
import respx

from aimusicverse import ConfigurationError, PermissionDeniedError
from aimusicverse.types import DistributionImport, NotificationSettings
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
TOLD = {"imported": 2, "unchanged": 1, "paused": 0, "renamed": {"dst_1": "dst_2"}, "of_tomorrow": 1}
SETTINGS = {
    "telegram": {"available": True, "bot": "@amv_bot", "linked": False, "code": "abc"},
    "live": True,
    "failed": True,
    "rejected": True,
    "action_required": True,
    "complete": False,
}


@respx.mock
def test_an_export_is_asked_for_with_its_filters_and_comes_as_bytes(world):
    route = respx.get(f"{API}/distributions/export").respond(content=b'"id"\r\n')
    found = world(world.client().distributions.export("csv", status="live", track="trk_1", mode="live"))
    assert found == b'"id"\r\n'
    assert dict(route.calls[-1].request.url.params) == {
        "format": "csv",
        "track_id": "trk_1",
        "status": "live",
        "mode": "live",
    }


@respx.mock
@pytest.mark.parametrize(
    ("name", "format", "kind"),
    [
        ("a.json", None, "application/json"),
        ("a.CSV", None, "text/csv"),
        ("a", None, "application/octet-stream"),
        ("a", "csv", "text/csv"),
        (None, None, "application/octet-stream"),
        (None, "json", "application/json"),
    ],
)
def test_a_file_is_sent_with_its_type_once_and_again_under_the_same_key(world, tmp_path, name, format, kind):
    route = respx.post(f"{API}/distributions/import")
    route.side_effect = [respx.MockResponse(503), respx.MockResponse(200, json=TOLD)]
    source = b"{}" if name is None else tmp_path / name
    if name is not None:
        source.write_bytes(b"{}")
    told = world(world.client().distributions.import_(source, format=format))
    assert isinstance(told, DistributionImport)
    assert (told.imported, told.renamed) == (2, {"dst_1": "dst_2"})
    first, second = (call.request for call in route.calls)
    assert second.content == b"{}"
    assert second.headers["content-type"] == kind
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


@respx.mock
def test_what_cannot_be_sent_is_said_at_once(world):
    with pytest.raises(ConfigurationError, match="json or csv"):
        world(world.client().distributions.import_(b"{}", format="xml"))
    with pytest.raises(FileNotFoundError):
        world(world.client().distributions.import_("there-is-none.csv"))
    respx.post(f"{API}/distributions/import").respond(
        403,
        json={"type": "/problems/live_key_needed", "title": "t", "status": 403, "code": "live_key_needed"},
    )
    with pytest.raises(PermissionDeniedError):
        world(world.client().distributions.import_(io.BytesIO(b"{}")))


@respx.mock
def test_notifications_are_read_and_changed_one_by_one(world):
    respx.get(f"{API}/user/notifications").respond(json=SETTINGS)
    route = respx.patch(f"{API}/user/notifications").respond(json=SETTINGS)
    found = world(world.client().account.notifications())
    assert isinstance(found, NotificationSettings)
    assert (found.telegram.bot, found.complete) == ("@amv_bot", False)
    world(world.client().account.update_notifications(telegram=True, live=False))
    assert route.calls[-1].request.read() == b'{"telegram":true,"live":false}'
