"""The stand-in's API: paths, methods and answers of SoundCloud's OpenAPI description."""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from aimusicverse.sandbox.soundcloud import accounts, library, shown
from aimusicverse.sandbox.soundcloud.bodies import Refused, answered, as_json, object_of, small_body, urns
from aimusicverse.sandbox.soundcloud.faults import carried_out, error
from aimusicverse.sandbox.soundcloud.forms import MOST_SOUND_BYTES, TooLarge, form_of
from aimusicverse.sandbox.soundcloud.library import STORE, NotTaken, Record
from aimusicverse.sandbox.state import put
from aimusicverse.sandbox.surroundings import Surroundings

Endpoint = Callable[[Request], Awaitable[Response]]
#: Of a form: its fields and the heads of its parts.
_MOST_AROUND_A_FILE: Final = 8 * 1024**2
_PLAYLIST_FIELDS: Final = dict.fromkeys(library.PLAYLIST_FIELDS, str)
_ALL_ACCESS: Final = frozenset({"playable", "preview", "blocked"})


def app(surroundings: Surroundings) -> Starlette:
    """The stand-in as an ASGI application; it keeps nothing but what `surroundings.state` keeps."""
    store = _Store(surroundings)
    routes = [
        Route("/authorize", store.plain(store.authorize, "authorize")),
        Route("/oauth/token", store.plain(store.token, "token"), methods=["POST"]),
        Route("/sign-out", store.mine(store.sign_out, "token"), methods=["POST"]),
        Route("/me", store.mine(store.me, "look")),
        Route("/me/tracks", store.mine(store.my_tracks, "look")),
        Route("/me/playlists", store.mine(store.my_playlists, "look")),
        Route("/tracks", store.mine(store.upload, "upload"), methods=["POST"]),
        Route("/tracks/{urn}", store.mine(store.track, "look")),
        Route("/tracks/{urn}", store.mine(store.update_track, "update"), methods=["PUT"]),
        Route("/tracks/{urn}", store.mine(store.delete_track, "update"), methods=["DELETE"]),
        Route("/playlists", store.mine(store.create_playlist, "update"), methods=["POST"]),
        Route("/playlists/{urn}", store.mine(store.playlist, "look")),
        Route("/playlists/{urn}", store.mine(store.update_playlist, "update"), methods=["PUT"]),
        Route("/playlists/{urn}", store.mine(store.delete_playlist, "update"), methods=["DELETE"]),
        Route("/listen/{number:int}", store.listen),
    ]
    return Starlette(routes=routes)


class _Store:
    def __init__(self, surroundings: Surroundings) -> None:
        self._s = surroundings

    # How calls come in

    def plain(self, work: Endpoint, call: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await carried_out(
                self._s.orders, STORE, call, request, lambda inner: answered(work, inner)
            )

        return endpoint

    def mine(self, work: Callable[[Request, str], Awaitable[Response]], call: str) -> Endpoint:
        async def known(request: Request) -> Response:
            header = request.headers.get("authorization", "")
            account = await run_in_threadpool(accounts.account_of, self._s, header)
            return error(401, "") if account is None else await work(request, account)

        return self.plain(known, call)

    def _base(self, request: Request) -> str:
        return f"{self._s.url}/soundcloud" if self._s.url else str(request.base_url).rstrip("/")

    # Letting in

    async def authorize(self, request: Request) -> Response:
        try:
            back = await run_in_threadpool(
                accounts.consented, self._s, dict(request.query_params), request.url.hostname or ""
            )
        except accounts.NotAllowed as refusal:
            return error(refusal.status, refusal.code)
        return RedirectResponse(back, 302)

    async def token(self, request: Request) -> Response:
        asked = dict(parse_qsl((await small_body(request)).decode("utf-8", "replace")))
        try:
            return as_json(await run_in_threadpool(accounts.exchanged, self._s, asked))
        except accounts.NotAllowed as refusal:
            # Unlike other 401s this one says why: the description shows it.
            content = {"code": refusal.status, "message": refusal.code, "error": refusal.code}
            return as_json(content, refusal.status)

    async def sign_out(self, request: Request, account: str) -> Response:
        await run_in_threadpool(accounts.sign_out, self._s, request.headers.get("authorization", ""))
        return Response()

    async def me(self, request: Request, account: str) -> Response:
        return as_json(shown.me(account, self._base(request)))

    # Tracks

    async def my_tracks(self, request: Request, account: str) -> Response:
        return await self._listed(request, account, "track")

    async def my_playlists(self, request: Request, account: str) -> Response:
        return await self._listed(request, account, "playlist")

    async def upload(self, request: Request, account: str) -> Response:
        if int(request.headers.get("content-length") or 0) > MOST_SOUND_BYTES + _MOST_AROUND_A_FILE:
            raise TooLarge
        form = await form_of(request, "track")
        fields = library.checked(form.fields, library.TRACK_FIELDS)
        if "title" not in fields:
            raise NotTaken("title can't be blank")
        asset, artwork = form.asset(), form.artwork()
        record = await run_in_threadpool(self._keep_track, account, fields, asset, artwork)
        return as_json(shown.track(record, self._base(request), self._s.now()), 201)

    def _keep_track(self, account: str, fields: Record, asset: Record, artwork: Record | None) -> Record:
        # Orders are taken before: both write, each in a transaction of its own.
        rejection, delay, silence = (
            self._s.orders.take(STORE, what) for what in ("reject", "delay", "silence")
        )
        with self._s.state.writing() as connection:
            record = library.new_track(connection, self._s, account, fields, asset)
            record |= {"artwork": artwork, "rejected": rejection and (rejection.reason or "not wanted")}
            if delay is not None:
                record = library.delayed(record, delay.seconds)
            if silence is not None:
                record["reviewed_at"] = None
            put(connection, STORE, "track", record["urn"], record)
        return record

    async def track(self, request: Request, account: str) -> Response:
        record = await run_in_threadpool(self._own, "track", request.path_params["urn"], account)
        return as_json(shown.track(record, self._base(request), self._s.now()))

    async def update_track(self, request: Request, account: str) -> Response:
        artwork = None
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            form = await form_of(request, "track")
            fields, artwork = library.checked(form.fields, library.TRACK_FIELDS), form.artwork()
        else:
            fields = library.checked(await object_of(request, "track"), library.TRACK_FIELDS)
        record = await run_in_threadpool(
            self._change, "track", request.path_params["urn"], account, fields, {"artwork": artwork}
        )
        return as_json(shown.track(record, self._base(request), self._s.now()))

    async def delete_track(self, request: Request, account: str) -> Response:
        return await self._deleted(request, account, "track")

    # Playlists

    async def create_playlist(self, request: Request, account: str) -> Response:
        given = await object_of(request, "playlist")
        fields = library.checked(given, _PLAYLIST_FIELDS)
        if "title" not in fields:
            raise NotTaken("title can't be blank")
        record = await run_in_threadpool(self._keep_playlist, account, fields, urns(given) or [])
        return await self._playlist(request, record)

    def _keep_playlist(self, account: str, fields: Record, tracks: list[str]) -> Record:
        with self._s.state.writing() as connection:
            if not all(library.owned(connection, "track", urn, account) for urn in tracks):
                raise Refused(404, "a track is not there")
            return library.new_playlist(connection, self._s.now(), account, fields, tracks)

    async def playlist(self, request: Request, account: str) -> Response:
        record = await run_in_threadpool(self._own, "playlist", request.path_params["urn"], account)
        return await self._playlist(request, record, 200)

    async def update_playlist(self, request: Request, account: str) -> Response:
        given = await object_of(request, "playlist")
        tracks = urns(given)
        record = await run_in_threadpool(
            self._change,
            "playlist",
            request.path_params["urn"],
            account,
            library.checked(given, _PLAYLIST_FIELDS),
            {"tracks": tracks},
        )
        return await self._playlist(request, record, 200)

    async def delete_playlist(self, request: Request, account: str) -> Response:
        return await self._deleted(request, account, "playlist")

    async def _playlist(self, request: Request, record: Record, status: int = 201) -> Response:
        wanted = set(request.query_params.get("access", "playable,preview").split(","))
        tracks = await run_in_threadpool(self._tracks_of, record, wanted)
        return as_json(shown.playlist(record, tracks, self._base(request), self._s.now()), status)

    def _tracks_of(self, playlist: Record, wanted: set[str]) -> list[Record]:
        now = self._s.now()
        found = [self._s.state.get(STORE, "track", urn) for urn in playlist["tracks"]]
        return [
            one
            for one in found
            if one
            and not one["deleted_at"]
            and (library.access_of(one, now) in wanted or (library.access_of(one, now) is None and wanted))
        ]

    # What people see

    async def listen(self, request: Request) -> Response:
        """Where a track's address leads: a page without sound."""
        record = await run_in_threadpool(self._public, request.path_params["number"])
        if record is None:
            return HTMLResponse("<!doctype html><title>Private</title><p>Private, or not there.", 404)
        title = html.escape(record["fields"]["title"])
        return HTMLResponse(
            f'<!doctype html><html lang="en"><title>{title} (sandbox)</title><h1>{title}</h1>'
            "<p>This is the sandbox's stand-in for SoundCloud: nobody can hear what is here.</p></html>",
            headers={"Content-Security-Policy": "default-src 'none'"},
        )

    def _public(self, number: int) -> Record | None:
        for kind in ("track", "playlist"):
            record = self._s.state.get(STORE, kind, f"soundcloud:{kind}s:{number}")
            if record and not record["deleted_at"] and record["public_at"]:
                return record
        return None

    # Both kinds

    def _own(self, kind: str, urn: str, account: str) -> Record:
        record = self._s.state.get(STORE, kind, urn)
        if not record or record["account"] != account or record["deleted_at"]:
            raise Refused(404, f"{kind} not found")
        return record

    def _change(self, kind: str, urn: str, account: str, fields: Record, more: Record) -> Record:
        with self._s.state.writing() as connection:
            record = library.owned(connection, kind, urn, account)
            if record is None:
                raise Refused(404, f"{kind} not found")
            record |= {name: value for name, value in more.items() if value is not None}
            return library.changed(connection, kind, record, fields, self._s.now())

    async def _deleted(self, request: Request, account: str, kind: str) -> Response:
        await run_in_threadpool(self._delete, kind, request.path_params["urn"], account)
        return Response()

    def _delete(self, kind: str, urn: str, account: str) -> None:
        with self._s.state.writing() as connection:
            record = library.owned(connection, kind, urn, account)
            if record is None:
                raise Refused(404, f"{kind} not found")
            library.deleted(connection, kind, record, self._s.now())

    async def _listed(self, request: Request, account: str, kind: str) -> Response:
        """Newest first, or oldest first (`sort=asc`); a bare list without `linked_partitioning`."""
        asked = request.query_params
        try:
            limit, after = int(asked.get("limit", 50)), int(asked.get("cursor", 0))
        except ValueError:
            raise Refused(400, "limit is invalid") from None
        if not 1 <= limit <= 200:
            raise Refused(400, "limit is invalid")
        newest_first = asked.get("sort", "desc") != "asc"
        every = await run_in_threadpool(self._s.state.all, STORE, kind)
        mine = [one for one in every.values() if one["account"] == account and not one["deleted_at"]]
        mine.sort(key=lambda one: int(one["number"]), reverse=newest_first)
        if after:
            mine = [one for one in mine if (one["number"] < after) == newest_first and one["number"] != after]
        page, base = mine[:limit], self._base(request)
        told = [await self._told(kind, one, base, asked.get("show_tracks") != "false") for one in page]
        if asked.get("linked_partitioning", "false") not in ("true", "1"):
            return as_json(told)
        answer: dict[str, Any] = {"collection": told}
        if len(mine) > limit:
            query = {**asked, "limit": str(limit), "cursor": str(page[-1]["number"])}
            answer["next_href"] = f"{base}/me/{kind}s?{urlencode(query)}"
        return as_json(answer)

    async def _told(self, kind: str, record: Record, base: str, with_tracks: bool) -> dict[str, Any]:
        if kind == "track":
            return shown.track(record, base, self._s.now())
        tracks = await run_in_threadpool(self._tracks_of, record, set(_ALL_ACCESS)) if with_tracks else []
        return shown.playlist(record, tracks, base, self._s.now())
