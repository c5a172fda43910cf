"""What code takes in a fresh process over the bare interpreter: ours, and that of peers in their own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

from benchmarks.client_processes import peers_python
from benchmarks.processes import PYTHON, Usage, environment, interleaved, median_cpu, median_wall

_ROUNDS = 15
BARE = "bare"


def over_bare(ours: Mapping[str, str], peers: Mapping[str, str]) -> dict[str, Usage]:
    """Medians of interleaved fresh processes, by name; under `BARE` what our interpreter itself takes.

    Args:
        ours: code by name, for this Python.
        peers: the same for the Python that has them; those that it does not have are left out.
    """
    commands: dict[str, Sequence[str]] = {BARE: [*PYTHON, "-c", "pass"]}
    commands |= {name: [*PYTHON, "-c", code] for name, code in ours.items()}
    python = peers_python()
    if python:
        there = {name: [python, "-c", code] for name, code in peers.items()}
        commands |= {name: command for name, command in there.items() if _runs(command)}
        commands["bare peers"] = [python, "-c", "pass"]
    medians = {
        name: Usage(median_wall(usages), median_cpu(usages))
        for name, usages in interleaved(commands, rounds=_ROUNDS).items()
    }
    found = {BARE: medians[BARE]}
    for name in (*ours, *peers):
        if name in medians:
            bare = medians[BARE if name in ours else "bare peers"]
            found[name] = Usage(medians[name].wall - bare.wall, medians[name].cpu - bare.cpu)
    return found


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, env=environment(), capture_output=True, check=False).returncode == 0
