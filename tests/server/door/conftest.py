"""A server behind each of the two parsers that may read its requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.server.door import connection
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.server.conftest import Api
from tests.server.door.wire import Wire
from tests.server.quick_engine import QuickEngine

#: This platform's first.
PARSERS = list(dict.fromkeys([connection.Guarded, connection.GuardedH11]))


def started(folder: Path, **settings: Any) -> Api:
    """A server on SQLite: what happens at the door knows no database."""
    engine = QuickEngine()
    found = Settings.from_environment({}, data_dir=folder, port=0, **settings)
    return Api(RunningServer(found, engines={engine.name: engine}), engine)


@pytest.fixture(scope="module", params=PARSERS, ids=lambda parser: parser.__name__)
def any_parser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both parsers: the one of this platform, and the one where that has no wheel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "Guarded", request.param)
        yield


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, any_parser: None) -> Iterator[Api]:
    """One server for a file; what is sent there leaves no trace."""
    found = started(tmp_path_factory.mktemp("server"))
    yield found
    found.http.close()
    found.server.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Api]]:
    """Start servers with settings of their own; all are closed at the end."""
    running: list[Api] = []

    def start(**settings: Any) -> Api:
        running.append(started(tmp_path / f"server-{len(running)}", **settings))
        return running[-1]

    yield start
    for api in running:
        api.http.close()
        api.server.close()


@pytest.fixture
def wire(api: Api) -> Iterator[Wire]:
    """A connection to it."""
    with Wire(api.server.url) as found:
        yield found
