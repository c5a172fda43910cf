"""A library to read from, put into a data folder by the server's own service functions.

    python -m benchmarks.library FOLDER COUNT

Prints the ids as JSON. No audio is made: reads of rows do not touch it.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.generation import queries as generations
from aimusicverse.server.ids import new_id
from aimusicverse.server.running import RunningServer
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import queries as tracks
from aimusicverse.server.tracks import service
from aimusicverse.types import GenerationCreate, Provenance, Track, TrackAudio
from aimusicverse.types.track import AUDIO_FORMATS


def fill(folder: Path, count: int) -> dict[str, list[str]]:
    """Generations that are completed, with one track each; their ids."""
    server = RunningServer(Settings(data_dir=folder, host="127.0.0.1", port=0))
    try:
        store, engines = server.services.store, server.services.engines
        engine = next(iter(engines.values()))
        first = store.read_now(api_keys.first_owner)
        assert first is not None
        owner = Owner(first)
        made: dict[str, list[str]] = {"generations": [], "tracks": []}

        def add(tx: Transaction, number: int) -> None:
            asked = GenerationCreate(prompt=f"lofi hip hop, rainy night {number}", duration_seconds=60)
            plan = engine.plan(asked, number)
            generation_id, track_id = new_id("gen"), new_id("trk")
            generations.insert(
                tx, owner, generation_id, asked, engine="studio", seed=number, plans=[plan], warnings=[]
            )
            generations.set_render(tx, generation_id, 0, status="completed", progress=1.0, track_id=track_id)
            generations.set_status(tx, generation_id, "completed")
            made_at = tx.now + timedelta(milliseconds=number)
            track = Track(
                id=track_id,
                created_at=made_at,
                updated_at=made_at,
                title=f"Rainy night {number}",
                duration_seconds=60,
                tempo_bpm=plan.tempo_bpm,
                key=plan.key,
                genre=plan.genre,
                tags=["lofi", "rain"],
                audio=TrackAudio(
                    formats=list(AUDIO_FORMATS),
                    sample_rate=44_100,
                    channels=2,
                    bit_depth=24,
                    lufs=-14.0,
                    true_peak_dbtp=-1.0,
                    sha256=f"{number:064x}",
                    size_bytes=15_876_044,
                    url=tracks.audio_path(track_id),
                ),
                provenance=Provenance(
                    generation_id=generation_id,
                    engine="studio",
                    engine_version=engine.capabilities().version,
                    prompt=asked.prompt,
                    seed=number,
                    licence=engine.capabilities().licence,
                ),
            )
            service.add(tx, owner, track, generation_id=generation_id)
            made["generations"].append(generation_id)
            made["tracks"].append(track_id)

        for number in range(count):
            store.write_now(add, number)
        return made
    finally:
        server.close()


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]), int(sys.argv[2]))))
