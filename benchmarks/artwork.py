"""Covers of 3000 pixels with letters, in each style, beside what Pillow takes to encode the same picture."""

from __future__ import annotations

import io
import json
import subprocess
import time

from PIL import Image

from aimusicverse.release.artwork import STYLES, Design, draw
from benchmarks.processes import PYTHON, PeakMemory, environment
from benchmarks.table import Row

SIDE = 3000
#: Seconds of CPU for one cover, and MB of a process that draws one.
BAR, MEMORY_BAR = 4.0, 300.0
SECTIONS = (
    ("intro", 0, 12), ("verse", 12, 40), ("chorus", 40, 64), ("verse", 64, 92), ("chorus", 92, 116),
    ("bridge", 116, 132), ("chorus", 132, 160), ("outro", 160, 175),
)  # fmt: skip
#: Fast songs have most to draw.
DESIGNS = (
    {"title": "Overdrive", "artist": "NKTR", "mood": "energetic", "key": "C minor", "tempo_bpm": 174},
    {"title": "Paper Lanterns and Other Lights", "artist": "Maren Okafor", "mood": "calm", "tempo_bpm": 78},
)  # fmt: skip

_ONE = """
import json, sys
from aimusicverse.release.artwork import Design, draw
told = json.loads(sys.argv[1])
told["sections"] = tuple(tuple(section) for section in told["sections"])
draw(Design(**told), 3000)
"""


def measure() -> list[Row]:
    """The slowest of the designs in each style, and the most memory of any."""
    draw(Design("warm-up", lettering=True), 200)
    rows, peaks, sizes = [], [], []
    for style in STYLES:
        took: list[tuple[float, float]] = []
        for told in DESIGNS:
            design = Design(**told, sections=SECTIONS, style=style, lettering=True)  # type: ignore[arg-type]
            began = time.process_time()
            content = draw(design, SIDE)
            took.append((time.process_time() - began, _encoding(content)))
            sizes.append(len(content))
        ours, floor = max(took)
        rows.append(Row(f"a cover of {SIDE} pixels, {style}, CPU s", ours, BAR, ("encoding it", floor)))
        peaks.append(_memory({**DESIGNS[0], "sections": SECTIONS, "style": style, "lettering": True}))
    rows.append(Row("…largest of these files, MB", max(sizes) / 1e6, 10))
    rows.append(Row("…peak memory of a process that draws one, MB", max(peaks), MEMORY_BAR))
    return rows


def _encoding(content: bytes) -> float:
    """What Pillow alone takes to write that picture at the same quality."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    plain = picture.copy()
    began = time.process_time()
    plain.save(io.BytesIO(), "JPEG", quality=95, subsampling=0)
    return time.process_time() - began


def _memory(told: dict[str, object]) -> float:
    with subprocess.Popen([*PYTHON, "-c", _ONE, json.dumps(told)], env=environment()) as process:
        memory = PeakMemory(process.pid)
        process.wait()
        peak = memory.stop()
    if process.returncode:
        raise RuntimeError(f"a cover could not be drawn ({process.returncode})")
    return peak
