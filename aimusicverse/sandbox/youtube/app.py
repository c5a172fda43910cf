"""The addresses of the stand-in, and what answers at each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from aimusicverse.release.rules.youtube import UPLOADS_A_DAY
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube import playlists, sign_in, uploads, videos
from aimusicverse.sandbox.youtube.bodies import resource_of
from aimusicverse.sandbox.youtube.errors import GoogleError
from aimusicverse.sandbox.youtube.faults import faulty

_Work = Callable[[Surroundings, str, Request, dict[str, Any]], Response]
_API = "/youtube/v3"
_UPLOAD = "/upload/youtube/v3"


def app(
    surroundings: Surroundings, *, uploads_a_day: int = UPLOADS_A_DAY, verified: bool = True
) -> Starlette:
    """The ASGI app of one sandbox.

    Calls, as orders name them: `authorize`, `token`, `session`, `upload`, `look`, `update`, `delete`,
    `thumbnail`, `channel`, `playlist`, `playlist_item`.

    Args:
        surroundings: of the sandbox.
        uploads_a_day: sessions that one app begins in a day of Pacific time.
        verified: whether the API project was audited; what others upload stays private.
    """
    update = partial(videos.update, verified=verified)
    sessions = partial(_session, uploads_a_day=uploads_a_day, verified=verified)
    addresses: list[tuple[str, str, str, Callable[[Surroundings, Request], Awaitable[Response]]]] = [
        ("GET", "/o/oauth2/v2/auth", "authorize", _authorize),
        ("POST", "/token", "token", sign_in.token),
        ("GET", "/watch", "watch", _watched),
        ("GET", "/playlist", "watch", _watched),
        ("POST", f"{_UPLOAD}/videos", "session", sessions),
        ("PUT", f"{_UPLOAD}/videos", "upload", _piece),
        ("DELETE", f"{_UPLOAD}/videos", "upload", _given_up),
        ("POST", f"{_UPLOAD}/thumbnails/set", "thumbnail", _thumbnail),
        ("GET", f"{_API}/videos", "look", _with(videos.some)),
        ("PUT", f"{_API}/videos", "update", _with(update)),
        ("DELETE", f"{_API}/videos", "delete", _with(videos.delete)),
        ("GET", f"{_API}/channels", "channel", _with(videos.channels)),
        ("GET", f"{_API}/playlists", "playlist", _with(playlists.some)),
        ("POST", f"{_API}/playlists", "playlist", _with(playlists.insert)),
        ("PUT", f"{_API}/playlists", "playlist", _with(playlists.update)),
        ("DELETE", f"{_API}/playlists", "playlist", _with(playlists.delete)),
        ("GET", f"{_API}/playlistItems", "playlist_item", _with(playlists.items)),
        ("POST", f"{_API}/playlistItems", "playlist_item", _with(playlists.add_item)),
    ]
    routes = [
        Route(path, _Endpoint(faulty(name, _answering(surroundings, work), surroundings)), methods=[method])
        for method, path, name, work in addresses
    ]
    return Starlette(routes=routes)


class _Endpoint:
    """An ASGI app as a route takes it: of a function it would make something else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _answering(
    surroundings: Surroundings, work: Callable[[Surroundings, Request], Awaitable[Response]]
) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await work(surroundings, request)
        except GoogleError as error:
            response = error.response()
        await response(scope, receive, send)

    return answer


def _with(work: _Work) -> Callable[[Surroundings, Request], Awaitable[Response]]:
    """Signed in, with a resource as the body."""

    async def answer(surroundings: Surroundings, request: Request) -> Response:
        account, _ = await run_in_threadpool(sign_in.who, surroundings, request, to_write=True)
        body = await resource_of(request)
        return await run_in_threadpool(work, surroundings, account, request, body)

    return answer


async def _authorize(surroundings: Surroundings, request: Request) -> Response:
    return await run_in_threadpool(sign_in.authorize, surroundings, request)


async def _watched(surroundings: Surroundings, request: Request) -> Response:
    return await run_in_threadpool(videos.watched, surroundings, request)


async def _session(
    surroundings: Surroundings, request: Request, *, uploads_a_day: int, verified: bool
) -> Response:
    who = await run_in_threadpool(sign_in.who, surroundings, request)
    body = await resource_of(request)
    return await run_in_threadpool(
        partial(
            uploads.begin, surroundings, who, request, body, uploads_a_day=uploads_a_day, verified=verified
        )
    )


async def _piece(surroundings: Surroundings, request: Request) -> Response:
    account, _ = await run_in_threadpool(sign_in.who, surroundings, request)
    return await uploads.go_on(surroundings, account, request)


async def _given_up(surroundings: Surroundings, request: Request) -> Response:
    account, _ = await run_in_threadpool(sign_in.who, surroundings, request)
    return await run_in_threadpool(uploads.give_up, surroundings, account, request)


async def _thumbnail(surroundings: Surroundings, request: Request) -> Response:
    account, _ = await run_in_threadpool(sign_in.who, surroundings, request, to_write=True)
    body = await videos.picture(request)
    return await run_in_threadpool(videos.set_thumbnail, surroundings, account, request, body)
