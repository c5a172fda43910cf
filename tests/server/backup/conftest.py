"""Places to back up and to restore to, on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.secret import Secret
from aimusicverse.server.backup.making import Made, make
from aimusicverse.server.backup.place import Place, open_place
from aimusicverse.server.backup.restoring import Restored, restore
from aimusicverse.server.settings import Settings
from tests.server.databases import lent_database


def quiet(stage: str, done: int, whole: int) -> None:
    assert 0 <= done <= max(done, whole)


@contextmanager
def place_of(folder: Path, url: Secret | None, **settings: Any) -> Iterator[Place]:
    with open_place(Settings.from_environment({}, data_dir=folder, database_url=url, **settings)) as place:
        yield place


def back_up(folder: Path, url: Secret | None, target: Path, **options: Any) -> Made:
    settings = {"with_audio": True, "with_key": True, "overwrite": False, "report": quiet, **options}
    with place_of(folder, url) as place:
        return make(place, target, **settings)


def bring_back(
    folder: Path,
    url: Secret | None,
    source: Path,
    *,
    replace: bool = False,
    with_key: bool = True,
    **more: Any,
) -> Restored:
    with place_of(folder, url, **more) as place:
        return restore(place, source, replace=replace, with_key=with_key, report=quiet)


@pytest.fixture
def database_of() -> Iterator[Callable[[str], Secret | None]]:
    """The URL of a database without a row; None for the file of a data folder."""
    with ExitStack() as stack:

        def get(kind: str) -> Secret | None:
            return None if kind == "sqlite" else stack.enter_context(lent_database())

        yield get
