"""One data folder, one owner; what lies in it is the user's alone."""

from __future__ import annotations

import base64
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import embedded as owners_key
from aimusicverse.server.data_folder import DataFolder
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.server.conftest import Api

pytestmark = pytest.mark.usefixtures("from_nothing")


def test_a_second_server_on_the_folder_is_told_who_holds_it(
    sqlite_only: None, start: Callable[..., Api]
) -> None:
    first = start()
    with pytest.raises(ConfigurationError, match=f"{first.server.url}.*process {os.getpid()}"):
        start()
    assert first.get("/tracks").status_code == 200


def test_the_folder_is_free_again_after_the_end(start: Callable[..., Api]) -> None:
    first = start()
    first.server.close()
    assert start().get("/tracks").status_code == 200


def test_server_json_says_where_and_goes_away(start: Callable[..., Api], tmp_path: Path) -> None:
    api = start()
    file = tmp_path / "server" / "server.json"
    content = json.loads(file.read_text())
    assert (content["url"], content["pid"], content["api_key"]) == (api.server.url, os.getpid(), api.key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    api.server.close()
    assert not file.exists()


def test_what_is_secret_can_be_read_by_the_user_only(api: Api) -> None:
    folder = api.server.services.settings.data_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("master.key", "owner.key", "server.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_the_owners_key_stays_the_same_over_restarts(start: Callable[..., Api]) -> None:
    first = start()
    first.server.close()
    assert start().key == first.key


def test_a_lost_key_file_gives_a_new_key_for_the_same_owner_and_ends_the_old(
    start: Callable[..., Api], tmp_path: Path
) -> None:
    first = start()
    first.generate()
    first.server.close()
    (tmp_path / "server" / "owner.key").unlink()
    second = start()
    assert second.key != first.key
    old = httpx.get(f"{second.server.url}/api/v1/tracks", headers={"X-API-Key": first.key})
    assert (old.status_code, old.json()["code"]) == (401, "api_key_revoked")
    assert len(second.get("/tracks").json()["data"]) == 1


def test_a_key_file_without_its_proof_is_checked_by_bcrypt(start: Callable[..., Api], tmp_path: Path) -> None:
    first = start()
    first.server.close()
    file = tmp_path / "server" / "owner.key"
    file.write_text(json.dumps({"api_key": first.key, "proof": "forged"}))
    second = start()
    assert second.key == first.key
    assert json.loads(file.read_text())["proof"] != "forged"


def test_a_key_file_of_another_folder_is_replaced(
    sqlite_only: None, start: Callable[..., Api], tmp_path: Path
) -> None:
    other = start(tmp_path / "other")
    first = start()
    first.server.close()
    (tmp_path / "server" / "owner.key").write_text(json.dumps({"api_key": other.key, "proof": "x"}))
    second = start()
    assert second.key not in (first.key, other.key)
    assert second.get("/tracks").status_code == 200


@pytest.fixture
def postgres_only(database_name: str) -> None:
    """For a promise about several processes."""
    if database_name == "sqlite":
        pytest.skip("SQLite is one process's")


def master() -> Secret:
    return Secret(base64.b64encode(os.urandom(32)).decode())


def test_servers_with_folders_of_their_own_have_a_key_each_and_both_stay_good(
    postgres_only: None, start: Callable[..., Api], tmp_path: Path
) -> None:
    shared = master()
    first = start(tmp_path / "first", master_key=shared)
    second = start(tmp_path / "second", master_key=shared)
    assert first.key != second.key
    for key in (first.key, second.key):
        for server in (first, second):
            answer = httpx.get(f"{server.server.url}/api/v1/tracks", headers={"X-API-Key": key})
            assert answer.status_code == 200
    second.server.close()
    (tmp_path / "second" / "owner.key").unlink()
    third = start(tmp_path / "second", master_key=shared)  # a lost key is replaced, and only that one
    assert first.get("/tracks").status_code == third.get("/tracks").status_code == 200
    old = httpx.get(f"{first.server.url}/api/v1/tracks", headers={"X-API-Key": second.key})
    assert old.json()["code"] == "api_key_revoked"


def test_a_server_with_another_master_key_is_refused_and_told_what_to_set(
    postgres_only: None, start: Callable[..., Api], tmp_path: Path
) -> None:
    first = start(tmp_path / "first")
    with pytest.raises(ConfigurationError, match=r"set AMV_MASTER_KEY to that of its first server"):
        start(tmp_path / "second")
    text = (tmp_path / "first" / "master.key").read_text().strip()
    assert start(tmp_path / "second", master_key=Secret(text)).get("/tracks").status_code == 200
    assert first.get("/tracks").status_code == 200


def test_servers_on_postgres_share_a_folder_and_its_key(
    postgres_only: None, start: Callable[..., Api]
) -> None:
    first, second = start(), start()
    assert first.key == second.key
    assert first.server.url != second.server.url
    track = first.generate()["tracks"][0]
    assert second.get(f"/tracks/{track['id']}/audio").status_code == 200


def test_sqlite_and_postgres_exclude_each_other_on_one_folder_and_say_what_to_do(tmp_path: Path) -> None:
    alone = DataFolder(tmp_path)
    with pytest.raises(ConfigurationError, match="is held by another process") as refused:
        DataFolder(tmp_path, shared=True)
    assert "AMV_DATABASE_URL" in str(refused.value)
    alone.release()
    sharing = DataFolder(tmp_path, shared=True)
    assert sharing.was_free
    sharing.started()
    another = DataFolder(tmp_path, shared=True)
    assert not another.was_free
    another.started()
    sharing.release()
    with pytest.raises(ConfigurationError, match="works on PostgreSQL; set AMV_DATABASE_URL"):
        DataFolder(tmp_path)
    another.release()
    DataFolder(tmp_path).release()


def test_one_process_at_a_time_takes_its_first_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aimusicverse.server.data_folder.START_SECONDS", 0.1)
    first = DataFolder(tmp_path, shared=True)
    with pytest.raises(ConfigurationError, match="another process has been starting"):
        DataFolder(tmp_path, shared=True)
    first.release()  # also one that failed lets others begin
    DataFolder(tmp_path, shared=True).release()


def test_the_name_of_the_owners_key_says_where_it_lies_within_bounds(tmp_path: Path) -> None:
    assert owners_key._name(tmp_path) == f"owner@{socket.gethostname()}:{tmp_path.resolve()}"
    deep = [tmp_path / ("x" * 190) / name for name in ("a", "b")]
    names = {owners_key._name(folder) for folder in deep}
    assert len(names) == 2
    assert all(len(name) <= 200 for name in names)
    owners_key._name(Path(os.fsdecode(b"/tmp/\xff"))).encode()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigurationError, match="AMV_DATA_DIR"):
        DataFolder(tmp_path / "file")


def test_a_damaged_database_stops_the_start_and_frees_everything(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "amv.db").write_bytes(b"not a database at all " * 500)
    settings = Settings.from_environment({}, data_dir=folder, port=0)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"amv\.db is damaged"):
            RunningServer(settings, engines={})
    DataFolder(folder).release()


def test_a_library_survives_its_damaged_database(
    sqlite_only: None, start: Callable[..., Api], tmp_path: Path
) -> None:
    first = start()
    track = first.generate()["tracks"][0]
    first.server.close()
    folder = tmp_path / "server"
    for blob in (folder / "blobs").rglob("*"):
        os.utime(blob, (1_700_000_000, 1_700_000_000))
    (folder / "amv.db").rename(folder / "amv.db.moved-away")
    second = start()
    second.generate()  # the worker has kept house before it rendered
    second.server.close()
    (folder / "amv.db.moved-away").rename(folder / "amv.db")
    assert start().get(f"/tracks/{track['id']}/audio").status_code == 200


def test_a_busy_port_stops_the_start_and_frees_the_folder(start: Callable[..., Api], tmp_path: Path) -> None:
    port = int(start().server.url.rsplit(":", 1)[1])
    settings = Settings.from_environment({}, data_dir=tmp_path / "second", port=port)
    with pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1:{port}"):
        RunningServer(settings, engines={})
    DataFolder(tmp_path / "second").release()


def test_a_host_that_is_none_is_said(tmp_path: Path) -> None:
    settings = Settings.from_environment({}, data_dir=tmp_path / "x", port=0, host="no.such.host.invalid")
    with pytest.raises(ConfigurationError, match="cannot listen"):
        RunningServer(settings, engines={})


def test_the_master_key_may_be_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    key = bytes(range(32))
    assert folder.master_key(Secret(base64.b64encode(key).decode())) == key
    assert not (tmp_path / "master.key").exists()
    (tmp_path / "master.key").write_bytes(bytes(range(128, 256)))
    with pytest.raises(ConfigurationError, match=r"master\.key must be"):
        folder.master_key(None)
    for wrong in ("short", "é", base64.b64encode(key[1:]).decode()):
        with pytest.raises(ConfigurationError, match="AMV_MASTER_KEY must be") as refused:
            folder.master_key(Secret(wrong))
        assert wrong not in str(refused.value)
    folder.release()
    folder.release()


def test_a_key_made_by_an_older_version_gets_the_new_scopes(
    start: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr("aimusicverse.server.api_keys.embedded.SCOPES", ("tracks:read",))
        first = start()
        assert first.get("/generations").status_code == 403
        first.server.close()
    second = start()
    assert second.key == first.key
    assert second.get("/generations").status_code == 200
