"""Uploads a large master to a stand-in, both in this process: how much memory it takes, and how long.

python -m tests.platforms.soundcloud.large_upload FOLDER MEGABYTES
"""

from __future__ import annotations

import resource
import struct
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.platforms.soundcloud.deliveries import Delivery
from tests.sandbox.soundcloud.standin import stand_in


def main(folder: Path, megabytes: int) -> None:
    """Print `megabytes grown`, `seconds`."""
    with stand_in(folder / "sandbox") as store:
        Delivery(store, folder / "small", ending="wav").deliver()  # all is loaded
        one = Delivery(store, folder / "large", ending="wav")
        one.account.access_token()
        size = megabytes * 1024 * 1024
        file = one.parcel.files.tracks[0]
        with file.path.open("wb") as written:  # sparse: no disk is filled
            form = struct.pack("<HHIIHH", 1, 2, 44_100, 264_600, 6, 24)
            written.write(b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt " + struct.pack("<I", 16) + form)
            written.write(b"data" + struct.pack("<I", size - 44))
            written.truncate(size)
        large = replace(file, facts=replace(file.facts, size_bytes=size, sha256="0" * 64))
        one.parcel = replace(one.parcel, files=replace(one.parcel.files, tracks=(large,)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.monotonic()
        assert one.deliver().stands == "ready"
        took = time.monotonic() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        sizes = [record["asset"]["size"] for record in store.state.all("soundcloud", "track").values()]
        assert sizes[-1] == size
    sys.stdout.write(f"{grown:.1f} {took:.2f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
