"""Where audio is to go, decided and tried out before anything is generated."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from aimusicverse.cli.errors import OutputProblem, UsageProblem

FORMATS = ("wav", "flac", "mp3")
#: Suffixes that promise a kind of file that nobody here writes.
_OTHER_MEDIA = frozenset(
    {"aac", "aif", "aiff", "alac", "m4a", "mid", "mp4", "oga", "ogg", "opus", "webm", "wma"}
)
_SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Destination:
    """Standard output (`path` is None), or files.

    Attributes:
        path: the file as asked for; with several tracks `song.wav` stands for `song-1.wav`, `song-2.wav`, …
        format: `wav`, `flac` or `mp3`.
        ours: the name is one we made up, so it never replaces a file.
        count: how many tracks are expected.
    """

    path: Path | None
    format: str
    ours: bool
    count: int

    def files(self) -> list[Path]:
        """One file a track."""
        if self.path is None:
            return []
        if self.count == 1:
            return [self.path]
        return [numbered(self.path, number) for number in range(1, self.count + 1)]

    def arguments(self) -> list[str]:
        """The options that lead to the same place again."""
        if self.path is None:
            return ["-o", "-", "--format", self.format]
        told = _suffix(str(self.path)) == self.format
        return ["-o", str(self.path), *([] if told else ["--format", self.format])]


def destination(output: str | None, format: str | None, *, name: str, count: int = 1) -> Destination:
    """Make sense of `-o` and `--format`, and see whether the place can be written to.

    Args:
        output: what `-o` said: a file, a folder, `-`, or nothing (the current folder).
        format: what `--format` said.
        name: a title or prompt, which a file is named after where `output` names none.
        count: how many tracks will come.

    Raises:
        UsageProblem: contradictions, a folder that does not exist, audio to a terminal.
        OutputProblem: a place where nothing can be written.
    """
    if output is not None and (not output or "\0" in output):
        raise UsageProblem("-o needs a name that a file can have")
    if output == "-":
        return _standard_output(format, count)
    folder = _folder(output)
    if folder is not None:
        chosen = format or "wav"
        place = Destination(_free_name(folder, name, chosen, count), chosen, ours=True, count=count)
    else:
        place = Destination(Path(str(output)), _format_of(str(output), format), ours=False, count=count)
    for file in place.files():
        try_out(file)
    return place


def numbered(path: Path, number: int) -> Path:
    """`song.wav` → `song-2.wav`; what is no audio suffix belongs to the name."""
    suffix = path.suffix if _suffix(str(path)) in FORMATS else ""
    return path.with_name(f"{path.name.removesuffix(suffix)}-{number}{suffix}")


def slug(text: str) -> str:
    """A file name from a title or prompt: letters and digits of any script, joined by hyphens."""
    words = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")
    short = words[:_SLUG_LENGTH]
    if len(words) > _SLUG_LENGTH and "-" in short:
        short = short[: short.rindex("-")]
    while len(short.encode()) > 200:  # file systems count bytes
        short = short[:-1]
    return short.strip("-") or "song"


def _standard_output(format: str | None, count: int) -> Destination:
    if sys.stdout.isatty():
        raise UsageProblem(
            "audio is not written to a terminal", hint="Pipe it on, or name a file: -o song.wav"
        )
    if count > 1:
        raise UsageProblem(
            f"{count} variants do not fit into one stream",
            hint="Name a file (-o song.wav makes song-1.wav, …).",
        )
    return Destination(None, format or "wav", ours=False, count=1)


def _folder(output: str | None) -> Path | None:
    """The folder that `-o` means, if it means one."""
    if output is None:
        return Path()
    path = Path(output)
    if path.is_dir():
        return path
    if output.endswith(("/", os.sep)):
        raise _no_folder(path)
    return None


def _format_of(output: str, format: str | None) -> str:
    suffix = _suffix(output)
    if suffix in FORMATS:
        if format is not None and format != suffix:
            raise UsageProblem(f"{Path(output).name} ends in .{suffix}, but --format says {format}")
        return suffix
    if suffix in _OTHER_MEDIA:
        raise UsageProblem(f"a .{suffix} file cannot be written", hint="Formats: wav, flac, mp3.")
    return format or "wav"


def _suffix(output: str) -> str:
    return Path(output).suffix.removeprefix(".").lower()


def _free_name(folder: Path, name: str, format: str, count: int) -> Path:
    """`slug.wav`, else `slug-2.wav`, `slug-3.wav`, … such that none of the files exists."""
    base = slug(name)
    attempt = 1
    while True:
        path = folder / f"{base}{'' if attempt == 1 else f'-{attempt}'}.{format}"
        if not any(os.path.lexists(file) for file in Destination(path, format, True, count).files()):
            return path
        attempt += 1


def _no_folder(folder: Path) -> UsageProblem:
    return UsageProblem(
        f"there is no folder {folder}", hint=f"Make it first: mkdir -p {shlex.quote(str(folder))}"
    )


def try_out(file: Path, option: str = "-o") -> None:
    """See whether a file could be written; asking for permission is not enough on every file system.

    Args:
        file: which.
        option: that named it, for errors.

    Raises:
        UsageProblem: it is a folder, or in none.
        OutputProblem: it cannot be written.
    """
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        mode = None
    except OSError as error:
        raise OutputProblem(
            f"{file} cannot be written: {error.strerror}", hint=f"Choose another with {option}."
        ) from None
    if mode is not None and stat.S_ISDIR(mode):
        raise UsageProblem(f"{file} is a folder", hint=f"Choose another name with {option}.")
    if mode is not None and not os.access(file, os.W_OK):
        raise OutputProblem(f"{file} is not yours to overwrite", hint=f"Choose another with {option}.")
    if mode is not None and not stat.S_ISREG(mode):
        return  # a device or a named pipe: opening it now could block
    # A link goes on pointing where it points, so the file is written over there.
    folder = Path(os.path.realpath(file)).parent if file.is_symlink() else file.parent
    if not folder.is_dir():
        raise _no_folder(folder)
    try:
        probe = folder / f".amv-{secrets.token_hex(6)}"
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise OutputProblem(
            f"nothing can be written in {folder.absolute()}: {error.strerror}",
            hint=f"Choose another place with {option}.",
        ) from None
