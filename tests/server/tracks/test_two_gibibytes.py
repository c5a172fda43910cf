"""The largest upload there may be, really sent, and a larger one: the server's memory stays as it was."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from aimusicverse import Client, RequestOptions
from aimusicverse.server.tracks.uploads import MOST_BYTES
from tests.server.processes import Program, programs, until

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

#: 31 minutes in 24 bits: as large as an upload may be, to the byte.
RATE, FRAME = 192_000, 6
HEAD = 44
EXTRA_MB = 150
PEAK_DBFS = -6.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Program]:
    """`amv serve` as a process, which can be weighed. What it kept is removed: pytest would keep it."""
    with programs(tmp_path / "data", None) as start:
        program = start("serve", "--port", "0", "--log-level", "warning")
        until(program.where)
        yield program
    shutil.rmtree(tmp_path / "data")


def recording(path: Path, data: int) -> Path:
    """A WAV file of silence, which takes no room on the disk, with a short tone at its end."""
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", HEAD - 8 + data, b"WAVE", b"fmt ", 16, 1),
        *(2, RATE, RATE * FRAME, FRAME, 24, b"data", data),
    )
    tone = 2**31 * 10 ** (PEAK_DBFS / 20) * np.sin(np.arange(RATE // 10) * 2 * np.pi * 1000 / RATE)
    samples = np.repeat(tone.astype("<i4"), 2)
    end = samples.view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()  # the upper three bytes of each
    with path.open("wb") as file:
        file.write(head)
        file.truncate(HEAD + data)
        file.seek(HEAD + data - len(end))
        file.write(end)
    return path


def peak_mb(program: Program) -> float:
    """The most memory that it has had since it was last asked."""
    status = Path(f"/proc/{program.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    Path(f"/proc/{program.pid}/clear_refs").write_text("5")  # proc(5): forget the peak
    return int(line.split()[1]) / 1000


def test_two_gibibytes_are_a_track_and_more_is_none(server: Program, tmp_path: Path) -> None:
    where = until(server.where)
    small = recording(tmp_path / "small.wav", RATE * FRAME)
    largest = recording(tmp_path / "largest.wav", MOST_BYTES - HEAD)
    assert largest.stat().st_size == MOST_BYTES
    patient = RequestOptions(timeout=1500, retries=0)
    with Client(where["api_key"], where["url"]) as client:
        client.tracks.upload(small)  # what it needs for any upload is there from now on
        before = peak_mb(server)

        kept = client.tracks.upload(largest, options=patient)
        assert peak_mb(server) - before < EXTRA_MB
        assert kept.audio.size_bytes == MOST_BYTES
        assert kept.duration_seconds == pytest.approx((MOST_BYTES - HEAD) / FRAME / RATE, abs=0.001)
        assert kept.audio.true_peak_dbtp == pytest.approx(PEAK_DBFS, abs=0.1)  # it was heard to its end

        with httpx.Client(headers={"X-API-Key": where["api_key"]}) as http:
            end = http.get(where["url"] + kept.audio.url, headers={"Range": "bytes=-6000"})
        assert end.status_code == 206
        with largest.open("rb") as file:
            file.seek(-6000, 2)
            assert end.content == file.read()
        assert peak_mb(server) - before < EXTRA_MB

        client.tracks.delete(kept)
    largest.unlink()
    refuse_more(server, tmp_path, before)


def refuse_more(server: Program, folder: Path, before: float) -> None:
    """Its size unsaid, so all of it is sent before it can be known."""
    where = until(server.where)
    larger = recording(folder / "larger.wav", MOST_BYTES - HEAD + FRAME)
    with larger.open("rb") as file, httpx.Client(timeout=600) as http:
        headers = {"X-API-Key": where["api_key"], "Content-Type": "audio/wav"}
        pieces = iter(lambda: file.read(1 << 20), b"")
        answer = http.post(f"{where['url']}/api/v1/tracks?title=Larger", content=pieces, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    assert peak_mb(server) - before < EXTRA_MB
    assert list((folder / "data/blobs/tmp").iterdir()) == []
    larger.unlink()
