"""The same plan gives the same bytes: whatever surrounds the process, and on the way through HTTP."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest

from aimusicverse import LocalServer
from aimusicverse.audio import files
from aimusicverse.engines.base import Order
from aimusicverse.engines.child import RECORDING, HostedJob
from aimusicverse.engines.studio.engine import StudioEngine
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.types import GenerationCreate, Plan

SHORT = ("lofi hip hop", "rock", "cinematic")
every = pytest.mark.parametrize(
    "genre", [pytest.param(name, marks=[pytest.mark.long] * (name not in SHORT)) for name in GENRES]
)
#: Each differs from this process, and from the other, in all that must not matter.
SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Kolkata", "OPENBLAS_NUM_THREADS": "4",
     "OMP_NUM_THREADS": "3"},
    {"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.UTF-8", "TZ": "UTC", "OPENBLAS_NUM_THREADS": "2",
     "PYTHONUTF8": "1", "HOME": "/nonexistent"},
)  # fmt: skip
#: The render child, from another folder.
ELSEWHERE = (sys.executable, "-c", "import os, runpy, sys; os.chdir(sys.argv[1]);"
             "runpy.run_module('aimusicverse.engines.host', run_name='__main__')")  # fmt: skip


def planned(genre):
    return StudioEngine().plan(GenerationCreate(prompt=genre, duration_seconds=7), 23)


@every
def test_two_children_at_the_same_time_in_other_surroundings_write_the_same_bytes(
    genre, tmp_path, monkeypatch
):
    jobs = []
    # Where the package is found must not depend on the folder that a child works in.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path or str(Path.cwd()) for path in sys.path))
    for number, surroundings in enumerate(SURROUNDINGS):
        workspace, elsewhere = tmp_path / str(number), tmp_path / f"at {number} ü"
        workspace.mkdir()
        elsewhere.mkdir()
        with monkeypatch.context() as patch:
            for name, value in surroundings.items():
                patch.setenv(name, value)
            command = (*ELSEWHERE, str(elsewhere))
            jobs.append(HostedJob(RECORDING, "studio", Order(planned(genre)), workspace, command))
    one, two = (job.collect() for job in jobs)
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.sha256 == two.sha256 == hashlib.sha256(one.path.read_bytes()).hexdigest()


@every
def test_the_same_words_and_seed_give_the_same_plan_in_another_process(genre, tmp_path):
    code = (
        "import sys; from aimusicverse.engines.studio.engine import StudioEngine;"
        "from aimusicverse.types import GenerationCreate;"
        "sys.stdout.write(StudioEngine().plan(GenerationCreate(prompt=sys.argv[1], duration_seconds=7), 23)"
        ".model_dump_json())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "99", "LC_ALL": "C"}
    said = subprocess.run(
        [sys.executable, "-c", code, genre], capture_output=True, check=True, env=environment
    )
    assert Plan.model_validate_json(said.stdout) == planned(genre)


def test_a_plan_that_travels_through_the_api_gives_the_same_samples(tmp_path):
    plan = planned("jazz")
    made = StudioEngine().start(Order(plan), tmp_path).collect()
    with LocalServer() as server, httpx.Client(
        base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {server.api_key}"}, timeout=90
    ) as http:  # fmt: skip
        asked = {"prompt": "jazz", "duration_seconds": 7, "seed": 23}
        answered = http.post("/generate/plan", json=asked).json()
        assert Plan.model_validate(answered) == plan
        again = json.loads(json.dumps(answered, sort_keys=True, indent=3))
        for body in (asked, {"prompt": "other words", "plan": again}):
            created = http.post("/generate", json=body).json()
            ended = http.get(f"/generations/{created['id']}?wait=60").json()
            # The file says what it is called and how it was asked for: the samples are the same.
            sent = tmp_path / "sent.wav"
            sent.write_bytes(http.get(f"/tracks/{ended['tracks'][0]['id']}/audio").content)
            assert np.array_equal(files.read(sent)[0], files.read(made.path)[0])
