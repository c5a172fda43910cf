"""Pieces rendered once, for all tests that look at them."""

import pytest

from aimusicverse.engines import registry
from aimusicverse.engines.base import Order
from aimusicverse.types import GenerationCreate

SECONDS = 9.37


def rendered(request, seed, folder):
    """A piece made by a real child: plan, rendering, and every report it gave."""
    folder.mkdir(parents=True)
    engine = registry.get()
    plan = engine.plan(request, seed)
    job = engine.start(Order(plan), folder)
    reports = []
    while report := job.progress(30):
        reports.append(report)
    return plan, job.collect(), reports


class Pieces(dict):
    """Genre → (plan, rendering, reports); each is made when it is asked for."""

    def __init__(self, root):
        super().__init__()
        self._root = root

    def __missing__(self, genre):
        order = GenerationCreate(prompt=genre, duration_seconds=SECONDS)
        self[genre] = rendered(order, 11, self._root / genre.replace(" ", "-"))
        return self[genre]


@pytest.fixture(scope="session")
def pieces(tmp_path_factory):
    """One short piece of any genre."""
    return Pieces(tmp_path_factory.mktemp("pieces"))
