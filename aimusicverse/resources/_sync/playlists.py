# Generated from aimusicverse/resources/_async/playlists.py by scripts/unasync.py: edit there.
"""`client.playlists`: ordered lists of tracks."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from typing import IO, Any

from pydantic import TypeAdapter

from aimusicverse.resources._sync.pager import Pager
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.naming import id_of, ids_of, version_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.source import FileSource
from aimusicverse.types.playlist import Playlist, PlaylistEntry
from aimusicverse.types.track import Track

_PLAYLIST = TypeAdapter(Playlist)


class Playlists(Resource):
    """Ordered lists of your tracks.

    Edits take `if_match`: the playlist as you saw it, or its `etag`. If somebody else changed it since, they
    raise PreconditionFailedError and change nothing.
    """

    def list(self, *, limit: int = 50, options: RequestOptions | None = None) -> Pager[Playlist]:
        """Playlists, newest first. `.page()` gives the first page, `for` all items.

        Args:
            limit: items on a page, 1–100.
            options: for each page.
        """
        return self._page("/playlists", Playlist, query={"limit": limit}, options=options)

    def create(
        self,
        title: str,
        *,
        tracks: Iterable[Track | str] = (),
        description: str | None = None,
        visibility: str = "private",
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Make a playlist.

        Args:
            title: 1–200 characters, one line.
            tracks: or their ids, in order; up to 10,000.
            description: up to 2,000 characters.
            visibility: `private` or `public`.
            options: for this call only.

        Raises:
            NotFoundError: one of the tracks does not exist, or is not yours.
            UnprocessableEntityError: a title that cannot be one.
        """
        body: dict[str, Any] = {"title": title, "visibility": visibility, "track_ids": ids_of(tracks)}
        if description is not None:
            body["description"] = description
        return self._send("POST", "/playlists", _PLAYLIST, body=body, options=options)

    def get(self, playlist: Playlist | str, *, options: RequestOptions | None = None) -> Playlist:
        """One playlist, without its tracks.

        Raises:
            NotFoundError: no such playlist, or not yours.
        """
        return self._send("GET", _path(playlist), _PLAYLIST, options=options)

    def update(
        self,
        playlist: Playlist | str,
        *,
        title: str | None = None,
        description: str | None = None,
        visibility: str | None = None,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Change what is given; None leaves it as it is.

        Args:
            playlist: or its id.
            title: 1–200 characters, one line.
            description: up to 2,000 characters; an empty text removes it.
            visibility: `private` or `public`.
            if_match: only if it is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such playlist, or not yours.
            PreconditionFailedError: it was changed since.
        """
        given = {"title": title, "description": description, "visibility": visibility}
        body = {name: value for name, value in given.items() if value is not None}
        return self._edit("PATCH", _path(playlist), if_match, options, body=body)

    def delete(
        self,
        playlist: Playlist | str,
        *,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> None:
        """Delete a playlist; its tracks stay.

        Raises:
            NotFoundError: no such playlist, or not yours.
            PreconditionFailedError: it was changed since.
        """
        self._discard(_path(playlist), if_match=version_of(if_match), options=options)

    def cover(self, playlist: Playlist | str, *, options: RequestOptions | None = None) -> bytes:
        """The picture as bytes: a JPEG, PNG or WebP file, as `playlist.cover.content_type` says.

        Args:
            playlist: or its id.
            options: for this call only. Without a timeout the file may take ten minutes.

        Raises:
            NotFoundError: no such playlist, not yours, or without a cover (`cover_not_found`).
            APIConnectionError: the file did not arrive whole.
        """
        accept = "image/*, application/json"
        path = f"{_path(playlist)}/cover"
        call = self._request("GET", path, options=options, accept=accept, compressible=False)
        return self._content(call, "cover", options)

    def set_cover(
        self,
        playlist: Playlist | str,
        image: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        size: int | None = None,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Give it a cover, in place of one that it has: JPEG, PNG or WebP, up to 10 MiB.

        The server draws it anew, upright and in sRGB: what the file says of place, time and camera is not
        kept. A path or an object that can seek is sent again, from its beginning, when a try is lost.

        Args:
            playlist: or its id.
            image: a path, the file's bytes, or an object opened for bytes, which is left open; 64 to 4,096
                pixels on each side.
            size: bytes, for an object that cannot seek.
            if_match: only if the playlist is still as it was then, or has this very cover already.
            options: for this call only. Without a timeout it may take ten minutes.

        Raises:
            ConfigurationError: an object of unknown size.
            NotFoundError: no such playlist, or not yours.
            PreconditionFailedError: it was changed since.
            UnprocessableEntityError: no picture, damaged, cut, moving, of another kind or size.
            OSError: the path cannot be read.
        """
        call = self._request(
            "PUT",
            f"{_path(playlist)}/cover",
            source=FileSource(io.BytesIO(image) if isinstance(image, bytes) else image, size=size),
            if_match=version_of(if_match),
            options=options,
        )
        limits = self._file_limits(options)
        return self._engine.fetch(call, _PLAYLIST, timeout=limits["timeout"], retries=limits["retries"])

    def remove_cover(
        self,
        playlist: Playlist | str,
        *,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Have no cover any more. Where there is none, nothing changes.

        Raises:
            NotFoundError: no such playlist, or not yours.
            PreconditionFailedError: it was changed since.
        """
        return self._edit("DELETE", f"{_path(playlist)}/cover", if_match, options)

    def tracks(
        self, playlist: Playlist | str, *, limit: int = 50, options: RequestOptions | None = None
    ) -> Pager[PlaylistEntry]:
        """Its entries in order, each with its track. `.page()` gives the first page, `for` all items.

        Args:
            playlist: or its id.
            limit: items on a page, 1–100.
            options: for each page.
        """
        return self._page(f"{_path(playlist)}/tracks", PlaylistEntry, query={"limit": limit}, options=options)

    def add(
        self,
        playlist: Playlist | str,
        tracks: Track | str | Iterable[Track | str],
        *,
        at: int | None = None,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Add tracks. One that is there already comes in once more.

        Args:
            playlist: or its id.
            tracks: one or several, or their ids; up to 1,000.
            at: the position of the first of them, from 0; None is the end.
            if_match: only if the playlist is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such playlist, or one of the tracks does not exist or is not yours.
            ConflictError: it would have more than 10,000 entries.
            UnprocessableEntityError: a position past the end.
            PreconditionFailedError: it was changed since.
        """
        body: dict[str, Any] = {"track_ids": ids_of(tracks)}
        if at is not None:
            body["position"] = at
        return self._edit("POST", f"{_path(playlist)}/tracks", if_match, options, body=body)

    def remove(
        self,
        playlist: Playlist | str,
        items: PlaylistEntry | Track | str | Iterable[PlaylistEntry | Track | str],
        *,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Remove entries: one entry by itself, or a track wherever it stands. All that are named, or none.

        Args:
            playlist: or its id.
            items: entries (`ent_…`) and tracks (`trk_…`), or their ids; up to 100.
            if_match: only if the playlist is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such playlist, or one of them is not in it.
            PreconditionFailedError: it was changed since.
        """
        ids = ids_of(items)
        query = {
            "entry_ids": ",".join(name for name in ids if not name.startswith("trk_")) or None,
            "track_ids": ",".join(name for name in ids if name.startswith("trk_")) or None,
        }
        return self._edit("DELETE", f"{_path(playlist)}/tracks", if_match, options, query=query)

    def move(
        self,
        playlist: Playlist | str,
        item: PlaylistEntry | Track | str,
        *,
        to: int,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Move an entry, or a track that stands there once, to a position; the others close up.

        Args:
            playlist: or its id.
            item: an entry (`ent_…`) or a track (`trk_…`), or its id.
            to: its position afterwards; 0 is first.
            if_match: only if the playlist is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such playlist, or it is not in it.
            ConflictError: the track stands there more than once: name the entry.
            UnprocessableEntityError: a position past the end.
            PreconditionFailedError: it was changed since.
        """
        name = id_of(item)
        body = {"track_id" if name.startswith("trk_") else "entry_id": name, "position": to}
        return self._edit("POST", f"{_path(playlist)}/tracks/move", if_match, options, body=body)

    def replace(
        self,
        playlist: Playlist | str,
        tracks: Iterable[Track | str],
        *,
        if_match: Playlist | str | None = None,
        options: RequestOptions | None = None,
    ) -> Playlist:
        """Have these tracks and no others, in this order. A track that was there keeps its entry.

        Args:
            playlist: or its id.
            tracks: or their ids; up to 10,000, or none.
            if_match: only if the playlist is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such playlist, or one of the tracks does not exist or is not yours.
            PreconditionFailedError: it was changed since.
        """
        body = {"track_ids": ids_of(tracks)}
        return self._edit("PUT", f"{_path(playlist)}/tracks", if_match, options, body=body)

    def _edit(
        self,
        method: str,
        path: str,
        if_match: Playlist | str | None,
        options: RequestOptions | None,
        *,
        query: dict[str, str | None] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Playlist:
        version = version_of(if_match)
        return self._send(method, path, _PLAYLIST, query=query, body=body, if_match=version, options=options)


def _path(playlist: Playlist | str) -> str:
    return f"/playlists/{id_of(playlist)}"
