"""`amv analyze`: what sound files are like, in figures and as pictures. No server is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import exits, file_says
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimusicverse.audio.analysis import Analysis
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.audio.tags import Tags

app: Final = CommandSet()
#: So many stretches are told on one line; `--json` has all.
_TOLD = 5
_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1"}


@app.command()
def analyze(
    ctx: Context,
    sounds: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="WAV, FLAC, MP3, AIFF, Ogg; several are allowed.")
    ],
    png: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Draw waveform and spectrogram there; a folder for several files."),
    ] = None,
) -> None:
    """Measure sound files: tempo, key, loudness, peaks, sections, clipping, silence; and what their tags say.

    With --json, an object a line for each file, when all are done.

    Example:
        amv analyze song.wav --png song.png
    """
    _require("numpy", "soundfile", *(["PIL"] if png is not None else []))
    from aimusicverse.audio import files, tags
    from aimusicverse.audio.analysis import MOST_CHANNELS
    from aimusicverse.audio.analysis import analyze as measure
    from aimusicverse.audio.errors import AudioError

    paths = [Path(sound) for sound in sounds]
    pictures = _pictures(paths, png)
    told = []
    path = paths[0]
    try:
        for path in paths:  # what cannot be read is said before minutes are spent on the others
            files.probe(path, MOST_CHANNELS)
        for number, (path, picture) in enumerate(zip(paths, pictures, strict=True)):
            analysis, said = measure(path), tags.read(path)
            if picture is not None:
                from aimusicverse.audio.picture import draw

                draw(path, analysis, picture)
            if ctx.output.json:
                told.append(as_json(path, analysis, picture, said))
                continue
            if number:
                ctx.output.line("")
            ctx.output.record(_lines(path, analysis, picture, said))
    except AudioError as error:
        raise _problem(path, error) from None
    for one in told:
        ctx.output.object(one)


def as_json(path: Path, analysis: Analysis, picture: Path | None, said: Tags) -> dict[str, Any]:
    """The object of `--json`. Its keys are stable; what is not known is null."""
    from dataclasses import asdict

    told = asdict(analysis)
    tempo, key = told.pop("tempo"), told.pop("key")
    sections = told.pop("sections")
    told |= {
        "tempo_bpm": tempo and tempo["bpm"],
        "tempo_confidence": tempo and tempo["confidence"],
        "key": key and key["name"],
        "key_confidence": key and key["confidence"],
        "sections": sections,
    }
    png = str(picture) if picture else None
    return {"file": str(path), **_rounded(told), "png": png, "tags": file_says.as_json(said)}


def _rounded(value: Any, name: str = "") -> Any:
    """Figures as exact as they are meant: levels and tempi to 0.01, times to a tenth of a millisecond."""
    if isinstance(value, dict):
        return {key: _rounded(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        digits = 6 if name == "dc_offset" else 4 if name.endswith("_seconds") else 2
        return round(value, digits) + 0.0  # no -0.0
    return value


def _lines(
    path: Path, analysis: Analysis, picture: Path | None, said: Tags
) -> Iterable[tuple[str, str | None]]:
    """A label and a value for each line of the report."""
    a = analysis
    layout = _CHANNELS.get(a.channels, f"{a.channels} channels")
    yield "file", str(path)
    yield from file_says.lines(said)
    yield "format", f"{a.format.upper()} {a.subtype}, {a.sample_rate} Hz, {layout}"
    yield "length", _clock(a.duration_seconds)
    yield "loudness", _or_not("{:.1f} LUFS", a.integrated_lufs)
    yield "short-term", _or_not("{:.1f} LUFS at most", a.max_short_term_lufs)
    yield "range", _or_not("{:.1f} LU", a.loudness_range_lu)
    yield "true peak", _or_not("{:.1f} dBTP", a.true_peak_dbtp)
    yield "sample peak", _or_not("{:.1f} dBFS", a.sample_peak_dbfs)
    yield "DC offset", f"{round(a.dc_offset, 4) + 0.0:.4f}"
    yield "tempo", f"{a.tempo.bpm:.1f} bpm (confidence {a.tempo.confidence:.2f})" if a.tempo else "not known"
    yield "key", f"{a.key.name} (confidence {a.key.confidence:.2f})" if a.key else "not known"
    yield "sections", ", ".join(f"{s.label} {_clock(s.start_seconds, 1)}" for s in a.sections) or "none"
    yield "clipping", _clipping(a)
    yield "silence", _silence(a)
    if a.non_finite_samples:
        yield "no numbers", f"{a.non_finite_samples} samples are NaN or infinite"
    yield "picture", str(picture) if picture else None


def _clipping(analysis: Analysis) -> str:
    if not analysis.clipped:
        return "none"
    runs, samples = (sum(getattr(s, name) for s in analysis.clipped) for name in ("runs", "samples"))
    return f"{runs} runs, {samples} samples: {_stretches(analysis.clipped)}"


def _silence(analysis: Analysis) -> str:
    if analysis.duration_seconds and analysis.leading_silence_seconds >= analysis.duration_seconds:
        return "all of it"
    ends = (("leading", analysis.leading_silence_seconds), ("trailing", analysis.trailing_silence_seconds))
    told = [f"{name} {seconds:.2f} s" for name, seconds in ends if seconds >= 0.005]
    if analysis.silences:
        told.append(_stretches(analysis.silences))
    return ", ".join(told) or "none"


def _stretches(stretches: Any) -> str:
    told = [f"{_clock(s.start_seconds, 2)}-{_clock(s.end_seconds, 2)}" for s in stretches[:_TOLD]]
    more = len(stretches) - _TOLD
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _clock(seconds: float, digits: int = 3) -> str:
    """`1:30.250`."""
    unit = 10**digits
    whole, part = divmod(round(seconds * unit), unit)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    start = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{start}.{part:0{digits}}"


def _or_not(form: str, value: float | None) -> str:
    return "not known" if value is None else form.format(value).replace("-0.0 ", "0.0 ")


def _pictures(paths: list[Path], png: str | None) -> list[Path | None]:
    """Where each picture goes.

    Raises:
        UsageProblem: a place that no picture can go to.
    """
    if png is None:
        return [None] * len(paths)
    target = Path(png)
    if target.is_dir():
        names: list[Path | None] = []
        for path in paths:
            name, number = target / f"{path.stem}.png", 2
            while name in names:
                name, number = target / f"{path.stem}-{number}.png", number + 1
            names.append(name)
        return names
    if len(paths) > 1:
        raise UsageProblem(f"--png: {len(paths)} pictures need a folder, and {png} is none")
    if target.suffix.lower() != ".png":  # nor does a picture ever replace a recording
        raise UsageProblem(f"--png: {png} does not end in .png")
    if not target.parent.is_dir():
        raise UsageProblem(f"--png: there is no folder {target.parent}")
    return [target]


def _problem(path: Path, error: AudioError) -> CommandError:
    """An error of a file, which is named as it was on the command line."""
    ours = error.code in ("unwritable", "disk_full")
    message = error.message
    if message.startswith(path.name):
        message = f"{path}{message.removeprefix(path.name)}"
    return CommandError(message, exit_code=exits.FAILED if ours else exits.USAGE, code=error.code)


def _require(*packages: str) -> None:
    from importlib import import_module

    for package in packages:
        try:
            import_module(package)
        except ImportError:
            raise CommandError(
                f"this needs the package {'Pillow' if package == 'PIL' else package}, which is not installed",
                exit_code=exits.FAILED,
                code="missing_extra",
                hint="Install it: pip install 'aimusicverse[release]'",
            ) from None
