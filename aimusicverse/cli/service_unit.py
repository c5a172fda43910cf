"""`amv serve` as a service of the person's own systemd: what the unit says, and what makes it run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aimusicverse import paths
from aimusicverse.cli.errors import OutputProblem, UsageProblem

NAME: Final = "aimusicverse.service"
#: The first line of what is written here, so that nobody else's file is written over.
_MARK: Final = "# Written by `amv serve --service --write`; written over by it, too."
_UNIT: Final = """{mark}
[Unit]
Description=aimusicverse: the API, renders, and releases on their date
After=network-online.target

[Service]
# Settings, a line each, as in .env.example: chmod 600, it may hold secrets.
EnvironmentFile=-{settings}
ExecStart={command}
# What runs is put back, and taken up again by the next start.
KillMode=mixed
TimeoutStopSec=45
Restart=always
RestartSec=2

[Install]
WantedBy=default.target
"""


def unit(options: Sequence[str]) -> str:
    """The unit's text.

    Args:
        options: of `amv serve`.
    """
    command = [*_amv(), "serve", *options]
    return _UNIT.format(
        mark=_MARK,
        settings=_escaped(str(settings_file())),
        command=" ".join(_quoted(word) for word in command),
    )


def settings_file() -> Path:
    """Where the unit reads settings."""
    return paths.config_dir().resolve() / "serve.env"


def place() -> Path:
    """Where systemd looks for a person's own units (systemd.unit(5))."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "systemd" / "user" / NAME


def write(text: str) -> Path:
    """Put it where systemd finds it.

    Raises:
        UsageProblem: there is another unit of that name.
        OutputProblem: the file cannot be written.
    """
    path = place()
    try:
        if path.exists() and _MARK not in path.read_text(encoding="utf-8"):
            raise UsageProblem(
                f"{path} is there, and was not written by `amv serve --service`",
                hint="Move it away, or print the unit without --write.",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{NAME}.{os.getpid()}")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise OutputProblem(f"{path} cannot be written: {error}") from None
    return path


def what_to_do(*, written: bool) -> str:
    """The commands after it, for a person."""
    lines = [] if written else [f"Save it as {place()} (or: amv serve --service --write), then:"]
    if written:
        lines = ["Now:"]
    lines += [
        "  systemctl --user daemon-reload",
        f"  systemctl --user enable --now {NAME}",
        "  loginctl enable-linger          # it also runs while nobody is signed in, and after a restart",
        f"  journalctl --user -u {NAME} -f   # its log",
        f"Settings go into {settings_file()}, one `AMV_…=…` a line.",
        "Scheduled releases happen while it runs; what fell due meanwhile happens at its next start.",
    ]
    if sys.platform != "linux" or shutil.which("systemctl") is None:
        lines.append("There is no systemd on this machine: have `amv serve` started by what it has instead.")
    return "\n".join(lines)


def _amv() -> list[str]:
    """What runs this very program again, wherever systemd's PATH leads."""
    beside = Path(sys.executable).with_name("amv")
    if beside.exists():
        return [str(beside)]
    code = "import sys; from aimusicverse.cli.entry import main; sys.exit(main())"
    return [sys.executable, "-c", code]


def _escaped(text: str) -> str:
    """Without specifiers (systemd.unit(5))."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """One word of a command line (systemd.service(5))."""
    word = _escaped(word).replace("$", "$$")
    if word and all(char.isalnum() or char in "-_./:=,@+%$" for char in word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
