from __future__ import annotations

import hashlib

import pytest
import respx

from aimusicverse import APIConnectionError, ConflictError
from aimusicverse.types import Structure, Waveform
from tests.transport.peer import Peer, answer, problem
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
MIDI = b"MThd" + bytes(range(256)) * 4
SUM = hashlib.sha256(MIDI).hexdigest()


def test_midi_is_bytes_that_arrive_whole(world):
    with Peer(answer(200, MIDI, of="audio/midi", X_Content_SHA256=SUM)) as peer:
        client = world.client(peer.url)
        assert world(client.tracks.midi("trk_1")) == MIDI
        assert world(client.tracks.midi("trk_1", humanised=True)) == MIDI
    assert [one.target for one in peer.heard] == [
        "/api/v1/tracks/trk_1/midi",
        "/api/v1/tracks/trk_1/midi?humanised=true",
    ]


def test_midi_that_was_damaged_on_its_way_is_no_midi(world):
    damaged = answer(200, MIDI, of="audio/midi", X_Content_SHA256=SUM[::-1])
    with Peer(damaged) as peer, pytest.raises(APIConnectionError, match="damaged"):
        world(world.client(peer.url, max_retries=0).tracks.midi("trk_1"))


def test_a_track_without_notes_is_a_conflict(world):
    with Peer(problem(409, "midi_unavailable")) as peer, pytest.raises(ConflictError) as raised:
        world(world.client(peer.url).tracks.midi("trk_1"))
    assert raised.value.code == "midi_unavailable"


@respx.mock
def test_structure_and_waveform_are_objects_that_keep_what_they_do_not_know(world):
    chart = {"estimated": True, "duration_seconds": 5, "sections": [], "mood": "dark"}
    respx.get(f"{API}/tracks/trk_1/structure").respond(json=chart)
    found = world(world.client().tracks.structure("trk_1"))
    assert isinstance(found, Structure)
    assert (found.chords, found.mood) == ([], "dark")
    outline = {"sample_rate": 8000, "samples_per_pixel": 4, "length": 1, "data": [-1, 2]}
    route = respx.get(f"{API}/tracks/trk_1/waveform", params={"points": 50}).respond(json=outline)
    drawn = world(world.client().tracks.waveform("trk_1", points=50))
    assert isinstance(drawn, Waveform)
    assert (drawn.data, drawn.bits, route.called) == ([-1, 2], 16, True)
