"""The table of a client's resources: whole, and each loaded by those who use it."""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from aimusicverse import AsyncClient, Client
from aimusicverse.resources import _async, _sync
from aimusicverse.resources._async.resource import AsyncResource
from aimusicverse.resources._async.table import AsyncResourceTable
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources._sync.table import ResourceTable

WORLDS = [
    (Client, ResourceTable, Resource, _sync),
    (AsyncClient, AsyncResourceTable, AsyncResource, _async),
]
NAMES = [name for name in ResourceTable.__annotations__ if not name.startswith("_")]


def client_of(kind):
    return kind("amv_test_x_y", "http://127.0.0.1:1")


@pytest.mark.parametrize(("kind", "table", "base", "package"), WORLDS)
def test_every_resource_that_there_is_stands_in_the_table_by_its_name(kind, table, base, package):
    names = [path.stem for path in Path(package.__file__).parent.glob("[a-z]*.py")]
    modules = {name: import_module(f"{package.__name__}.{name}") for name in names}
    resources = [
        name
        for name, module in modules.items()
        if any(
            isinstance(one, type) and issubclass(one, base) and one.__module__ == module.__name__
            for one in vars(module).values()
            # One that others are made of is a part of them.
            if one is not base and not (isinstance(one, type) and one.__subclasses__())
        )
    ]
    assert sorted(resources) == sorted(NAMES)
    for name in NAMES:
        made = getattr(client_of(kind), name)
        assert type(made).__name__ == table.__annotations__[name]
        assert isinstance(made, base)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_resource_is_made_once_and_shown_before(kind):
    client = client_of(kind)
    assert set(NAMES) <= set(dir(client))
    assert client.tracks is client.tracks
    assert client.with_options(timeout=1).tracks is not client.tracks


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_threads_get_the_same(kind):
    client, together, seen = client_of(kind), threading.Barrier(8), []

    def ask():
        together.wait()
        seen.append(client.playlists)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, seen))) == 1


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_of_ones_own_has_them_too(kind):
    class Mine(kind):
        shelf: str

    client = client_of(Mine)
    assert client.tracks
    with pytest.raises(AttributeError, match="'Mine' object has no attribute 'shelf'"):
        client.shelf  # noqa: B018


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("name", ["track", "_engine_", "__len__", "Tracks"])
def test_what_is_not_declared_is_not_there(kind, name):
    with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
        getattr(client_of(kind), name)
    with pytest.raises(AttributeError):
        object.__new__(kind)._engine  # half made: no endless search  # noqa: B018


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_only_what_is_used_is_loaded(kind):
    code = (
        f"import sys; from aimusicverse import {kind}; client = {kind}('k', 'http://127.0.0.1:1')\n"
        "def rooms(): return sorted(m.rpartition('.')[2] for m in sys.modules if 'resources._' in m)\n"
        "before = rooms(); client.tracks; print(before, *sorted(set(rooms()) - set(before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, _, more = done.stdout.strip().partition("] ")
    assert not {*NAMES} & {*before.replace("'", "").strip("[").split(", ")}
    assert {*NAMES} & {*more.split()} == {"tracks"}
