"""`LocalServer`: this package's own server in a background thread, on a loopback port."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from aimusicverse.collector import collector_put_off
from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from aimusicverse.client import AsyncClient, Client
    from aimusicverse.engines.base import Engine
    from aimusicverse.local_sandbox import LocalSandbox
    from aimusicverse.server.local.dev_mode import DevMode
    from aimusicverse.server.running import RunningServer


class LocalClock:
    """The server time of a `LocalServer`, which can be moved forward."""

    def __init__(self, dev: DevMode) -> None:
        self._dev = dev

    def now(self) -> datetime:
        """Server time, UTC."""
        return self._dev.store.clock.now()

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new time. What falls due on the way happens, in order.

        Raises:
            ValueError: a negative step.
        """
        from aimusicverse.server import agreement

        self._dev.store.write_now(agreement.advance_clock, by)
        return self.now()


class LocalFaults:
    """Faults that a `LocalServer` plays."""

    def __init__(self, dev: DevMode) -> None:
        self._dev = dev

    def add(
        self,
        route: str,
        *,
        times: int = 1,
        delay_seconds: float = 0,
        status: int | None = None,
        retry_after: str | None = None,
        drop: Literal["before", "after"] | None = None,
        cut_body_after: int | None = None,
        garbage: bool = False,
    ) -> None:
        """Play a fault on the next `times` calls to `route`, after those added before.

        Args:
            route: method and path below `/api/v1`, such as `GET /tracks/{id}`, `POST /generate`, `* /*`.
            times: how many calls.
            delay_seconds: before anything else.
            status: answer with it and do nothing, as with 429 or 503.
            retry_after: `Retry-After` of that answer: seconds or an HTTP date.
            drop: reset the connection, `before` anything is done or `after` it was done.
            cut_body_after: do it, and reset the connection after so many bytes of the answer's body.
            garbage: do it, and answer 200 with bytes that are no JSON.

        Raises:
            ConfigurationError: the route, or a combination, cannot be.
        """
        from pydantic import ValidationError

        from aimusicverse.types.local import Fault

        try:
            fault = Fault(
                route=route,
                times=times,
                delay_seconds=delay_seconds,
                status=status,
                retry_after=retry_after,
                drop=drop,
                cut_body_after=cut_body_after,
                garbage=garbage,
            )
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigurationError(
                f"{first['loc'][0] if first['loc'] else 'fault'}: {first['msg']}"
            ) from None
        self._dev.faults.add(fault)

    def clear(self) -> None:
        """Forget those that were not played yet."""
        self._dev.faults.clear()


class LocalServer:
    """The real server, with real state, for programs and tests on this machine.

    Without `data_dir` it lives in a private temporary folder that is removed at the end, with a
    `test` key. With one, it is the same folder, lock and owner key as `amv serve` has.

        with LocalServer() as server, server.client() as client:
            generation = client.generate("lofi hip hop, rainy night", duration_seconds=20)

    Args:
        data_dir: the folder; `None` for a temporary one, in dev mode.
        engines: further engines, before the embedded ones; the first is the default.

    Raises:
        ConfigurationError: the folder is held by another server or unusable; `[server]` is not installed.
    """

    def __init__(self, data_dir: str | Path | None = None, *, engines: Iterable[Engine] = ()) -> None:
        try:
            with collector_put_off():
                from aimusicverse.engines import registry
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
            settings = Settings.from_environment(
                environment,
                data_dir=folder,
                host="127.0.0.1",
                port=0,
                jobs=True,
                dev=True if self._temporary else None,
                sandbox_review_seconds=1.0 if self._temporary else None,
            )
            own = registry.all(settings.soundfont)
            self._server: RunningServer = RunningServer(
                settings,
                engines={engine.capabilities().name: engine for engine in (*engines, *own)},
                mode="test" if self._temporary else "live",
            )
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
    def clock(self) -> LocalClock:
        """Server time, which can be moved forward."""
        return LocalClock(self._dev())

    @property
    def faults(self) -> LocalFaults:
        """What the next calls to a route get instead of their answer."""
        return LocalFaults(self._dev())

    @property
    def sandbox(self) -> LocalSandbox:
        """Its stand-in stores: what they have, and what they are told to do.

        Raises:
            ConfigurationError: it has none (`AMV_SANDBOX=0`).
        """
        from aimusicverse.local_sandbox import LocalSandbox

        self._dev()
        stand_ins = self._server.services.stand_ins
        if stand_ins is None:
            raise ConfigurationError("this server has no sandbox: AMV_SANDBOX is off")
        return LocalSandbox(stand_ins)

    def reset(self) -> None:
        """Delete everything but the owner and his key; forget faults; server time is real time again."""
        self._dev().reset()

    def snapshot(self) -> str:
        """Keep the state as it is now, and return the name to pass to `restore`."""
        return self._dev().states.keep()

    def restore(self, snapshot: str) -> None:
        """Go back to a state that was kept. Work that runs now is abandoned.

        Raises:
            ConfigurationError: this server kept no such state.
        """
        try:
            self._dev().states.restore(snapshot)
        except KeyError:
            raise ConfigurationError("this server kept no such snapshot") from None

    def client(self, **options: Any) -> Client:
        """A client of this server."""
        from aimusicverse.client import Client

        return Client(self.api_key, self.url, **options)

    def async_client(self, **options: Any) -> AsyncClient:
        """An async client of this server."""
        from aimusicverse.client import AsyncClient

        return AsyncClient(self.api_key, self.url, **options)

    def create_user(self, name: str, tier: str = "free", scopes: Iterable[str] | None = None) -> str:
        """Make another user, with rows and limits of his own.

        Args:
            name: 1–200 characters, one line.
            tier: `free`, `pro` or `enterprise`: how many calls he may make in an hour and in a day.
            scopes: what his key may do; None is all that a user can.

        Returns:
            His API key, as text.

        Raises:
            UnprocessableEntityError: a name, tier or scope that cannot be one.
        """
        with self.client() as client:
            user = client.admin.create_user(name, tier=tier, scopes=scopes)
        assert user.api_key is not None  # noqa: S101 - the answer that makes a user has them
        assert user.api_key.key is not None  # noqa: S101
        return user.api_key.key.get_secret_value()

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

    def _dev(self) -> DevMode:
        dev = self._server.services.dev
        if dev is None:
            raise ConfigurationError(
                "this works in dev mode only: on a temporary LocalServer(), or with AMV_DEV=1"
            )
        return dev

    def _remove(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
