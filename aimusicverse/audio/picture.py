"""A recording to look at: the waveform above the spectrogram, sections and clipping marked. Needs Pillow.

Colours: the map is *magma* (N. Smith, S. van der Walt, matplotlib, CC0), even in lightness and readable
without colour vision; blue and vermilion are those of Okabe and Ito (2008), and marks differ in form too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio import files
from aimusicverse.audio.analysis import MOST_CHANNELS, Analysis
from aimusicverse.audio.columns import Spectrum, Wave
from aimusicverse.audio.errors import AudioError
from aimusicverse.types import Structure

WIDTH, HEIGHT = 1600, 900
_LEFT, _RIGHT = 90, 1490
_STRIP = (86, 112)
_WAVE = (118, 338)
_SPECTRUM = (356, 838)
_SCALE = (1506, 1524)
_COLUMNS = _RIGHT - _LEFT
_ROWS = _SPECTRUM[1] - _SPECTRUM[0]
_RANGE_DB = 80.0
_MAGMA = (
    "000004 0b0924 20114b 3b0f70 57157e 721f81 8c2981 a8327d "
    "c43c75 de4968 f1605d fa7f5e fe9f6d febf84 fddea0 fcfdbf"
)
_INK, _FAINT, _PAPER, _BLUE, _DEEP, _RED = "#222222", "#8a8a8a", "#ffffff", "#56b4e9", "#0072b2", "#d55e00"
_PLAIN = str.maketrans("–—‘’“”", "--''\"\"")
#: Of the chords, the share that must have room for their names: a few alone would tell nothing.
_MOST_CHORDS = 0.6
_TICKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


def draw(
    path: Path,
    analysis: Analysis,
    target: Path,
    title: str | None = None,
    structure: Structure | None = None,
) -> None:
    """Write a PNG of 1600 × 900 pixels. The file is read once more, block by block.

    Args:
        path: the recording.
        analysis: of it.
        target: where the picture goes; it appears whole or not at all.
        title: the first line; the file's name by default.
        structure: where it is known: its sections and chords are shown, not those of the analysis.

    Raises:
        AudioError: the recording cannot be read, or the picture not be written.
        ImportError: Pillow is missing; the message names the command.
    """
    drawing = _library()
    frames = round(analysis.duration_seconds * analysis.sample_rate)
    size = 1 << max(8, round(np.log2(analysis.sample_rate * 0.09)))
    wave, spectrum = (
        Wave(frames, _COLUMNS),
        Spectrum(frames, size, analysis.sample_rate, columns=_COLUMNS, rows=_ROWS),
    )
    for block in files.blocks(path, max(1024, 2 * files.BLOCK // analysis.channels), MOST_CHANNELS):
        sound = np.nan_to_num(block, posinf=0.0, neginf=0.0)
        wave.add(sound)
        spectrum.add(sound.mean(axis=0))
    page = _Page(drawing, analysis, structure)
    page.title(title or path.name)
    page.wave(wave)
    page.spectrum(spectrum)
    page.times()
    page.sections()
    page.chords()
    temporary = target.with_name(f".{target.name}.part")
    try:
        page.image.save(temporary, "PNG")
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        why = error.strerror or "unknown"
        raise AudioError("unwritable", f"cannot write {target.name}: {why}") from None


class _Page:
    """The picture as it is put together."""

    def __init__(self, drawing: Any, analysis: Analysis, structure: Structure | None) -> None:
        self._image_module, draw_module, self._fonts = drawing
        self.image = self._image_module.new("RGB", (WIDTH, HEIGHT), _PAPER)
        self._draw = draw_module.Draw(self.image)
        self._analysis, self._structure = analysis, structure
        self._big, self._small, self._tiny = (self._fonts.load_default(size) for size in (26, 17, 14))

    def title(self, name: str) -> None:
        """The name, and the figures below it."""
        name = _in_ascii(name)
        room = WIDTH - 2 * _LEFT
        while self._draw.textlength(name, self._big) > room and len(name) > 8:
            name = f"{name[: len(name) // 2 - 2]}...{name[len(name) // 2 + 2 :]}"
        self._text((_LEFT, 14), name, font=self._big)
        self._text((_LEFT, 52), "   ".join(_figures(self._analysis, self._structure)), fill=_INK)

    def wave(self, wave: Wave) -> None:
        """Peaks in light blue, root mean square in dark, clipping as wedges above."""
        top, bottom = _WAVE
        middle, half = (top + bottom) / 2, (bottom - top) / 2
        tall = max(1.0, float(max(wave.high.max(), -wave.low.min())))
        rms = wave.rms()
        for x in range(_COLUMNS):
            at = x * wave.columns // _COLUMNS
            for low, high, colour in ((wave.low[at], wave.high[at], _BLUE), (-rms[at], rms[at], _DEEP)):
                ends = (middle - high / tall * half, middle - low / tall * half)
                self._draw.line([(_LEFT + x, ends[0]), (_LEFT + x, ends[1])], fill=colour)
        for height, label in ((1.0, "0"), (0.5, "-6"), (-0.5, "-6"), (-1.0, "0")):
            y = middle - height / tall * half
            self._draw.line([(_LEFT - 6, y), (_LEFT, y)], fill=_INK)
            self._text((_LEFT - 10, y), label, anchor="rm")
        self._text((16, middle), "dBFS", anchor="lm", fill=_FAINT)
        self._draw.line([(_LEFT, middle), (_RIGHT, middle)], fill=_DEEP)
        self._draw.rectangle([_LEFT - 1, top, _RIGHT, bottom], outline=_FAINT)
        for stretch in self._analysis.clipped:
            left, right = self._x(stretch.start_seconds), self._x(stretch.end_seconds)
            self._draw.rectangle([left, top, max(right, left + 1), top + 3], fill=_RED)
            self._draw.polygon([(left - 6, top - 1), (left + 6, top - 1), (left, top + 11)], fill=_RED)

    def spectrum(self, spectrum: Spectrum) -> None:
        """The picture, its frequencies to the left, its colours to the right."""
        table = spectrum.decibels()
        top_db = max(-60.0, min(0.0, 10 * float(np.ceil(table.max(initial=-120.0) / 10))))
        colours = _colours()
        values = np.clip((table - top_db + _RANGE_DB) / _RANGE_DB * 255, 0, 255).astype(np.uint8)
        pixels = colours[values[::-1]]
        pixels = pixels[:, np.arange(_COLUMNS) * pixels.shape[1] // _COLUMNS]
        top, bottom = _SPECTRUM
        self.image.paste(self._image_module.fromarray(pixels), (_LEFT, top))
        self._draw.rectangle([_LEFT - 1, top, _RIGHT, bottom], outline=_FAINT)
        span = np.log(spectrum.highest_hz / spectrum.lowest_hz)
        for frequency in _TICKS_HZ:
            if spectrum.lowest_hz <= frequency <= spectrum.highest_hz:
                y = bottom - np.log(frequency / spectrum.lowest_hz) / span * _ROWS
                self._draw.line([(_LEFT - 6, y), (_LEFT, y)], fill=_INK)
                self._text(
                    (_LEFT - 10, y),
                    f"{frequency // 1000}k" if frequency >= 1000 else str(frequency),
                    anchor="rm",
                )
        self._text((16, (top + bottom) / 2), "Hz", anchor="lm", fill=_FAINT)
        left, right = _SCALE
        ramp = colours[np.linspace(255, 0, _ROWS).astype(np.uint8)]
        self.image.paste(
            self._image_module.fromarray(np.repeat(ramp[:, None], right - left, axis=1)), (left, top)
        )
        for down in range(0, int(_RANGE_DB) + 1, 20):
            y = top + down / _RANGE_DB * _ROWS
            self._text((right + 8, y), f"{top_db - down:.0f}", anchor="lm")
        self._text((left, top - 16), "dB", anchor="lm", fill=_FAINT)

    def times(self) -> None:
        """Minutes and seconds below."""
        length = self._analysis.duration_seconds
        if length <= 0:
            self._text(((_LEFT + _RIGHT) / 2, sum(_WAVE) / 2 - 14), "no sound", anchor="mm", fill=_FAINT)
            return
        bottom = _SPECTRUM[1]
        step = next((s for s in _steps() if length / s <= 12), length)
        for number in range(int(length / step + 1e-6) + 1):
            x = self._x(number * step)
            self._draw.line([(x, bottom), (x, bottom + 6)], fill=_INK)
            self._text((x, bottom + 10), _time(number * step, step), anchor="ma")

    def sections(self) -> None:
        """A strip of named boxes, and a dashed line through both pictures where one ends."""
        top, bottom = _STRIP
        shades = ("#e8e8e8", "#cfcfcf")
        for number, (label, start, end) in enumerate(self._stretches()):
            left, right = self._x(start), self._x(end)
            self._draw.rectangle([left, top, right, bottom], fill=shades[number % 2])
            if self._draw.textlength(label, self._small) + 6 <= right - left:
                self._text(((left + right) / 2, (top + bottom) / 2), label, anchor="mm")
            if number:
                for y in range(_WAVE[0], _WAVE[1], 10):
                    self._draw.line([(left, y), (left, y + 5)], fill=_INK)
                for y in range(_SPECTRUM[0], _SPECTRUM[1], 10):
                    self._draw.line([(left, y), (left, y + 5)], fill=_PAPER)

    def chords(self) -> None:
        """Their names between the two pictures, each where it begins; none, where most have no room."""
        if self._structure is None:
            return
        starts = {one.start_seconds for one in self._structure.sections}
        named: list[tuple[str, float, float]] = []
        for chord in self._structure.chords:
            left = self._x(chord.start_seconds)
            if not named or named[-1][0] != chord.symbol or chord.start_seconds in starts:
                named.append((chord.symbol, left, left))
            right = self._x(chord.start_seconds + chord.duration_seconds)
            named[-1] = (*named[-1][:2], right)
        fits = [self._draw.textlength(name, self._tiny) + 6 <= right - left for name, left, right in named]
        if sum(fits) < _MOST_CHORDS * len(named):
            return
        for (name, left, _), has_room in zip(named, fits, strict=True):
            self._draw.line([(left, _WAVE[1]), (left, _SPECTRUM[0])], fill=_FAINT)
            if has_room:
                self._text((left + 4, (_WAVE[1] + _SPECTRUM[0]) / 2), name, anchor="lm", font=self._tiny)

    def _stretches(self) -> Iterable[tuple[str, float, float]]:
        """Name, start and end in seconds of each section."""
        if self._structure is None:
            return [(one.label, one.start_seconds, one.end_seconds) for one in self._analysis.sections]
        sections = self._structure.sections
        return [(_in_ascii(one.name), one.start_seconds, one.end_seconds) for one in sections]

    def _x(self, seconds: float) -> float:
        return _LEFT + seconds / max(self._analysis.duration_seconds, 1e-9) * _COLUMNS

    def _text(self, at: tuple[float, float], text: str, *, font: Any = None, **options: Any) -> None:
        options.setdefault("fill", _INK)
        self._draw.text(at, text, font=font or self._small, **options)


def _in_ascii(text: str) -> str:
    """Pillow's own font knows ASCII: an accent is left out, what is of another script becomes "?"."""
    parts = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c if " " <= c <= "~" else "?" for c in parts if not unicodedata.combining(c))


def _figures(analysis: Analysis, structure: Structure | None) -> Iterable[str]:
    """What stands below the title; what is not known is left out, and what is known is not guessed."""
    yield _time(analysis.duration_seconds, 0.01 if analysis.duration_seconds < 10 else 1)
    yield f"{analysis.sample_rate} Hz, {analysis.channels} ch"
    if analysis.integrated_lufs is not None:
        yield f"{analysis.integrated_lufs:.1f} LUFS"
    if analysis.true_peak_dbtp is not None:
        yield f"{analysis.true_peak_dbtp:.1f} dBTP"
    known = structure if structure and not structure.estimated else None
    if known and known.tempo_bpm:
        yield f"{known.tempo_bpm:g} bpm"
    elif analysis.tempo:
        yield f"{analysis.tempo.bpm:.1f} bpm"
    if known and known.key:
        yield known.key
    elif analysis.key:
        yield analysis.key.name
    if analysis.clipped:
        yield f"clipped: {sum(stretch.samples for stretch in analysis.clipped)} samples"


def _steps() -> Iterator[float]:
    yield from (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30)
    yield from (60.0 * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600))


def _time(seconds: float, step: float) -> str:
    if step < 1:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _colours() -> NDArray[np.uint8]:
    """(256, 3)."""
    anchors = np.array([list(bytes.fromhex(word)) for word in _MAGMA.split()], np.float64)
    at = np.linspace(0, len(anchors) - 1, 256)
    table = np.stack([np.interp(at, np.arange(len(anchors)), column) for column in anchors.T], axis=1)
    return np.asarray(np.round(table), np.uint8)


def _library() -> Any:
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        raise ImportError("drawing needs: pip install 'aimusicverse[release]'", name="PIL") from None
    return Image, ImageDraw, ImageFont
