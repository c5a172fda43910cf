"""A render process started ahead: the first job takes it, and one that nobody took is ended."""

import errno
import subprocess
import time

import psutil
import pytest

from aimusicverse.engines import registry, render_process
from aimusicverse.engines.base import Order
from aimusicverse.engines.render_process import started, started_ahead
from aimusicverse.types import GenerationCreate


@pytest.fixture
def plan():
    return registry.get().plan(GenerationCreate(prompt="chiptune", duration_seconds=5), 1)


def children():
    return {child.pid for child in psutil.Process().children() if child.status() != "zombie"}


def finish(job):
    while job.progress(30):
        pass
    return job.collect()


def test_the_first_job_takes_it_and_the_second_starts_one_of_its_own(plan, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    before = children()
    with started_ahead():
        [ahead] = children() - before
        job = registry.get().start(Order(plan), first)
        assert job._process.pid == ahead
        other = registry.get().start(Order(plan), second)
        assert other._process.pid != ahead
        assert finish(job).sha256 == finish(other).sha256
    assert children() == before


def test_it_has_loaded_the_studio_before_it_has_an_order():
    with started_ahead(), started() as process:
        until = time.monotonic() + 20
        while not any("numpy" in one.path for one in psutil.Process(process.pid).memory_maps()):
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()


def test_one_that_nobody_took_is_ended_with_its_pipes():
    before, files = children(), psutil.Process().num_fds()
    with started_ahead():
        assert len(children()) == len(before) + 1
    assert children() == before
    assert psutil.Process().num_fds() == files


def test_one_that_died_meanwhile_is_not_taken(plan, tmp_path):
    before = children()
    with started_ahead():
        [ahead] = children() - before
        psutil.Process(ahead).kill()
        while ahead in children():
            time.sleep(0.01)
        job = registry.get().start(Order(plan), tmp_path)
        assert job._process.pid != ahead
        assert finish(job).duration_seconds == 5
    assert children() == before


def test_one_whose_parent_went_away_without_a_word_leaves_at_once(tmp_path):
    process = subprocess.Popen(
        [*render_process.HOST, "--ahead"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said, wrong = process.communicate(timeout=30)
    assert (process.returncode, said, wrong) == (0, b"", b"")


def test_where_none_can_be_started_the_job_says_why(monkeypatch, plan, tmp_path):
    def refused(*_, **__):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refused)
    with started_ahead(), pytest.raises(Exception, match="Resource temporarily unavailable"):
        registry.get().start(Order(plan), tmp_path)
