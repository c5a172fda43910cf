"""A library to read from, put into a data folder by the server's own service functions.

    python -m benchmarks.library FOLDER COUNT

Prints the ids as JSON. No audio is made: reads of rows do not touch it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.generation import queries as generations
from aimusicverse.server.ids import new_id
from aimusicverse.server.running import RunningServer
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service
from aimusicverse.server.tracks.queries import NewTrack
from aimusicverse.types import GenerationCreate, Provenance


def fill(folder: Path, count: int) -> dict[str, list[str]]:
    """Generations that are completed, with one track each; their ids."""
    server = RunningServer(Settings.from_environment(data_dir=folder, host="127.0.0.1", port=0))
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
            generation_id = new_id("gen")
            generations.insert(
                tx, owner, generation_id, asked, engine="studio", seed=number, plans=[plan], warnings=[]
            )
            generations.set_render(tx, generation_id, 0, status="completed", progress=1.0)
            generations.set_status(tx, generation_id, "completed")
            track = service.add(
                tx,
                owner,
                NewTrack(
                    title=f"Rainy night {number}",
                    duration_seconds=60,
                    tempo_bpm=plan.tempo_bpm,
                    key=plan.key,
                    genre=plan.genre,
                    tags=["lofi", "rain"],
                    lyrics=None,
                    sample_rate=44_100,
                    channels=2,
                    bit_depth=24,
                    lufs=-14.0,
                    true_peak_dbtp=-1.0,
                    master_sha256=f"{number:064x}",
                    master_size=15_876_044,
                    provenance=Provenance(
                        generation_id=generation_id,
                        engine="studio",
                        engine_version=engine.capabilities().version,
                        prompt=asked.prompt,
                        seed=number,
                        licence=engine.capabilities().licence,
                        ai_parts=["composition", "instruments"],
                        source_type=engine.capabilities().source_type,
                        plan=plan.model_copy(update={"understood": {}, "not_understood": [], "warnings": []}),
                    ),
                ),
            )
            made["generations"].append(generation_id)
            made["tracks"].append(track.id)

        for number in range(count):
            store.write_now(add, number)
        return made
    finally:
        server.close()


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]), int(sys.argv[2]))))
