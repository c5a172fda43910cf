"""`LocalServer`: the real server for a program and its tests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aimusicverse import (
    AuthenticationError,
    Client,
    ConfigurationError,
    LocalServer,
    PermissionDeniedError,
    UnprocessableEntityError,
)


def test_without_a_folder_it_leaves_nothing_behind() -> None:
    with LocalServer() as server:
        folder = server._server.services.settings.data_dir
        assert folder.exists()
        assert server.api_key.startswith("amv_test_")
        assert server.api_key not in repr(server)
    assert not folder.exists()
    server.close()


def test_with_a_folder_the_work_is_there_the_next_time(tmp_path: Path) -> None:
    with LocalServer(tmp_path) as server, server.client() as client:
        assert server.api_key.startswith("amv_live_")
        made = client.generate("lofi hip hop", duration_seconds=5, seed=1)
    with LocalServer(str(tmp_path)) as server, server.client() as client:
        assert client.generation.get(made.id).tracks[0].id == made.tracks[0].id


def test_a_temporary_one_is_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMV_PUBLIC_URL", "https://music.example.com")
    monkeypatch.setenv("AMV_RENDER_SLOTS", "nonsense")
    with LocalServer() as server, server.client() as client:
        made = client.generate("lofi", duration_seconds=5)
        assert client.tracks.play_url(made.tracks[0]).url.startswith(server.url)


def test_two_run_side_by_side() -> None:
    with LocalServer() as one, LocalServer() as two, one.client() as client, two.client() as other:
        client.generation.create("x", duration_seconds=5)
        assert len(list(client.generation.list())) == 1
        assert list(other.generation.list()) == []


async def test_the_async_client_speaks_to_it_too() -> None:
    with LocalServer() as server:
        async with server.async_client() as client:
            assert [engine.name for engine in await client.generation.engines()] == ["studio"]


def test_a_folder_that_is_held_is_refused(tmp_path: Path) -> None:
    with LocalServer(tmp_path), pytest.raises(ConfigurationError, match="is held by"):
        LocalServer(tmp_path)


def test_its_clock_moves_forward_only() -> None:
    with LocalServer() as server:
        before = server.clock.now()
        server.clock.advance(timedelta(days=1))
        assert server.clock.now() - before >= timedelta(days=1)
        with pytest.raises(ValueError, match="forward"):
            server.clock.advance(timedelta(seconds=-1))


def test_a_missing_extra_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "uvicorn", None)
    for module in ("running", "api_side"):
        monkeypatch.delitem(sys.modules, f"aimusicverse.server.{module}", raising=False)
    with pytest.raises(ConfigurationError, match=r"pip install 'aimusicverse\[server\]'"):
        LocalServer()


def test_a_client_without_an_address_finds_the_running_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aimusicverse import Client

    monkeypatch.setenv("AMV_DATA_DIR", str(tmp_path))
    with LocalServer(tmp_path), Client() as client:
        assert client.generation.engines()


def test_another_user_is_made_with_a_key_and_rows_of_his_own() -> None:
    with LocalServer() as server, server.client() as client:
        key = server.create_user("Ann", tier="pro", scopes=["tracks:read", "profile:read"])
        assert key.startswith("amv_test_")
        client.playlists.create("mine")
        with Client(key, server.url) as hers:
            profile = hers.account.profile()
            assert (profile.name, profile.tier, profile.role) == ("Ann", "pro", "user")
            assert profile.key.scopes == ["tracks:read", "profile:read"]
            assert list(hers.tracks.list()) == []
            with pytest.raises(PermissionDeniedError, match="playlists:read"):
                hers.playlists.list().page()
        with Client(server.create_user("Bo"), server.url) as his:
            assert (his.account.profile().tier, list(his.playlists.list())) == ("free", [])
        with pytest.raises(UnprocessableEntityError):
            server.create_user("Cy", tier="gold")


def test_a_user_can_be_made_on_a_server_that_stays(tmp_path: Path) -> None:
    with LocalServer(tmp_path) as server:
        key = server.create_user("Ann")
    assert key.startswith("amv_live_")
    with LocalServer(tmp_path) as server, Client(key, server.url) as hers:
        assert hers.account.profile().name == "Ann"


def test_a_reset_leaves_the_owner_and_his_own_key_alone() -> None:
    with LocalServer() as server, server.client() as client:
        other = server.create_user("Ann")
        made = client.api_keys.create("x", scopes=["tracks:read"])
        assert made.key is not None
        server.reset()
        assert [user.role for user in client.admin.users()] == ["admin"]
        assert len(client.api_keys.list().page().data) == 1
        for key in (other, made.key.get_secret_value()):
            with Client(key, server.url) as gone, pytest.raises(AuthenticationError):
                gone.tracks.list().page()


def test_a_snapshot_brings_users_and_keys_back() -> None:
    with LocalServer() as server, server.client() as client:
        key = server.create_user("Ann")
        kept = server.snapshot()
        with Client(key, server.url) as hers:
            hers.tracks.list().page()
            mine = hers.account.profile().key.id
            hers.api_keys.revoke(mine)
            with pytest.raises(AuthenticationError):
                hers.tracks.list().page()
            server.restore(kept)
            hers.tracks.list().page()
        assert len(list(client.admin.users())) == 2
