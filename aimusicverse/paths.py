"""Where this package keeps things: one data folder, one config folder, nothing else on the machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_dir() -> Path:
    """The data folder: `AMV_DATA_DIR`, or the platform's place for a user's data. Not created here."""
    named = os.environ.get("AMV_DATA_DIR")
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~\\AppData\\Local")).expanduser() / "aimusicverse"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/aimusicverse").expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "aimusicverse"


def config_dir() -> Path:
    """The config folder: `AMV_CONFIG_DIR`, or the platform's place for settings. Not created here."""
    named = os.environ.get("AMV_CONFIG_DIR")
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "~\\AppData\\Roaming")).expanduser() / "aimusicverse"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/aimusicverse").expanduser()
    return Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "aimusicverse"
