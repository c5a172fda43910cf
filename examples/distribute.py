"""From a prompt to stores that nobody can hear: a rehearsal, with nothing running beforehand.

python examples/distribute.py
python examples/distribute.py "synthwave, night drive" --to soundcloud,spotify --isrc USSKG2600001

The stores are stand-ins on this machine. What is refused is shown with the reason and what to do.
"""

import argparse
import sys

from aimusicverse import Distribution, LocalServer


def show(distribution: Distribution) -> None:
    """A line for each step forward."""
    stores = ", ".join(f"{one.platform} {one.status}" for one in distribution.deliveries)
    print(f"{distribution.mode}: {stores}")


def main() -> int:
    """Make a song, bring it to stores, and say where it is to be heard."""
    options = argparse.ArgumentParser(description="Rehearse a release.")
    options.add_argument("prompt", nargs="?", default="lofi hip hop, rainy night, 80 bpm")
    options.add_argument("--title", default="Paper Lanterns")
    options.add_argument("--artist", default="Maren Okafor")
    options.add_argument("--to", default="soundcloud", help="stores, with commas between")
    options.add_argument("--isrc", help="of the recording; most stores want one")
    options.add_argument("--seconds", type=float, default=60)
    asked = options.parse_args()

    metadata = {
        "title": asked.title,
        "artist": asked.artist,
        "explicit": "none",
        "language": "zxx",  # nobody sings
        "genre": "Electronic",
    }
    if asked.isrc:
        metadata["isrc"] = asked.isrc

    with LocalServer() as server, server.client() as client:
        track = client.generate(asked.prompt, duration_seconds=asked.seconds).tracks[0]
        stores = asked.to.split(",")
        for outlet in client.distributions.platforms():
            if outlet.id in stores and outlet.connector == "api":
                client.distributions.connect(outlet.id)
        made = client.distributions.create(metadata, platforms=stores, track=track)
        done = client.distributions.wait(made, timeout=120, on_progress=show)

    for one in done.deliveries:
        if one.problem:
            print(f"{one.platform}: {one.problem.message} {one.problem.hint or ''}")
        else:
            print(f"{one.platform} ({one.mode}): {one.external_url}")
    return 0 if done.status == "live" else 1


if __name__ == "__main__":
    sys.exit(main())
