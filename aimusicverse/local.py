"""`LocalServer`: this package's own server in a background thread, on a loopback port."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from aimusicverse.clock import ServerClock
from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from aimusicverse.client import AsyncClient, Client
    from aimusicverse.server.running import RunningServer


class LocalServer:
    """The real server, with real state, for programs and tests on this machine.

    Without `data_dir` it lives in a private temporary folder that is removed at the end, with a
    `test` key. With one, it is the same folder, lock and owner key as `amv serve` has.

        with LocalServer() as server, server.client() as client:
            generation = client.generate("lofi hip hop, rainy night", duration_seconds=20)

    Raises:
        ConfigurationError: the folder is held by another server or unusable; `[server]` is not installed.
    """

    def __init__(self, data_dir: str | Path | None = None) -> None:
        try:
            from aimusicverse.server.running import RunningServer
            from aimusicverse.server.settings import Settings
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"a local server needs the package {error.name}: pip install 'aimusicverse[server]'"
            ) from None
        self._temporary = Path(tempfile.mkdtemp(prefix="aimusicverse-")) if data_dir is None else None
        folder = self._temporary or Path(data_dir or "").expanduser()
        try:
            # A temporary server is the same everywhere: no setting of the machine reaches it.
            environment = {} if self._temporary else os.environ
            settings = Settings.from_environment(environment, data_dir=folder, host="127.0.0.1", port=0)
            self._server: RunningServer = RunningServer(settings, mode="test" if self._temporary else "live")
        except BaseException:
            self._remove()
            raise

    @property
    def url(self) -> str:
        """The origin, without the prefix: `http://127.0.0.1:<port>`."""
        return self._server.url

    @property
    def api_key(self) -> str:
        """The owner's API key, as text."""
        return self._server.api_key.get_secret_value()

    @property
    def clock(self) -> ServerClock:
        """Server time, which can be moved forward."""
        return self._server.services.clock

    def client(self, **options: Any) -> Client:
        """A client of this server."""
        from aimusicverse.client import Client

        return Client(self.api_key, self.url, **options)

    def async_client(self, **options: Any) -> AsyncClient:
        """An async client of this server."""
        from aimusicverse.client import AsyncClient

        return AsyncClient(self.api_key, self.url, **options)

    def close(self) -> None:
        """Stop, and remove the temporary folder. Calling it again does nothing."""
        self._server.close()
        self._remove()

    def __enter__(self) -> LocalServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LocalServer({self.url})"

    def _remove(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
