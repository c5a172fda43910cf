"""A server that does no jobs: what is due stays so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.server.conftest import Api
from tests.server.databases import lent_database
from tests.server.quick_engine import QuickEngine


@pytest.fixture(scope="module")
def idle(
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Api]:
    """One for a whole file of tests."""
    engine = QuickEngine()
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment(
            {}, data_dir=tmp_path_factory.mktemp("server"), port=0, database_url=url, jobs=False
        )
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine})
        api = Api(server, engine)
        yield api
        api.http.close()
        api.server.close()
