"""What connectors find around them, made of the settings: here and nowhere else."""

from __future__ import annotations

import ipaddress
import json
import shlex
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aimusicverse.platforms.base import DeliveryError, Mode, Surroundings
from aimusicverse.platforms.store_problems import general
from aimusicverse.server.settings import Settings

#: Under which stand-in stores answer.
SANDBOX: Final = "/_sandbox"


class StoreSurroundings:
    """Of one process."""

    def __init__(self, settings: Settings, data_dir: Path) -> None:
        """Nothing is looked at yet.

        Args:
            settings: what whoever runs the server has set.
            data_dir: in which `server.json` says where the server is, and the sandbox keeps its files.
        """
        self._settings = settings
        self._data_dir = data_dir
        self._own_url: str | None = None

    @property
    def sandbox_folder(self) -> Path:
        """Where stand-in stores keep their files."""
        return self._data_dir / "sandbox"

    def answers_at(self, url: str) -> None:
        """This process answers requests itself, under this origin."""
        self._own_url = _reachable(url)

    def sandbox_url(self) -> str | None:
        """Under which stand-in stores answer, without a slash at the end; `None`: no server says where."""
        origin = self._settings.sandbox_url or self._own_url or self._announced()
        return None if origin is None else origin.rstrip("/") + SANDBOX

    def of(self, mode: Mode, owner_id: str = "") -> Surroundings:
        """For a connector in this mode.

        Args:
            mode: `sandbox` or `live`.
            owner_id: whose packages they are. Each has a folder of his own: two who name the same provider
                and number must not replace each other's.

        Raises:
            DeliveryError: `setup`: there is no sandbox here; `transient`: its server is not there now.
        """
        settings = self._settings
        if mode == "live":
            return Surroundings(
                delivery_root=self._delivery_root(owner_id),
                transporter=tuple(shlex.split(settings.transporter)),
                ffmpeg=settings.ffmpeg,
                allowed_addresses=settings.egress_rules,
            )
        if not settings.sandbox:
            raise DeliveryError(
                general(
                    "server_not_ready",
                    "This server has no sandbox.",
                    hint="Whoever runs it sets AMV_SANDBOX=1.",
                )
            )
        url = self.sandbox_url()
        if url is None:
            raise DeliveryError(
                general("store_unreachable", "The server of the sandbox does not run just now.")
            )
        return Surroundings(
            sandbox_url=url,
            sandbox_folder=self.sandbox_folder,
            ffmpeg=settings.ffmpeg,
            allowed_addresses=settings.egress_rules,
        )

    def _delivery_root(self, owner_id: str) -> Path | None:
        if not self._settings.delivery_folder:
            return None
        root = Path(self._settings.delivery_folder).expanduser() / owner_id
        # The operator's own folder is not made: where it is missing, it may be a disk that is not mounted.
        if owner_id and root.parent.is_dir():
            root.mkdir(exist_ok=True)
        return root

    def _announced(self) -> str | None:
        """Where the server over this folder is, which wrote it down (`data_folder.py`)."""
        try:
            return _reachable(str(json.loads((self._data_dir / "server.json").read_text())["url"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _reachable(url: str) -> str:
    """With an address that can be called, where the server listens on all of them."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return url
    if not address.is_unspecified:
        return url
    port = urlsplit(url).port
    return f"http://{'[::1]' if address.version == 6 else '127.0.0.1'}:{port}"
