"""The render child, as a real process: talks, dies with its parent, can be killed, leaves nothing behind."""

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from aimusicverse.engines import registry
from aimusicverse.engines.base import EngineError, Order
from aimusicverse.engines.child import RECORDING, HostedJob
from aimusicverse.engines.studio.course import while_loading
from aimusicverse.types import GenerationCreate

STAGES = ["compose", "arrange", "render", "master", "write"]


@pytest.fixture
def plan():
    return registry.get().plan(GenerationCreate(prompt="cinematic", duration_seconds=120), 1)


def gone(pid):
    return not psutil.pid_exists(pid)


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def scripted(code, plan, folder):
    """A job whose child runs other code, to see what the parent makes of it."""
    return HostedJob(RECORDING, "studio", Order(plan), folder, command=(sys.executable, "-c", code))


def test_progress_rises_through_all_stages(pieces):
    for genre in ("lofi hip hop", "rock", "ambient"):
        _, _, reports = pieces[genre]
        fractions = [report.fraction for report in reports]
        assert fractions == sorted(fractions)
        assert len(fractions) >= 4
        stages = list(dict.fromkeys(report.stage for report in reports))
        assert stages == [stage for stage in STAGES if stage in stages]
        assert "render" in stages


def test_the_child_says_every_few_percent_what_it_does(plan, tmp_path):
    order = json.dumps({"engine": "studio", "plan": plan.model_dump(mode="json"), "workspace": str(tmp_path)})
    with subprocess.Popen(
        [sys.executable, "-m", "aimusicverse.engines.host"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        child.stdin.write(order + "\n")
        child.stdin.flush()
        lines = [json.loads(line) for line in child.stdout]
    fractions = [line["progress"] for line in lines[:-1]]
    assert fractions == sorted(fractions)
    assert fractions[0] == round(while_loading(120), 4)
    rendering = [line["progress"] for line in lines[:-1] if line["stage"] == "render"]
    assert max(b - a for a, b in itertools.pairwise(rendering)) <= 0.05
    assert Path(lines[-1]["done"]["path"]) == tmp_path / "studio.wav"


def test_who_has_waited_long_before_a_process_was_ready_is_told_so(plan, tmp_path):
    order = {
        "engine": "studio",
        "plan": plan.model_dump(mode="json"),
        "workspace": str(tmp_path),
        "asked_at": time.monotonic() - 1000,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "aimusicverse.engines.host", "--ahead"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        first, second = (json.loads(child.stdout.readline()) for _ in range(2))
        child.kill()
    assert first == {"stage": "compose", "progress": 0.0}
    assert second["stage"] == "arrange"
    assert second["progress"] > 0.9


def test_cancel_from_another_thread_ends_the_job_at_once(plan, tmp_path):
    job = registry.get().start(Order(plan), tmp_path)
    child = psutil.Process(job._process.pid)
    assert job.progress(20)
    began = time.monotonic()
    canceller = threading.Thread(target=job.cancel)
    canceller.start()
    while job.progress(5):
        pass
    assert time.monotonic() - began < 5
    canceller.join()
    assert not child.is_running()
    with pytest.raises(EngineError) as caught:
        job.collect()
    assert caught.value.code == "cancelled"
    job.cancel()


def test_cancel_after_the_end_changes_nothing(tmp_path, plan):
    answer = json.dumps({"error": {"code": "x", "message": "y"}})
    job = scripted(f"import sys; sys.stdin.readline(); print({answer!r})", plan, tmp_path)
    while job.progress(10):
        pass
    job.cancel()
    with pytest.raises(EngineError) as caught:
        job.collect()
    assert caught.value.code == "x"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.stdin.readline();"
            "print('first', file=sys.stderr); sys.exit('out of luck')", "out of luck"),
        ("import os; os._exit(3)", "exit status 3"),
        ("import sys; sys.stdin.readline(); print('{\"stage\": \"render\", \"progress\": 0.5}', flush=True); "
         "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "exit status -11"),
    ],
)  # fmt: skip
def test_a_child_that_dies_without_an_answer_is_a_crash_with_its_last_words(code, words, plan, tmp_path):
    job = scripted(code, plan, tmp_path)
    with pytest.raises(EngineError, match=words) as caught:
        job.collect()
    assert caught.value.code == "engine_crashed"
    assert job.progress(1) is None


def test_a_child_that_speaks_nonsense_is_ended_and_said(plan, tmp_path):
    code = "import sys, time; sys.stdin.readline(); print('no json', flush=True); time.sleep(60)"
    with pytest.raises(EngineError, match="nonsense") as caught:
        scripted(code, plan, tmp_path).collect()
    assert caught.value.code == "engine_failed"


def test_a_child_killed_from_outside_is_a_crash(plan, tmp_path):
    job = registry.get().start(Order(plan), tmp_path)
    assert job.progress(20)
    job._process.kill()
    with pytest.raises(EngineError) as caught:
        job.collect()
    assert caught.value.code == "engine_crashed"


def test_an_impossible_workspace_is_an_error_in_a_sentence(plan, tmp_path):
    with pytest.raises(EngineError, match="No such file") as caught:
        registry.get().start(Order(plan), tmp_path / "none").collect()
    assert caught.value.code == "engine_failed"


def test_the_child_dies_in_the_middle_of_its_work_when_the_parent_is_killed(plan, tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from aimusicverse.engines import registry;"
        "from aimusicverse.types import Plan;"
        "from aimusicverse.engines.base import Order;"
        "order = Order(Plan.model_validate_json(sys.argv[1]));"
        "job = registry.get().start(order, Path(sys.argv[2]));"
        "report = job.progress(20);"
        "print(job._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, plan.model_dump_json(), tmp_path], stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        assert not gone(child)
        parent.kill()
        assert wait_until(lambda: gone(child) or psutil.Process(child).status() == "zombie", 2)


def test_stray_prints_do_not_disturb_the_protocol(tmp_path):
    code = (
        "import os, sys\n"
        "from aimusicverse.engines import host\n"
        "def work(order, answers, loading):\n"
        "    print('stray'); os.write(1, b'raw\\n'); return {'ok': order['engine']}\n"
        "host._work = work\n"
        "host.main()\n"
    )
    said = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said.stdin.write(b'{"engine": "studio"}\n')
    said.stdin.flush()
    with said:
        assert json.loads(said.stdout.read()) == {"done": {"ok": "studio"}}
        assert b"stray" in said.stderr.read()


def test_the_child_steps_back_and_ignores_an_interrupt(plan, tmp_path):
    job = registry.get().start(Order(plan), tmp_path)
    assert job.progress(20)
    process = psutil.Process(job._process.pid)
    assert process.nice() > psutil.Process().nice() or process.nice() == 19
    assert os.getsid(job._process.pid) != os.getsid(0)
    job.cancel()


def test_many_jobs_leave_no_open_files_threads_or_zombies(plan, tmp_path):
    scripted("pass", plan, tmp_path).cancel()
    before = psutil.Process().num_fds(), threading.active_count()
    for _ in range(5):
        job = scripted("import time; time.sleep(60)", plan, tmp_path)
        job.cancel()
    assert (psutil.Process().num_fds(), threading.active_count()) <= before
    assert not [child for child in psutil.Process().children() if child.status() == "zombie"]
