# Generated from aimusicverse/resources/_async/resource.py by scripts/unasync.py: edit there.
"""What all resources have: a way to send."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from aimusicverse.resources._sync.pager import Pager
from aimusicverse.resources.arrival import CHECKSUM, Arrival
from aimusicverse.resources.file_limits import FileLimits, file_limits
from aimusicverse.resources.page_type import page_of
from aimusicverse.resources.sink import Writable, sink_for
from aimusicverse.transport import request
from aimusicverse.transport._sync.body import Body
from aimusicverse.transport._sync.engine import Engine
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.source import Source
from aimusicverse.types.base import Page

T = TypeVar("T")
Query = Mapping[str, str | int | float | bool | None]
_NO_OPTIONS = RequestOptions()


class Resource:
    """A part of the API."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _send(
        self,
        method: str,
        path: str,
        of: TypeAdapter[T],
        *,
        query: Query | None = None,
        body: Any = None,
        if_match: str | None = None,
        options: RequestOptions | None = None,
        held: float | None = None,
    ) -> T:
        """Send, and read the answer.

        `if_match`: the version that must still be there. `held`: seconds for which the server may
        hold it back.
        """
        chosen = options or _NO_OPTIONS
        timeout = chosen.timeout
        if timeout is None and held:
            timeout = self._engine.settings.timeout + held
        return self._engine.fetch(
            self._request(method, path, query=query, body=body, if_match=if_match, options=options),
            of,
            timeout=timeout,
            retries=chosen.retries,
        )

    def _discard(
        self, path: str, *, if_match: str | None = None, options: RequestOptions | None = None
    ) -> None:
        """Send a DELETE, which answers with nothing."""

        def ignore(body: Body) -> None:
            body.read()

        chosen = options or _NO_OPTIONS
        call = self._request("DELETE", path, if_match=if_match, options=options)
        self._engine.send(call, ignore, timeout=chosen.timeout, retries=chosen.retries)

    def _content(self, call: request.Request, what: str, options: RequestOptions | None) -> bytes:
        """Send a request for a file, and read all of it into memory; `what` it is, for those who read errors.

        Raises:
            APIConnectionError: it did not arrive whole.
        """

        def collect(body: Body) -> bytes:
            content = body.read()
            expected = body.headers.get(CHECKSUM)
            if expected is not None and sha256(content).hexdigest() != expected.lower():
                raise body.reject(f"the {what} was damaged on its way: its checksum differs")
            return content

        return self._engine.send(call, collect, **self._file_limits(options))

    def _download(
        self,
        call: request.Request,
        to: str | os.PathLike[str] | Writable,
        what: str,
        progress: Callable[[int, int | None], None] | None,
        options: RequestOptions | None,
    ) -> Path | None:
        """Send a request for a file, and write it to `to` as it comes; after a cut it goes on from there.

        Args:
            call: the request.
            to: a path, whose file appears when it is whole, or a file object.
            what: it is, for those who read errors.
            progress: told the bytes that are there, and how many it will be.
            options: of the call.

        Returns:
            The path; None for a file object.

        Raises:
            APIConnectionError: it did not arrive whole.
            OSError: it cannot be written.
        """
        with sink_for(to) as sink:
            arrival = Arrival(sink, progress)

            def pour(body: Body) -> Path | None:
                if not arrival.begins(body.status, body.headers, body.size):
                    body.repeatable = sink.rewinds
                    raise body.reject("the file became another one on its way")
                for chunk in body.chunks():
                    # Before it is taken in: should that fail, what was written is not known.
                    body.repeatable = arrival.continues or sink.rewinds
                    arrival.take(chunk)
                if not arrival.is_intact():
                    body.repeatable = sink.rewinds
                    raise body.reject(f"the {what} was damaged on its way: its checksum differs")
                return sink.finish()

            return self._engine.send(call, pour, **self._file_limits(options), further=arrival.headers)

    def _file_limits(self, options: RequestOptions | None) -> FileLimits:
        return file_limits(options, self._engine.settings.timeout)

    def _page(
        self,
        path: str,
        of: type[T],
        *,
        query: Query,
        options: RequestOptions | None = None,
    ) -> Pager[T]:
        def fetch(cursor: str | None) -> Page[T]:
            asked = {**query, "cursor": cursor}
            return self._send("GET", path, page_of(of), query=asked, options=options)

        return Pager(fetch)

    @staticmethod
    def _request(
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        source: Source | None = None,
        if_match: str | None = None,
        options: RequestOptions | None = None,
        accept: str = "application/json",
        compressible: bool = True,
    ) -> request.Request:
        chosen = options or _NO_OPTIONS
        headers = chosen.headers if if_match is None else {"if-match": if_match, **(chosen.headers or {})}
        return request.build(
            method,
            path,
            query=query,
            json_body=body,
            source=source,
            accept=accept,
            compressible=compressible,
            idempotency_key=chosen.idempotency_key,
            headers=headers,
        )
