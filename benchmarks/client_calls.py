"""What a call costs over httpx: retrieve one track, list twenty; and what it costs in other clients."""

from __future__ import annotations

from statistics import median

from benchmarks.client_processes import figures, peers_python, stub
from benchmarks.table import Row

#: Times raw httpx with `.json()`.
BAR = 1.15


def measure() -> list[Row]:
    """Ratios of medians, all from one interleaved run."""
    with stub() as address:
        ours = figures("benchmarks.client_rounds", address, "ours")
        python = peers_python()
        others = figures("benchmarks.client_rounds", address, "peers", python=python) if python else {}
    rows = [
        _row(f"client CPU to {what}, × raw httpx", ours[f"ours {what}"], ours[f"httpx {what}"], BAR)
        for what in ("retrieve", "list")
    ]
    for name in [name for name in others if not name.startswith("httpx for")]:
        what = f"…{name}, to retrieve one object, × raw httpx"
        rows.append(_row(what, others[name], others[f"httpx for {name}"], None))
    return rows


def _row(what: str, taken: list[float], floor: list[float], bar: float | None) -> Row:
    # Round by round: what slows one round down slows both sides of it.
    ratio = median(mine / theirs for mine, theirs in zip(taken, floor, strict=True))
    note = f"{median(taken):.0f} µs; raw httpx with .json(): {median(floor):.0f} µs"
    return Row(what, ratio, bar, note=note)
