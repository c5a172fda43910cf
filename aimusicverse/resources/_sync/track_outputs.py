# Generated from aimusicverse/resources/_async/track_outputs.py by scripts/unasync.py: edit there.
"""What a track gives besides its audio: notes, structure, waveform."""

from __future__ import annotations

from pydantic import TypeAdapter

from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.naming import id_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.structure import Structure
from aimusicverse.types.track import Track
from aimusicverse.types.waveform import Waveform

_STRUCTURE = TypeAdapter(Structure)
_WAVEFORM = TypeAdapter(Waveform)


class TrackOutputs(Resource):
    """`midi`, `structure` and `waveform`."""

    def midi(
        self, track: Track | str, *, humanised: bool = False, options: RequestOptions | None = None
    ) -> bytes:
        """The notes of a generated track as a Standard MIDI File (format 1, 960 ticks to a quarter note).

        Args:
            track: or its id.
            humanised: begin notes when the recording plays them; else on the grid, with the genre's swing.
            options: for this call only.

        Raises:
            NotFoundError: no such track, or not yours.
            ConflictError: there are no notes of it: it was uploaded, or its engine has changed.
        """
        call = self._request(
            "GET",
            f"/tracks/{id_of(track)}/midi",
            query={"humanised": humanised or None},
            options=options,
            accept="audio/midi, application/json",
        )
        return self._content(call, "MIDI file", options)

    def structure(self, track: Track | str, *, options: RequestOptions | None = None) -> Structure:
        """Sections, bars and chords, with the seconds at which they begin.

        Of an upload, sections, tempo and key are estimated from its sound (`estimated`), which takes about a
        second for three minutes, once.

        Raises:
            NotFoundError: no such track, or not yours.
            ConflictError: nothing is heard in it.
        """
        return self._send("GET", f"/tracks/{id_of(track)}/structure", _STRUCTURE, options=options)

    def waveform(
        self, track: Track | str, *, points: int = 1000, options: RequestOptions | None = None
    ) -> Waveform:
        """The outline of the recording, to be drawn: lowest and highest samples of short stretches.

        Args:
            track: or its id.
            points: at most so many, 10–10,000; there may be some fewer.
            options: for this call only.

        Raises:
            NotFoundError: no such track, or not yours.
            UnprocessableEntityError: fewer or more points than there can be.
        """
        path = f"/tracks/{id_of(track)}/waveform"
        return self._send("GET", path, _WAVEFORM, query={"points": points}, options=options)
