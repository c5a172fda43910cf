"""Pieces rendered once, for all tests that look at them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from aimusicverse.engines import registry
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.types import GenerationCreate

SECONDS = 9.37


def rendered(request, seed, folder):
    """A piece made by a real child: plan, rendering, and every report it gave."""
    folder.mkdir(parents=True)
    engine = registry.get()
    plan = engine.plan(request, seed)
    job = engine.start(plan, folder)
    reports = []
    while report := job.progress(30):
        reports.append(report)
    return plan, job.collect(), reports


@pytest.fixture(scope="session")
def pieces(tmp_path_factory):
    """One short piece of every genre: genre → (plan, rendering, reports)."""
    root = tmp_path_factory.mktemp("pieces")
    order = [(genre, GenerationCreate(prompt=genre, duration_seconds=SECONDS)) for genre in GENRES]
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda item: rendered(item[1], 11, root / item[0].replace(" ", "-")), order)
        return dict(zip(GENRES, done, strict=True))
