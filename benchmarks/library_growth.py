"""Lists and searches of a large library against those of a small one: the rows are filled in directly.

    python -m benchmarks --only library-growth

Asked over HTTP of servers on SQLite and on PostgreSQL (benchmarks/postgres.py), in turn of both libraries, so
that neither has the quieter machine.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import httpx
import sqlalchemy as sa

from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.ids import new_id
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.server.store import search
from aimusicverse.server.store.tables import track, track_text
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks.listing import title_key
from benchmarks.postgres import analyze, database
from benchmarks.table import Row

SMALL, LARGE = 1_000, 100_000
ROUNDS = 200
BAR = 1.5
_BATCH = 1_000
#: What is asked, and by what name it stands in the table.
ASKED = {
    "list, newest first": "limit=50",
    "list, by title": "limit=50&sort=title",
    "list, of a genre": "limit=50&genre=jazz",
    "list, within a time": "limit=50&created_after=2026-01-01T00:00:00Z&created_before=2100-01-01T00:00:00Z",
    "search, a word of all tracks": "limit=50&q=rainy",
    "search, a word of ten tracks": "limit=50&q=single",
    "search, three words and a beginning": "limit=50&q=lofi+rainy+nig",
    "search, a word of none": "limit=50&q=nothing",
}


def measure() -> list[Row]:
    """A row for each thing that is asked of each database: large library against small."""
    return [row for name in ("SQLite", "PostgreSQL") for row in _on(name)]


def _on(name: str) -> list[Row]:
    with ExitStack() as stack:
        clients = {size: stack.enter_context(_library(stack, name, size)) for size in (SMALL, LARGE)}
        return [_compared(clients, f"{name}: {what}", query) for what, query in ASKED.items()]


def _compared(clients: dict[int, httpx.Client], what: str, query: str) -> Row:
    taken: dict[int, list[float]] = {size: [] for size in clients}
    for _ in range(ROUNDS):
        for size, client in clients.items():
            began = time.perf_counter()
            answer = client.get(f"/tracks?{query}")
            taken[size].append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
    small, large = median(taken[SMALL]), median(taken[LARGE])
    return Row(
        f"library: {what}, {LARGE:,} tracks against {SMALL:,} (ratio of medians)",
        large / small,
        BAR,
        note=f"{large:.2f} ms against {small:.2f} ms",
    )


def _library(stack: ExitStack, name: str, size: int) -> httpx.Client:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    url = stack.enter_context(database(ordinary=True)) if name == "PostgreSQL" else None
    settings = Settings.from_environment(
        {}, data_dir=Path(folder), port=0, database_url=Secret(url) if url else None
    )
    server = RunningServer(settings)
    stack.callback(server.close)
    store = server.services.store
    owner = store.read_now(api_keys.first_owner) or ""
    for first in range(0, size, _BATCH):
        store.write_now(_fill, owner, first, min(first + _BATCH, size), size)
    if url:
        analyze(url)
    key = server.api_key.get_secret_value()
    return httpx.Client(base_url=f"{server.url}/api/v1", headers={"X-API-Key": key}, timeout=60)


def _fill(tx: Transaction, owner: str, first: int, end: int, size: int) -> None:
    tracks, texts = [], []
    for number in range(first, end):
        track_id = new_id("trk")
        title = f"Rainy night {number * 7919 % size}"
        single = "single" if number % (size // 10) == 0 else ""
        genre = ("lofi", "jazz", "house", "folk")[number % 4]
        tracks.append(
            {
                "id": track_id,
                "owner_id": owner,
                "status": "ready",
                "title": title,
                "title_key": title_key(title),
                "duration_seconds": 60 + number % 100,
                "genre": genre,
                "tags": ["rain", "night"],
                "sample_rate": 44_100,
                "channels": 2,
                "bit_depth": 24,
                "lufs": -14.0,
                "true_peak_dbtp": -1.0,
                "master_sha256": f"{number:064x}",
                "master_size": 1,
                "provenance": {
                    "engine": "studio",
                    "engine_version": "1",
                    "prompt": title,
                    "licence": "yours",
                },
                "created_at": tx.now,
                "updated_at": tx.now,
            }
        )
        texts.append(
            {
                "track_id": track_id,
                "words": search.searchable(owner, [title, genre, "lofi hip hop", "night", "rain", single]),
            }
        )
    tx.execute(sa.insert(track), tracks)
    tx.execute(sa.insert(track_text), texts)
