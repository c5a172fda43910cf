"""A soundfont in parts: presets, instruments, zones and samples.

By "SoundFont Technical Specification" 2.04 (E-mu, 2006), sections 7 to 9. Samples are read when a note needs
them. SF3 is MuseScore's variant: each sample is an Ogg Vorbis stream of its own.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from aimusicverse.engines.soundfont import SoundfontError
from aimusicverse.engines.studio.soundfont.riff import boxes
from aimusicverse.engines.studio.synth.partials import F32

# Generators, section 8.1.2.
START, END, LOOP_START, LOOP_END = 0, 1, 2, 3
START_COARSE, END_COARSE, LOOP_START_COARSE, LOOP_END_COARSE = 4, 12, 45, 50
OPENING, FILTER, DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE = 11, 8, 33, 34, 35, 36, 37, 38
INSTRUMENT, KEYS, VELOCITIES, FIXED_KEY, ATTENUATION = 41, 43, 44, 46, 48
COARSE, FINE, SAMPLE, MODES, SCALE, ROOT = 51, 52, 53, 54, 56, 58
#: What holds where nothing is said.
_DEFAULTS = {FILTER: 13500, DELAY: -12000, ATTACK: -12000, HOLD: -12000, DECAY: -12000, RELEASE: -12000,
             SCALE: 100, ROOT: -1, FIXED_KEY: -1}  # fmt: skip
#: What only an instrument may say (section 8.5): a preset's word for it is not heard.
_OF_INSTRUMENTS = {START, END, LOOP_START, LOOP_END, START_COARSE, END_COARSE, LOOP_START_COARSE,
                   LOOP_END_COARSE, FIXED_KEY, 47, SAMPLE, MODES, 57, ROOT}  # fmt: skip
_RANGES = (KEYS, VELOCITIES)

_RECORDS = {
    b"phdr": np.dtype([("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("_", "V12")]),
    b"inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    b"pbag": np.dtype([("gen", "<u2"), ("_", "<u2")]),
    b"ibag": np.dtype([("gen", "<u2"), ("_", "<u2")]),
    b"pgen": np.dtype([("what", "<u2"), ("amount", "<i2")]),
    b"igen": np.dtype([("what", "<u2"), ("amount", "<i2")]),
    b"shdr": np.dtype([("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"),
                       ("loop_end", "<u4"), ("rate", "<u4"), ("key", "u1"), ("cents", "i1"), ("link", "<u2"),
                       ("kind", "<u2")]),
}  # fmt: skip
_MOST_TABLE_BYTES = 64 << 20
_MOST_FRAMES = 1 << 25
_VORBIS, _IN_ROM = 0x10, 0x8000
_Table = NDArray[Any]


class Zone(NamedTuple):
    """One sample of a note, and how it is to be played: `says` has a value for every generator."""

    sample: int
    says: dict[int, int]


class Recording(NamedTuple):
    """A sample: mono, its rate (Hz), the loop in its samples, and the key at which it sounds as it is."""

    samples: F32
    rate: int
    loop: tuple[int, int]
    key: int
    cents: int


class Font:
    """An open soundfont; close it.

    Raises:
        SoundfontError: the file is damaged, or no soundfont.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            self._read(os.fstat(self._file.fileno()).st_size)
        except BaseException:
            self._file.close()
            raise
        self._zones: dict[tuple[int, int], list[tuple[Zone, tuple[int, ...]]]] = {}
        self._presets = {
            (int(row["bank"]), int(row["program"])): index
            for index, row in reversed(list(enumerate(self._tables[b"phdr"][:-1])))
        }

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read(self, size: int) -> None:
        self._tables: dict[bytes, _Table] = {}
        self._data = (0, 0)
        for part in boxes(self._file, 12, size):
            if part.name == b"sdta":
                for box in boxes(self._file, part.start, part.start + part.size):
                    if box.name == b"smpl":
                        self._data = (box.start, box.size)
            elif part.name == b"pdta":
                for box in boxes(self._file, part.start, part.start + part.size):
                    if box.name in _RECORDS:
                        self._tables[box.name] = self._table(box.name, box.start, box.size)
        missing = [name.decode() for name in _RECORDS if name not in self._tables]
        if missing:
            raise SoundfontError(f"it lacks {', '.join(missing)}")

    def _table(self, name: bytes, start: int, size: int) -> _Table:
        record = _RECORDS[name]
        if size % record.itemsize or size < record.itemsize or size > _MOST_TABLE_BYTES:
            raise SoundfontError(f"the table {name.decode()} has an impossible size")
        self._file.seek(start)
        return np.frombuffer(self._file.read(size), record)

    def has(self, bank: int, program: int) -> bool:
        """Whether there is such a preset."""
        return (bank, program) in self._presets

    def zones(self, bank: int, program: int, key: int, velocity: int) -> list[Zone]:
        """What sounds for a key (0-127) struck with a velocity (1-127); nothing where there is no preset."""
        if not self.has(bank, program):
            return []
        if (bank, program) not in self._zones:
            self._zones[bank, program] = list(self._all_zones(self._presets[bank, program]))
        return [
            zone
            for zone, (low, high, soft, loud) in self._zones[bank, program]
            if low <= key <= high and soft <= velocity <= loud
        ]

    def _all_zones(self, preset: int) -> Iterator[tuple[Zone, tuple[int, ...]]]:
        for outer in self._bags(b"phdr", b"pbag", b"pgen", preset, INSTRUMENT):
            for inner in self._bags(b"inst", b"ibag", b"igen", outer[INSTRUMENT], SAMPLE):
                says = {**_DEFAULTS, **inner}
                for what, amount in outer.items():
                    if what not in _OF_INSTRUMENTS and what not in _RANGES:
                        says[what] = says.get(what, 0) + amount
                reach: list[int] = []
                for what in _RANGES:
                    ranges = [_range(zone[what]) for zone in (inner, outer) if what in zone]
                    reach += [max([0, *(low for low, _ in ranges)]), min([127, *(top for _, top in ranges)])]
                yield Zone(inner[SAMPLE], says), tuple(reach)

    def _bags(self, heads: bytes, bags: bytes, gens: bytes, index: int, end: int) -> Iterator[dict[int, int]]:
        """The zones of a preset or an instrument, with what the global one says for all of them."""
        head, bag, gen = self._tables[heads], self._tables[bags], self._tables[gens]
        if not 0 <= index < len(head) - 1:
            raise SoundfontError("a zone names an instrument that there is not")
        first, last = int(head["bag"][index]), int(head["bag"][index + 1])
        if not first <= last < len(bag):
            raise SoundfontError("a preset's zones lie outside of their table")
        common: dict[int, int] = {}
        for place in range(first, last):
            here, there = int(bag["gen"][place]), int(bag["gen"][place + 1])
            if not here <= there <= len(gen):
                raise SoundfontError("a zone's values lie outside of their table")
            says = dict(
                zip(gen["what"][here:there].tolist(), gen["amount"][here:there].tolist(), strict=True)
            )
            if end in says:
                yield {**common, **says, end: says[end] & 0xFFFF}
            elif place == first:
                common = says

    def recording(self, zone: Zone) -> Recording | None:
        """The sample of a zone, moved and looped as it says; None for one in a synthesiser's ROM."""
        headers = self._tables[b"shdr"]
        if not 0 <= zone.sample < len(headers) - 1:
            raise SoundfontError("a zone names a sample that there is not")
        header = headers[zone.sample]
        if header["kind"] & _IN_ROM:
            return None
        vorbis = bool(header["kind"] & _VORBIS)
        start, end = int(header["start"]), int(header["end"])
        samples = self._vorbis(start, end) if vorbis else self._plain(start, end)
        shift = 0 if vorbis else start
        says = zone.says
        loop_start = int(header["loop_start"]) - shift + _moved(says, LOOP_START, LOOP_START_COARSE)
        loop_end = int(header["loop_end"]) - shift + _moved(says, LOOP_END, LOOP_END_COARSE)
        skipped = max(0, _moved(says, START, START_COARSE))
        dropped = min(0, _moved(says, END, END_COARSE))
        samples = samples[skipped : len(samples) + dropped]
        rate = int(header["rate"])
        if len(samples) < 2 or not 400 <= rate <= 192_000:
            raise SoundfontError("a sample is empty, or of an impossible rate")
        key = says[ROOT] if says[ROOT] >= 0 else int(header["key"])
        return Recording(
            samples,
            rate,
            (loop_start - skipped, loop_end - skipped),
            key if key <= 127 else 60,
            int(header["cents"]),
        )

    def _plain(self, start: int, end: int) -> F32:
        at, size = self._data
        if not 0 <= start <= end <= size // 2 or end - start > _MOST_FRAMES:
            raise SoundfontError("a sample lies outside of its data")
        self._file.seek(at + start * 2)
        return np.frombuffer(self._file.read((end - start) * 2), "<i2").astype(np.float32) / np.float32(32768)

    def _vorbis(self, start: int, end: int) -> F32:
        at, size = self._data
        if not 0 <= start <= end <= size:
            raise SoundfontError("a sample lies outside of its data")
        self._file.seek(at + start)
        try:
            with soundfile.SoundFile(io.BytesIO(self._file.read(end - start))) as stream:
                samples = stream.read(_MOST_FRAMES, dtype="float32", always_2d=True)
        except (soundfile.LibsndfileError, RuntimeError):
            raise SoundfontError("a compressed sample cannot be decoded") from None
        return np.ascontiguousarray(samples[:, 0], np.float32)


def _moved(says: dict[int, int], fine: int, coarse: int) -> int:
    return says.get(fine, 0) + 32768 * says.get(coarse, 0)


def _range(amount: int) -> tuple[int, int]:
    return amount & 0xFF, amount >> 8 & 0xFF
