"""Small soundfonts, written by our own hand: sines, noise, and whatever else a test asks for."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import soundfile

RATE = 22_050
#: Generators (SoundFont 2.04, 8.1.2).
KEYS, ATTENUATION, INSTRUMENT, SAMPLE, MODES = 43, 48, 41, 53, 54
ATTACK, DECAY, SUSTAIN, RELEASE, FINE = 34, 36, 37, 38, 52


def sine(key: int = 60, seconds: float = 0.5, rate: int = RATE) -> np.ndarray:
    """A tone whose loop, the whole of it, has no seam: its frequency is bent to whole periods."""
    length = int(seconds * rate)
    periods = round(440 * 2 ** ((key - 69) / 12) * seconds)
    return np.sin(2 * np.pi * periods * np.arange(length) / length) * 0.5


def noise(seconds: float = 0.2) -> np.ndarray:
    length = int(seconds * RATE)
    return np.random.default_rng(5).uniform(-0.5, 0.5, length) * np.exp(-np.arange(length) / 800)


def soundfont(
    path: Path,
    presets: dict[tuple[int, int], list[tuple[str, dict[int, int]]]] | None = None,
    samples: dict[str, tuple[np.ndarray, int]] | None = None,
    vorbis: bool = False,
    rate: int = RATE,
    padded: bool = True,
) -> Path:
    """Write one.

    Args:
        path: where.
        presets: by bank and program, zones: the name of a sample, and generators with their amounts.
        samples: by name: the samples, and the key at which they sound as they are.
        vorbis: as SF3.
        rate: of the samples (Hz).
        padded: whether a chunk of an odd size is followed by a byte of nothing.
    """
    samples = samples or {"sine": (sine(), 60), "noise": (noise(), 60)}
    presets = presets or {
        **{(0, program): [("sine", {MODES: 1, ATTACK: -8000, RELEASE: -2000})] for program in range(128)},
        (128, 0): [("noise", {})],
    }
    data, headers = _samples(samples, vorbis, rate)
    names = list(samples)
    phdr, pbag, pgen, inst, ibag, igen = b"", b"", b"", b"", b"", b""
    bags = gens = 0
    for number, ((bank, program), zones) in enumerate(sorted(presets.items())):
        phdr += struct.pack("<20sHHHIII", f"preset {number}".encode(), program, bank, number, 0, 0, 0)
        pbag += struct.pack("<HH", number, 0)
        pgen += struct.pack("<HH", INSTRUMENT, number)
        inst += struct.pack("<20sH", f"instrument {number}".encode(), bags)
        for name, says in zones:
            ibag += struct.pack("<HH", gens, 0)
            for what, amount in [*says.items(), (SAMPLE, names.index(name))]:
                igen += struct.pack("<Hh", what, amount - 65536 if amount > 32767 else amount)
                gens += 1
            bags += 1
    count = len(presets)
    tables = {
        b"phdr": phdr + struct.pack("<20sHHHIII", b"EOP", 0, 0, count, 0, 0, 0),
        b"pbag": pbag + struct.pack("<HH", count, 0),
        b"pmod": bytes(10),
        b"pgen": pgen + bytes(4),
        b"inst": inst + struct.pack("<20sH", b"EOI", bags),
        b"ibag": ibag + struct.pack("<HH", gens, 0),
        b"imod": bytes(10),
        b"igen": igen + bytes(4),
        b"shdr": headers + struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    info = _box(b"ifil", struct.pack("<HH", 3 if vorbis else 2, 1)) + _box(b"INAM", b"test\0")
    pdta = b"".join(_box(name, table) for name, table in tables.items())
    if not padded:
        data += bytes(1 - len(data) % 2)
    sound = _box(b"smpl", data)[: None if padded else -1]
    parts = _list(b"INFO", info) + _list(b"sdta", sound)[: None if padded else -1] + _list(b"pdta", pdta)
    path.write_bytes(_box(b"RIFF", b"sfbk" + parts))
    return path


def _samples(samples: dict[str, tuple[np.ndarray, int]], vorbis: bool, rate: int) -> tuple[bytes, bytes]:
    data, headers = b"", b""
    for name, (sound, key) in samples.items():
        if vorbis:
            stream = io.BytesIO()
            soundfile.write(stream, sound, rate, format="OGG", subtype="VORBIS")
            start, loop = len(data), (0, len(sound))
            data += stream.getvalue()
            end = len(data)
        else:
            start = len(data) // 2
            end, loop = start + len(sound), (start, start + len(sound))
            data += (sound * 32767).astype("<i2").tobytes() + bytes(46 * 2)
        headers += struct.pack(
            "<20sIIIIIBbHH", name.encode(), start, end, *loop, rate, key, 0, 0, 0x11 if vorbis else 1
        )
    return data, headers


def _box(name: bytes, contents: bytes) -> bytes:
    return name + struct.pack("<I", len(contents)) + contents + bytes(len(contents) % 2)


def _list(form: bytes, contents: bytes) -> bytes:
    return _box(b"LIST", form + contents)
