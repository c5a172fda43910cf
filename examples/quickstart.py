"""From a prompt to a song on disk, with nothing running beforehand.

python examples/quickstart.py
python examples/quickstart.py "synthwave, night drive, 110 bpm" --seconds 90 --output drive.flac
"""

import argparse
from pathlib import Path

from aimusicverse import LocalServer
from aimusicverse.types import Generation


def show(generation: Generation) -> None:
    """One line for each step forward."""
    print(f"{generation.progress:4.0%}  {generation.stage or generation.status}")


def main() -> None:
    """Generate, download, and say what came out."""
    options = argparse.ArgumentParser(description="Make a song.")
    options.add_argument("prompt", nargs="?", default="lofi hip hop, rainy night, 80 bpm")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--output", type=Path, default=Path("song.wav"), help="a .wav, .flac or .mp3 file")
    asked = options.parse_args()

    with LocalServer() as server, server.client() as client:
        generation = client.generate(
            asked.prompt, duration_seconds=asked.seconds, seed=asked.seed, progress=show
        )
        track = generation.tracks[0]
        client.tracks.download(track, asked.output)

    print(f"{track.title}: {track.genre}, {track.tempo_bpm:g} bpm, {track.key}, {track.audio.lufs:.1f} LUFS")
    print(f"{asked.output}, {track.duration_seconds:g} s. Seed {generation.seed} makes it again.")


if __name__ == "__main__":
    main()
