"""How much memory there is for something large. Asked before, because an allocation that is too large is not
refused on most machines: the process is killed later, when it writes there.
"""

from __future__ import annotations

from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
#: Of the container, where there is one (cgroup v2).
_LIMIT, _USED = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")


def free_bytes() -> int | None:
    """Bytes that this machine, or the container, can still give; `None` where nobody says (not Linux)."""
    found = [one for one in (_of_machine(), _of_container()) if one is not None]
    return min(found, default=None)


def _of_machine() -> int | None:
    try:
        lines = _MEMINFO.read_text("ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None


def _of_container() -> int | None:
    try:
        limit, used = _LIMIT.read_text("ascii").strip(), _USED.read_text("ascii").strip()
    except OSError:
        return None
    return max(0, int(limit) - int(used)) if limit.isdigit() else None
