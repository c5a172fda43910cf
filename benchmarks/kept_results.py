"""Work on many pieces, two at a time, that can be stopped and gone on with: each result is a line of JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import aimusicverse

_Order = TypeVar("_Order")


def results_of(
    orders: Iterable[_Order], work: Callable[[_Order], dict[str, Any]], results: Path
) -> Iterator[tuple[_Order, dict[str, Any]]]:
    """Each order (a dataclass) with its result. What `results` has of this version is not made again."""
    known = {json.dumps(line["order"]): line["result"] for line in _lines(results)}
    missing = []
    for order in orders:
        name = json.dumps(asdict(order))  # type: ignore[call-overload]
        if name in known:
            yield order, known[name]
        else:
            missing.append(order)
    with ThreadPoolExecutor(2) as pool, results.open("a", encoding="utf-8") as file:
        running = {pool.submit(work, order): order for order in missing}
        for finished in as_completed(running):
            order = running[finished]
            line = {"version": version(), "order": asdict(order), "result": finished.result()}  # type: ignore[call-overload]
            text = json.dumps(line)
            file.write(text + "\n")
            file.flush()
            yield order, json.loads(text)["result"]


def _lines(results: Path) -> Iterator[dict[str, Any]]:
    if not results.exists():
        return
    for text in results.read_text("utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:  # a run that was stopped in the middle of a line
            continue
        if line["version"] == version():
            yield line


def version() -> str:
    """A hash of everything that decides how a piece sounds or is judged."""
    rooms = [Path(aimusicverse.__file__).parent / room for room in ("engines", "audio")]
    rooms.append(Path(__file__).with_name("judge"))
    digest = hashlib.sha256()
    for path in sorted(path for room in rooms for path in room.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
