"""Notes, structure and waveform over HTTP: of what was composed, of what was brought, and why not."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
import sqlalchemy as sa

from aimusicverse.audio import waveform
from aimusicverse.server.job_side import sweep_blobs
from aimusicverse.server.store.tables import encoding
from aimusicverse.server.store.tables import track as tracks
from aimusicverse.server.tracks import service
from tests.engines.studio.midi_reader import read
from tests.server.composing_engine import ComposingEngine
from tests.server.conftest import Api
from tests.server.security.keys import another_owner

RATE = 8000


@pytest.fixture
def composing(start: Callable[..., Api]) -> Api:
    return start(engine=ComposingEngine())


def made(api: Api, **fields: object) -> dict[str, Any]:
    track: dict[str, Any] = api.generate(**fields)["tracks"][0]
    return track


def brought(api: Api, sound: np.ndarray, rate: int = RATE) -> dict[str, Any]:
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format="WAV", subtype="PCM_16")
    answer = api.post("/tracks?title=Mine", content=file.getvalue(), headers={"Content-Type": "audio/wav"})
    assert answer.status_code == 201, answer.text
    track: dict[str, Any] = answer.json()
    return track


def sweep() -> np.ndarray:
    at = np.arange(10 * RATE) / RATE
    return 0.5 * np.sin(2 * np.pi * (100 + 50 * at) * at)


def refused(answer: httpx.Response, code: str, *words: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, code)
    assert all(word in problem["detail"] for word in words), problem["detail"]


# -- notes ----------------------------------------------------------------------------------------


def test_the_notes_of_a_track_are_a_file_with_its_title(composing: Api) -> None:
    track = made(composing, prompt="jazz in A minor, 120 bpm", title="Rainy Night", seed=3)
    answer = composing.get(f"/tracks/{track['id']}/midi")
    assert answer.headers["content-type"] == "audio/midi"
    assert "Rainy%20Night.mid" in answer.headers["content-disposition"]
    assert answer.headers["x-content-sha256"] == hashlib.sha256(answer.content).hexdigest()
    file = read(answer.content)
    assert file.tracks[0].name == "Rainy Night"
    assert file.tracks[0].tempos == [(0, 500_000)]
    assert [one.name for one in file.tracks[1:]] == track["provenance"]["plan"]["instruments"]


def test_humanised_notes_are_others_than_those_on_the_grid(composing: Api) -> None:
    path = f"/tracks/{made(composing, prompt='jazz')['id']}/midi"
    assert composing.get(path).content != composing.get(f"{path}?humanised=true").content
    assert composing.get(path).content == composing.get(f"{path}?humanised=false").content
    assert composing.get(f"{path}?humanised=perhaps").json()["code"] == "invalid_request"


def test_who_has_the_notes_is_not_sent_them_again_until_the_title_changes(composing: Api) -> None:
    track = made(composing)
    path = f"/tracks/{track['id']}/midi"
    held = {"If-None-Match": composing.get(path).headers["etag"]}
    assert composing.get(path, headers=held).status_code == 304
    composing.patch(f"/tracks/{track['id']}", json={"title": "Another"})
    again = composing.get(path, headers=held)
    assert (again.status_code, read(again.content).tracks[0].name) == (200, "Another")


def test_what_was_written_is_not_written_again_for_whoever_asks(
    composing: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = made(composing)
    asked = [f"/tracks/{track['id']}/{what}" for what in ("midi", "midi?humanised=true", "structure")]
    first = [composing.get(path).content for path in asked]
    for written in ("midi", "structure"):
        monkeypatch.setattr(ComposingEngine, written, lambda *_, **__: pytest.fail("written again"))
    assert [composing.get(path).content for path in asked] == first


def test_each_variant_has_its_own_notes(composing: Api) -> None:
    one, two = composing.generate(prompt="techno", variants=2, seed=5)["tracks"]
    ours = [composing.get(f"/tracks/{track['id']}/midi").content for track in (one, two)]
    assert ours[0] != ours[1]


def test_an_older_track_has_the_notes_of_its_generation(composing: Api) -> None:
    """Tracks had no plan of their own once; what their generation rendered is on record."""
    found = composing.generate(prompt="folk", variants=2, seed=5)["tracks"]
    paths = [f"/tracks/{track['id']}/midi" for track in found]
    before = [composing.get(path).content for path in paths]
    for track in found:
        old = {key: value for key, value in track["provenance"].items() if key != "plan"}
        change = sa.update(tracks).where(tracks.c.id == track["id"]).values(provenance=old)
        composing.server.services.store.write_now(lambda tx, change=change: tx.execute(change) and None)
    assert [composing.get(path).content for path in paths] == before


def test_what_was_uploaded_has_no_notes(composing: Api) -> None:
    refused(
        composing.get(f"/tracks/{brought(composing, sweep())['id']}/midi"), "midi_unavailable", "uploaded"
    )


def test_an_engine_that_writes_none_says_so(api: Api) -> None:
    refused(api.get(f"/tracks/{made(api)['id']}/midi"), "midi_unavailable", "quick", "writes no notes")


def test_notes_that_another_version_would_write_are_not_given_for_those_of_the_recording(
    composing: Api,
) -> None:
    track = made(composing, prompt="jazz")
    chart = composing.get(f"/tracks/{track['id']}/structure").json()
    engine = composing.engine
    assert isinstance(engine, ComposingEngine)
    engine.version = "2"
    refused(composing.get(f"/tracks/{track['id']}/midi"), "midi_unavailable", "studio 1;", "studio 2")
    # The form is the plan's, whatever the version; the chords are not.
    assert composing.get(f"/tracks/{track['id']}/structure").json() == {**chart, "chords": []}


@pytest.mark.parametrize("what", ["midi", "structure", "waveform"])
def test_what_is_not_yours_is_not_found(composing: Api, what: str) -> None:
    track = made(composing)
    other = {"Authorization": f"Bearer {another_owner(composing)}"}
    path = f"/tracks/{track['id']}/{what}"
    assert composing.get(path, headers=other).json()["code"] == "track_not_found"
    assert composing.get(f"/tracks/trk_none/{what}").json()["code"] == "track_not_found"


# -- structure ------------------------------------------------------------------------------------


def test_the_structure_of_a_track_is_that_of_its_plan(composing: Api) -> None:
    track = made(composing, prompt="pop in Bb major", duration_seconds=30)
    found = composing.get(f"/tracks/{track['id']}/structure").json()
    assert (found["estimated"], found["key"]) == (False, "Bb major")
    plan = track["provenance"]["plan"]
    assert [one["name"] for one in found["sections"]] == [one["name"] for one in plan["sections"]]
    assert found["sections"][-1]["end_seconds"] == found["duration_seconds"] == 30
    assert (found["chords"][-1]["symbol"], found["chords"][-1]["numeral"]) == ("Bb", "I")


def test_the_structure_of_an_upload_is_heard_once_and_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    track = brought(api, sweep())
    found = api.get(f"/tracks/{track['id']}/structure").json()
    assert (found["estimated"], found["duration_seconds"], found["chords"]) == (True, 10.0, [])
    assert found["sections"][0]["name"] == "A"
    monkeypatch.setattr("aimusicverse.audio.hearing.heard_structure", None)
    assert api.get(f"/tracks/{track['id']}/structure").json() == found


def test_silence_has_no_structure(api: Api) -> None:
    track = brought(api, np.zeros(RATE))
    refused(api.get(f"/tracks/{track['id']}/structure"), "structure_unavailable", "nothing is heard")


# -- waveform -------------------------------------------------------------------------------------


def test_a_waveform_has_the_extremes_of_the_recording(api: Api) -> None:
    sound = sweep()
    sound[4000] = -0.8
    track = brought(api, sound)
    found = api.get(f"/tracks/{track['id']}/waveform?points=100").json()
    assert {key: found[key] for key in ("version", "channels", "sample_rate", "bits")} == {
        "version": 2, "channels": 1, "sample_rate": RATE, "bits": 16}  # fmt: skip
    width = found["samples_per_pixel"]
    assert found["length"] == -(-len(sound) // width) <= 100
    low, high = found["data"][::2], found["data"][1::2]
    assert low[4000 // width] == round(-0.8 * 32767)
    assert max(high) == pytest.approx(0.5 * 32767, abs=2)


@pytest.mark.parametrize("points", [9, 10_001, "many"])
def test_points_have_bounds(api: Api, points: object) -> None:
    assert api.get(f"/tracks/{made(api)['id']}/waveform?points={points}").json()["code"] == "invalid_request"


def test_a_waveform_is_found_once_however_many_ask(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    track = made(api)
    found, calls, all_ask = waveform.outline, [], threading.Event()

    def counted(path: Any) -> Any:
        calls.append(path)
        all_ask.wait(10)
        return found(path)

    monkeypatch.setattr(waveform, "outline", counted)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(api.get, f"/tracks/{track['id']}/waveform?points={points}")
            for points in (10, 20, 30, 40)
        ]
        all_ask.set()
        assert [one.result().json()["length"] for one in asked] == [10, 20, 30, 40]
    api.get(f"/tracks/{track['id']}/waveform")
    assert len(calls) == 1


def test_what_was_found_stays_through_a_sweep_and_goes_with_its_track(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    track, services = brought(api, sweep()), api.server.services
    shown = api.get(f"/tracks/{track['id']}/waveform").json()
    monkeypatch.setattr("aimusicverse.server.store.blobs.folder.GRACE_SECONDS", -10)
    monkeypatch.setattr(waveform, "outline", None)  # nobody listens again

    def files() -> int:
        sweep_blobs(services.store, services.blobs)
        return len(list((services.settings.data_dir / "blobs").glob("??/*")))

    assert files() == 2
    assert api.get(f"/tracks/{track['id']}/waveform").json() == shown
    api.delete(f"/tracks/{track['id']}")
    api.advance(timedelta(days=31))
    services.store.write_now(service.purge)
    assert files() == 0


def test_a_lost_outline_is_found_again_and_a_lost_master_is_said(api: Api) -> None:
    track = brought(api, sweep())
    first = api.get(f"/tracks/{track['id']}/waveform").json()
    folder = api.server.services.settings.data_dir
    [row] = api.server.services.store.read_now(lambda tx: list(tx.all(sa.select(encoding))))
    [blob] = folder.rglob(row.sha256)
    blob.unlink()
    assert api.get(f"/tracks/{track['id']}/waveform").json() == first
    for damaged in (blob.read_bytes()[:30], b"?" * 40):
        blob.chmod(0o644)
        blob.write_bytes(damaged)
        assert api.get(f"/tracks/{track['id']}/waveform").json() == first
    blob.unlink()
    [master] = folder.rglob(track["audio"]["sha256"])
    master.unlink()
    assert api.get(f"/tracks/{track['id']}/waveform").json()["code"] == "audio_lost"
