"""Decides about playlists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aimusicverse.server import versions
from aimusicverse.server.events import service as events
from aimusicverse.server.ids import new_id
from aimusicverse.server.playlists import order, queries
from aimusicverse.server.playlists.queries import Cover, Entry, Head
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.types import (
    FieldError,
    Playlist,
    PlaylistCover,
    PlaylistCreate,
    PlaylistEntry,
    PlaylistTrackMove,
    PlaylistTracksAdd,
    PlaylistTracksReplace,
    PlaylistUpdate,
)
from aimusicverse.types.base import rfc3339
from aimusicverse.types.playlist_request import MOST_ENTRIES

#: How many entries on either side are spread out at first where no room is left.
_NEIGHBOURS = 32


class Stretch(NamedTuple):
    """A part of a playlist: its entries, where each stands, and the playlist's version."""

    entries: list[PlaylistEntry]
    marks: list[str]
    etag: str


def get(tx: Transaction, owner: Owner, playlist_id: str) -> Playlist:
    """One playlist."""
    return queries.get(tx, owner, playlist_id)


def page(tx: Transaction, owner: Owner, before: str | None, limit: int) -> list[Playlist]:
    """One more than `limit` playlists, if there are so many, newest first."""
    return queries.newest(tx, owner, before=before, limit=limit + 1)


def stretch(
    tx: Transaction, owner: Owner, playlist_id: str, after: str | None, limit: int, known: KnownTracks
) -> Stretch:
    """One more than `limit` entries after a mark, if there are so many. Only for a read: it fills `known`."""
    head = queries.head(tx, owner, playlist_id)
    place = queries.BEGINNING
    if after is not None:
        place = _place_of_mark(tx, owner, playlist_id, after, head.respaced)
    found = queries.shown_after(tx, owner, playlist_id, after=place, limit=limit + 1)
    shown = tracks.some(tx, owner, [one.entry.track_id for one in found], known) if found else {}
    return Stretch(
        [
            PlaylistEntry(id=entry.id, added_at=entry.added_at, track=shown[entry.track_id])
            for entry, _ in found
        ],
        [f"{place} {head.respaced} {entry.id}" for entry, place in found],
        head.etag,
    )


def create(tx: Transaction, owner: Owner, body: PlaylistCreate) -> Playlist:
    """A new playlist, empty or with tracks."""
    entries = _new_entries(tx, owner, body.track_ids)
    playlist_id = new_id("pls")
    queries.insert(
        tx,
        owner,
        playlist_id,
        title=body.title,
        description=body.description or None,
        visibility=body.visibility,
    )
    if entries:
        _put(tx, owner, playlist_id, entries, queries.END)
        queries.change(tx, owner, playlist_id, **_sizes(entries))
    return _told(tx, owner, playlist_id)


def update(
    tx: Transaction, owner: Owner, playlist_id: str, body: PlaylistUpdate, expected: str | None
) -> Playlist:
    """Change what is said about a playlist."""
    _check(tx, owner, playlist_id, expected)
    changes = body.model_dump(exclude_unset=True)
    if not changes:
        return queries.get(tx, owner, playlist_id)
    if "description" in changes:
        changes["description"] = changes["description"] or None
    return _changed(tx, owner, playlist_id, **changes)


def delete(tx: Transaction, owner: Owner, playlist_id: str, expected: str | None) -> None:
    """Remove a playlist; its tracks stay. The event says so by `deleted_at`."""
    gone = queries.get(tx, owner, playlist_id)
    versions.check(expected, gone.etag)
    queries.delete(tx, owner, playlist_id)
    events.record(tx, owner, "playlist.updated", gone.model_copy(update={"deleted_at": rfc3339(tx.now)}))


def cover(tx: Transaction, owner: Owner, playlist_id: str) -> tuple[Playlist, PlaylistCover]:
    """A playlist and its cover.

    Raises:
        Refusal: `cover_not_found`.
    """
    playlist = queries.get(tx, owner, playlist_id)
    if playlist.cover is None:
        raise Refusal("cover_not_found", f"The playlist {playlist.id} has no cover.")
    return playlist, playlist.cover


def set_cover(
    tx: Transaction, owner: Owner, playlist_id: str, cover: Cover, expected: str | None
) -> Playlist:
    """Have this cover and no other. One that is there already is no change, whatever was `expected`: it came
    before, and the answer was lost (RFC 9110, section 13.1.1)."""
    now = queries.get(tx, owner, playlist_id)
    if now.cover is not None and now.cover.sha256 == cover.sha256:
        return now
    versions.check(expected, now.etag)
    queries.set_cover(tx, owner, playlist_id, cover)
    return _told(tx, owner, playlist_id)


def remove_cover(tx: Transaction, owner: Owner, playlist_id: str, expected: str | None) -> Playlist:
    """Have no cover. Where there is none, nothing changes, as in `set_cover`."""
    now = queries.get(tx, owner, playlist_id)
    if now.cover is None:
        return now
    versions.check(expected, now.etag)
    queries.set_cover(tx, owner, playlist_id, None)
    return _told(tx, owner, playlist_id)


def add(
    tx: Transaction, owner: Owner, playlist_id: str, body: PlaylistTracksAdd, expected: str | None
) -> Playlist:
    """Put tracks in at a position, or at the end."""
    head = _check(tx, owner, playlist_id, expected)
    entries = _new_entries(tx, owner, body.track_ids)
    if head.entry_count + len(entries) > MOST_ENTRIES:
        raise Refusal(
            "playlist_full",
            f"The playlist has {head.entry_count} entries, those of deleted tracks included, and may have "
            f"{MOST_ENTRIES}: there is no room for {len(entries)} more.",
        )
    border = queries.END
    if body.position is not None:
        border = _border(tx, owner, playlist_id, body.position, of=head.track_count)
    _put(tx, owner, playlist_id, entries, border)
    return _changed(tx, owner, playlist_id, **_sizes(entries))


def remove(
    tx: Transaction,
    owner: Owner,
    playlist_id: str,
    entry_ids: Sequence[str],
    track_ids: Sequence[str],
    expected: str | None,
) -> Playlist:
    """Take out entries, and all entries of tracks: all that were named, or nothing."""
    _check(tx, owner, playlist_id, expected)
    found = _named(tx, owner, playlist_id, entry_ids, track_ids)
    queries.remove(tx, owner, playlist_id, [one.id for one in found])
    return _changed(tx, owner, playlist_id, **_sizes(found, sign=-1))


def move(
    tx: Transaction, owner: Owner, playlist_id: str, body: PlaylistTrackMove, expected: str | None
) -> Playlist:
    """Bring an entry to another position; the others close up, and it stays the same entry."""
    head = _check(tx, owner, playlist_id, expected)
    found = _named(
        tx,
        owner,
        playlist_id,
        [] if body.entry_id is None else [body.entry_id],
        [] if body.track_id is None else [body.track_id],
    )
    if len(found) > 1:
        raise Refusal(
            "playlist_entry_ambiguous",
            f"The track {body.track_id} stands in the playlist {len(found)} times: name the entry.",
        )
    queries.remove(tx, owner, playlist_id, [found[0].id])
    border = _border(tx, owner, playlist_id, body.position, of=head.track_count - 1)
    _put(tx, owner, playlist_id, found, border)
    return _changed(tx, owner, playlist_id)


def replace(
    tx: Transaction, owner: Owner, playlist_id: str, body: PlaylistTracksReplace, expected: str | None
) -> Playlist:
    """Have these tracks and no others, in this order. A track that was there keeps its entry."""
    _check(tx, owner, playlist_id, expected)
    wanted = _new_entries(tx, owner, body.track_ids)
    there = queries.all_entries(tx, owner, playlist_id)
    before: dict[str, list[Entry]] = {}
    for one in reversed(there):
        before.setdefault(one.track_id, []).append(one)
    entries = [kept.pop() if (kept := before.get(new.track_id)) else new for new in wanted]
    queries.clear(tx, owner, playlist_id)
    queries.note_respaced(tx, owner, playlist_id)
    _put(tx, owner, playlist_id, entries, queries.END)
    gone, come = _sizes(there, sign=-1), _sizes(entries)
    return _changed(tx, owner, playlist_id, **{name: gone[name] + come[name] for name in come})


def _check(tx: Transaction, owner: Owner, playlist_id: str, expected: str | None) -> Head:
    head = queries.head(tx, owner, playlist_id)
    versions.check(expected, head.etag)
    return head


def _changed(tx: Transaction, owner: Owner, playlist_id: str, **changes: Any) -> Playlist:
    queries.change(tx, owner, playlist_id, **changes)
    return _told(tx, owner, playlist_id)


def _told(tx: Transaction, owner: Owner, playlist_id: str) -> Playlist:
    playlist = queries.get(tx, owner, playlist_id)
    events.record(tx, owner, "playlist.updated", playlist)
    return playlist


def _new_entries(tx: Transaction, owner: Owner, track_ids: Sequence[str]) -> list[Entry]:
    seconds = tracks.durations(tx, owner, track_ids)
    return [
        Entry(new_id("ent"), track_id, tx.now, round(seconds[track_id] * 1000), 1) for track_id in track_ids
    ]


def _sizes(entries: Iterable[Entry], *, sign: int = 1) -> dict[str, int]:
    """What a playlist has more, or less, of."""
    all_of_them = list(entries)
    shown = [one for one in all_of_them if one.shown]
    return {
        "entries": sign * len(all_of_them),
        "tracks": sign * len(shown),
        "milliseconds": sign * sum(one.milliseconds for one in shown),
    }


def _named(
    tx: Transaction, owner: Owner, playlist_id: str, entry_ids: Sequence[str], track_ids: Sequence[str]
) -> list[Entry]:
    found = queries.named(tx, owner, playlist_id, entries=entry_ids, tracks=track_ids)
    there = {one.id for one in found} | {one.track_id for one in found}
    for name in (*entry_ids, *track_ids):
        if name not in there:
            raise Refusal("playlist_entry_not_found", f"{shortened(name)} is not in this playlist.")
    return found


def _border(tx: Transaction, owner: Owner, playlist_id: str, position: int, *, of: int) -> int:
    """The place before which something comes that is to be at a position among `of` others."""
    if position > of:
        message = f"Input should be at most {of}, the end of the list"
        raise Refusal(
            "invalid_request",
            f"position: {message}",
            errors=[
                FieldError(field="position", code="past_the_end", message=message, hint=f"send {of} or less")
            ],
        )
    if position == of:
        return queries.END
    return queries.place_at(tx, owner, playlist_id, position, of=of)


def _put(tx: Transaction, owner: Owner, playlist_id: str, entries: Sequence[Entry], border: int) -> None:
    """Put entries directly before a border, which is a place that is taken, or the end."""
    if not entries:
        return
    window = queries.around(tx, owner, playlist_id, border, limit=1)
    low = next((place for _, place in reversed(window) if place < border), None)
    high = next((place for _, place in window if place >= border), None)
    free = order.places(low, high, len(entries))
    if free is None:
        entries, free = _spread(tx, owner, playlist_id, entries, border)
    queries.insert_entries(tx, owner, playlist_id, entries, free)


def _spread(
    tx: Transaction, owner: Owner, playlist_id: str, entries: Sequence[Entry], border: int
) -> tuple[list[Entry], list[int]]:
    """Take up as many neighbours as have room together with `entries`; all of these, and their places."""
    size = _NEIGHBOURS
    while True:
        window = queries.around(tx, owner, playlist_id, border, limit=size + 1)
        before = [one for one in window if one[1] < border]
        after = [one for one in window if one[1] >= border]
        # The outermost on either side stay; where there is none, the list ends, and room does not.
        low = before.pop(0)[1] if len(before) > size else None
        high = after.pop()[1] if len(after) > size else None
        together = [one for one, _ in before] + [*entries] + [one for one, _ in after]
        free = order.places(low, high, len(together), room=order.ROOMY)
        if free is not None:
            taken = [place for _, place in (*before, *after)]
            queries.clear_between(tx, owner, playlist_id, taken[0], taken[-1])
            return together, free
        size *= 2


def _place_of_mark(tx: Transaction, owner: Owner, playlist_id: str, mark: str, respaced: int) -> int:
    """Where to go on after a mark. If places were given anew since, the entry knows where it was put."""
    place, then, entry_id = mark.split(" ")
    if int(then) != respaced:
        now = queries.place_of(tx, owner, playlist_id, entry_id)
        if now is not None:
            return now
    return int(place)
