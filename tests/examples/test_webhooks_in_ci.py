"""The workflow of the documentation: bash runs each `run:` of it, against a receiver that is a process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import junitparser
import pytest
import yaml

from aimusicverse.webhooks.receiver_cases import CASES

EXAMPLE = Path(__file__).parents[2] / "examples" / "webhooks-in-ci"
#: What whoever copies it puts into the settings of a repository.
SECRETS = {"RECORDED_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
_EXPRESSION = re.compile(r"\$\{\{ secrets\.(\w+) \}\}")


class Runner:
    """What a CI system does with the steps of a job: a shell each, one environment, processes that go on."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.groups: list[int] = []
        job = yaml.safe_load((folder / "webhooks.yml").read_text())["jobs"]["receiver"]
        self.steps: dict[str, Any] = {step["name"]: step for step in job["steps"] if "run" in step}
        self.more = folder / "environment"
        self.more.touch()
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "GITHUB_ENV": str(self.more),
            "PIP_NO_INDEX": "1",  # what is there already needs no network
            **{name: str(value) for name, value in job["env"].items()},
            "PORT": str(port),
        }

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        step = self.steps[name]
        own = {
            key: _EXPRESSION.sub(lambda found: SECRETS[found[1]], text)
            for key, text in step.get("env", {}).items()
        }
        before = dict(line.split("=", 1) for line in self.more.read_text().splitlines())
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=self.environment | before | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.groups.append(process.pid)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(step["run"], process.returncode, out, err)

    def end(self) -> None:
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    folder = shutil.copytree(EXAMPLE, tmp_path / "repository")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    runner = Runner(folder, port)
    yield runner
    runner.end()


def test_every_step_of_the_workflow_does_what_it_says(runner: Runner) -> None:
    assert len(runner.steps) == 4
    for name in runner.steps:
        done = runner.run(name)
        assert done.returncode == 0, f"{name}:\n{done.stdout}{done.stderr}"
    assert "all right" in done.stderr
    report = junitparser.JUnitXml.fromfile(str(runner.folder / "webhooks.xml"))
    assert (report.tests, report.failures, report.errors) == (len(CASES), 0, 0)
    log = (runner.folder / "receiver.log").read_text()
    assert "work on endpoint.test" in log
    secret = runner.more.read_text().split("=", 1)[1].strip()
    assert secret not in log + done.stdout + done.stderr + (runner.folder / "webhooks.xml").read_text()


def test_a_step_fails_when_what_it_watches_over_is_broken(runner: Runner) -> None:
    _, recorded, start, check = runner.steps
    body = runner.folder / "recorded" / "body.json"
    body.write_bytes(body.read_bytes() + b"\n")
    assert runner.run(recorded).returncode == 8
    receiver = runner.folder / "receiver.py"
    receiver.write_text(receiver.read_text().replace("self.answer(400)", "self.answer(200)"))
    assert runner.run(start).returncode == 0
    assert runner.run(check).returncode == 1
    report = junitparser.JUnitXml.fromfile(str(runner.folder / "webhooks.xml"))
    assert report.failures == sum(case.expected == ("refuse",) for case in CASES)
