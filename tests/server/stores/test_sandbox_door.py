"""Stand-in stores answer on this machine; what they are told to do, only the embedded owner says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse import LocalServer
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.server.problems import Refusal
from aimusicverse.server.settings import Settings
from aimusicverse.server.stores.sandbox_door import SandboxDoor
from aimusicverse.server.stores.surroundings import StoreSurroundings
from aimusicverse.testing.instant_engine import InstantEngine
from tests.server.conftest import Api
from tests.server.security.keys import create_key

Start = Callable[..., Api]


@pytest.fixture(scope="module")
def local(first_key: Callable[[], AbstractContextManager[None]]) -> Iterator[LocalServer]:
    with first_key(), LocalServer(engines=[InstantEngine()]) as server:
        yield server


@pytest.fixture(scope="module")
def database_name() -> str:
    """Nothing here is about the database."""
    return "sqlite"


def sandbox(api: Api, path: str, method: str = "GET", **options: Any) -> httpx.Response:
    return httpx.request(method, f"{api.server.url}/_sandbox/{path}", **options)


def key(api: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.key}"}


# -- stores -------------------------------------------------------------------------------------------


def test_stores_answer_this_machine_and_are_counted_for_nobody(start: Start) -> None:
    api = start(address_limit=1)
    for _ in range(5):
        answer = sandbox(api, "soundcloud/me")
        assert answer.status_code == 401
        assert "x-ratelimit-limit" not in answer.headers
        assert sandbox(api, "youtube/youtube/v3/channels?part=snippet&mine=true").status_code == 401


def test_a_body_may_be_larger_than_elsewhere(start: Start) -> None:
    api = start(max_body_kb=1)
    large = b"x" * 100_000
    assert sandbox(api, "youtube/upload/youtube/v3/videos?x=1", "PUT", content=large).status_code == 401
    assert api.post("/generate", content=large).status_code == 413


def test_others_do_not_reach_them(start: Start) -> None:
    api = start(trusted_proxies="127.0.0.1")
    for path in ("soundcloud/me", "control/releases"):
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            answer = sandbox(api, path, headers={header: "203.0.113.9", **key(api)})
            assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


def test_workers_elsewhere_reach_stores_where_the_server_is_told_so_and_are_counted(start: Start) -> None:
    api = start(trusted_proxies="127.0.0.1", sandbox_url="http://10.0.0.5:8787", address_limit=2, dev=True)
    far = {"X-Forwarded-For": "203.0.113.9"}
    assert [sandbox(api, "soundcloud/me", headers=far).status_code for _ in range(3)] == [401, 401, 429]
    control = sandbox(api, "control/releases", headers={"X-Forwarded-For": "203.0.113.7", **key(api)})
    assert (control.status_code, control.json()["code"]) == (404, "route_not_found")


def test_a_server_without_a_sandbox_has_none(start: Start) -> None:
    api = start(sandbox=False, dev=True)
    for path in ("soundcloud/me", "control/releases"):
        assert sandbox(api, path, headers=key(api)).status_code == 404
    with pytest.raises(DeliveryError, match="no sandbox"):
        api.server.services.surroundings.of("sandbox")
    assert not (api.server.services.settings.data_dir / "sandbox").exists()


def test_nothing_is_made_before_somebody_comes(start: Start) -> None:
    api = start()
    folder = api.server.services.settings.data_dir / "sandbox"
    assert not folder.exists()
    sandbox(api, "soundcloud/me")
    assert (folder / "sandbox.db").exists()
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("client", "server", "reached"),
    [
        (("127.0.0.1", 1), ("127.0.0.1", 8787), True),
        (("::1", 1), ("::1", 8787), True),
        (("10.0.0.5", 1), ("10.0.0.5", 8787), True),  # its own jobs, where it listens on one address
        (("10.0.0.6", 1), ("10.0.0.5", 8787), False),
        (("203.0.113.9", 1), ("10.0.0.5", 8787), False),
        (("unknown", 1), ("127.0.0.1", 8787), False),
        (("", 0), ("127.0.0.1", 8787), False),
        (None, ("127.0.0.1", 8787), False),
    ],
)
def test_who_is_of_this_machine(shared: Api, client: Any, server: Any, reached: bool) -> None:
    door = SandboxDoor(shared.server.services)
    scope = {"path": "/_sandbox/soundcloud/me", "headers": [], "client": client, "server": server}
    assert door.is_from_elsewhere(scope) is not reached
    if reached:
        door.check(scope, None)
    else:
        with pytest.raises(Refusal):
            door.check(scope, None)


# -- what they are told -------------------------------------------------------------------------------


def test_control_exists_only_in_dev_mode(start: Start) -> None:
    api = start()
    for path in ("control", "control/releases", "control/orders"):
        answer = sandbox(api, path, headers=key(api))
        assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


def test_control_needs_the_local_key(start: Start) -> None:
    api = start(dev=True)
    assert sandbox(api, "control/orders", "DELETE").status_code == 401
    other = {"Authorization": f"Bearer {create_key(api)}"}
    assert sandbox(api, "control/orders", "DELETE", headers=other).status_code == 403
    assert sandbox(api, "control/orders", "DELETE", headers=key(api)).status_code == 204
    for spelling in ("control/../control/releases", "soundcloud/../control/releases", "//control/releases"):
        url = f"{api.server.url}/_sandbox/{spelling}"
        assert httpx.get(url).status_code in (401, 404)


def test_faults_of_the_api_are_not_played_on_stores(start: Start) -> None:
    api = start(dev=True)
    fault = {"route": "* /*", "status": 503, "times": 1}
    assert api.post(f"{api.server.url}/_local/faults", json=fault).status_code == 204
    assert sandbox(api, "soundcloud/me").status_code == 401
    assert api.get("/platforms").status_code == 503


# -- they are part of the server's state --------------------------------------------------------------


def connected(local: LocalServer) -> httpx.Response:
    headers = {"X-API-Key": local.api_key}
    return httpx.post(f"{local.url}/api/v1/platforms/soundcloud/connect", json={}, headers=headers)


def orders(local: LocalServer) -> int:
    stand_ins = local._server.services.stand_ins
    assert stand_ins is not None
    with stand_ins.opened().surroundings.state.writing() as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])


def inbox(local: LocalServer) -> Path:
    return local._server.services.surroundings.sandbox_folder / "ddex"


def give(local: LocalServer) -> None:
    order = {"store": "soundcloud", "what": "reject"}
    headers = {"X-API-Key": local.api_key}
    answer = httpx.post(f"{local.url}/_sandbox/control/orders", json=order, headers=headers)
    assert answer.status_code == 204, answer.text


def test_a_reset_empties_them(local: LocalServer) -> None:
    assert connected(local).status_code == 200
    give(local)
    (inbox(local) / "batch").mkdir(parents=True)
    local.reset()
    assert orders(local) == 0
    assert not inbox(local).exists()
    assert connected(local).status_code == 200


def test_a_snapshot_keeps_them_and_a_restore_has_them_again(local: LocalServer) -> None:
    local.reset()
    give(local)
    (inbox(local) / "batch").mkdir(parents=True)
    (inbox(local) / "batch" / "message.xml").write_text("<ern/>")
    kept = local.snapshot()
    give(local)
    (inbox(local) / "batch" / "message.xml").unlink()
    local.restore(kept)
    assert orders(local) == 1
    assert (inbox(local) / "batch" / "message.xml").read_text() == "<ern/>"
    local.reset()
    local.restore(kept)
    assert orders(local) == 1


def test_snapshots_go_with_the_server(tmp_path: Path) -> None:
    with LocalServer(engines=[InstantEngine()]) as server:
        assert connected(server).status_code == 200
        folder = server._server.services.settings.data_dir
        server.snapshot()
        assert list(folder.glob("snp_*.sandbox"))
        server._server.close()
        assert not list(folder.glob("snp_*"))


def test_a_temporary_server_reviews_in_a_second(local: LocalServer) -> None:
    stand_ins = local._server.services.stand_ins
    assert stand_ins is not None
    assert stand_ins.opened().surroundings.review == timedelta(seconds=1)


# -- where they are -----------------------------------------------------------------------------------


def test_a_process_that_answers_nobody_finds_them_by_the_servers_own_word(tmp_path: Path) -> None:
    surroundings = StoreSurroundings(Settings.from_environment({}, data_dir=tmp_path), tmp_path)
    with pytest.raises(DeliveryError) as caught:
        surroundings.of("sandbox")
    assert caught.value.problem.kind == "transient"
    (tmp_path / "server.json").write_text('{"url": "http://0.0.0.0:9000", "api_key": "x"}')
    assert surroundings.of("sandbox").sandbox_url == "http://127.0.0.1:9000/_sandbox"
    (tmp_path / "server.json").write_text("damaged")
    assert surroundings.sandbox_url() is None


@pytest.mark.parametrize(
    ("url", "reachable"),
    [
        ("http://127.0.0.1:1", "http://127.0.0.1:1/_sandbox"),
        ("http://[::]:1", "http://[::1]:1/_sandbox"),
        ("http://10.0.0.5:1", "http://10.0.0.5:1/_sandbox"),
    ],
)
def test_it_is_called_where_it_listens(tmp_path: Path, url: str, reachable: str) -> None:
    surroundings = StoreSurroundings(Settings.from_environment({}, data_dir=tmp_path), tmp_path)
    surroundings.answers_at(url)
    assert surroundings.sandbox_url() == reachable


def test_a_setting_wins(tmp_path: Path) -> None:
    settings = Settings.from_environment({"AMV_SANDBOX_URL": "http://10.0.0.5:1/"}, data_dir=tmp_path)
    surroundings = StoreSurroundings(settings, tmp_path)
    surroundings.answers_at("http://127.0.0.1:2")
    assert surroundings.sandbox_url() == "http://10.0.0.5:1/_sandbox"


def test_in_live_mode_nothing_leads_to_the_sandbox(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "AMV_DELIVERY_FOLDER": str(tmp_path / "out"),
            "AMV_TRANSPORTER": "/opt/itms/iTMSTransporter -v off",
            "AMV_FFMPEG": "/opt/ffmpeg",
        },
        data_dir=tmp_path,
    )
    found = StoreSurroundings(settings, tmp_path).of("live")
    assert (found.sandbox_url, found.sandbox_folder) == (None, None)
    assert found.delivery_root == tmp_path / "out"
    assert found.transporter == ("/opt/itms/iTMSTransporter", "-v", "off")
    assert found.ffmpeg == "/opt/ffmpeg"


def test_packages_of_two_owners_lie_apart_and_the_operators_own_folder_is_never_made(tmp_path: Path) -> None:
    out = tmp_path / "out"
    settings = Settings.from_environment({"AMV_DELIVERY_FOLDER": str(out)}, data_dir=tmp_path)
    surroundings = StoreSurroundings(settings, tmp_path)
    assert surroundings.of("live", "usr_1").delivery_root == out / "usr_1"
    assert not out.exists()
    out.mkdir()
    roots = {surroundings.of("live", owner).delivery_root for owner in ("usr_1", "usr_2")}
    assert roots == {out / "usr_1", out / "usr_2"}
    assert sorted(path.name for path in out.iterdir()) == ["usr_1", "usr_2"]
