"""The engine as others use it: a plan goes into the real child process, a file and its cost come out."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from aimusicverse.engines.base import Order, order_as_json
from aimusicverse.types import Plan

# A process of our own between us and the child, so that its resources can be read apart from others'.
_BETWEEN = (
    "import resource, subprocess, sys; "
    "out = subprocess.run([sys.executable, '-m', 'aimusicverse.engines.host'], stdin=0, "
    "stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1]; "
    "u = resource.getrusage(resource.RUSAGE_CHILDREN); "
    "print(out.decode()); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
)


def run_child(plan: Plan, folder: Path) -> tuple[dict[str, Any], float, float, float]:
    """The answer of a render child, its CPU and wall seconds, and its peak memory (MB)."""
    order = {"engine": "studio", "workspace": str(folder), **order_as_json(Order(plan))}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", _BETWEEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        cpu, rss = map(float, child.stdout.readline().split())
    if "done" not in answer:
        raise SystemExit(f"{plan.genre}: {answer}")
    return answer["done"], cpu, time.monotonic() - began, rss
