"""A recording that keeps a part of an earlier one: the same samples there, other music elsewhere, no seam."""

import numpy as np
import pytest

from aimusicverse.audio import files, loudness
from aimusicverse.engines.base import EngineError, Kept, Order
from aimusicverse.engines.studio.extend import extend
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.engines.studio.retake import retake
from aimusicverse.types import GenerationCreate

RATE = 44_100
#: The steadiest, and the one with the widest dynamics; the others are heard in the long run.
SHORT = ("house", "classical")
GENRES = (*SHORT, "lofi hip hop", "folk", "cinematic", "rock")
SECTIONS = [
    {"name": "verse", "bars": 2, "energy": 0.6},
    {"name": "chorus", "bars": 2, "energy": 0.8},
    {"name": "outro", "bars": 2, "energy": 0.4},
]


def sound(rendering):
    return files.read(rendering.path)[0]


def reworked(derived, original, folder):
    """The recording, what of it is new (from and to), and its samples."""
    folder.mkdir()
    spans = tuple((round(start * RATE), round(end * RATE)) for start, end in derived.kept)
    rendering = render(Order(derived.plan, kept=Kept(original.path, spans)), folder, lambda *_: None)
    return rendering, spans, sound(rendering)


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.long] * (name not in SHORT)) for name in GENRES],
)
def piece(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("piece")
    plan = make_plan(GenerationCreate(prompt=f"{request.param}, 120 bpm", sections=SECTIONS), 7)
    rendering = render(Order(plan), folder, lambda *_: None)
    return plan, rendering, sound(rendering)


@pytest.fixture(scope="module", params=["first", "middle", "last", "longer", "cut"])
def derived(request, piece):
    plan, _, _ = piece
    index = {"first": 0, "middle": 1, "last": 2}.get(request.param)
    if index is not None:
        return retake(plan, index)
    wish = {"extend_track_id": "trk_1", "duration_seconds": 20}
    if request.param == "cut":
        wish["extend_from_seconds"] = 6.1  # in the chorus
    return extend(plan, GenerationCreate.model_validate(wish), 3)


@pytest.fixture(scope="module")
def change(piece, derived, tmp_path_factory):
    _, rendering, _ = piece
    return reworked(derived, rendering, tmp_path_factory.mktemp("change") / "new")


@pytest.fixture(scope="module")
def fresh(derived, tmp_path_factory):
    """The plan of the change as a recording that keeps nothing."""
    return sound(render(Order(derived.plan), tmp_path_factory.mktemp("fresh"), lambda *_: None))


def test_what_is_kept_is_the_same_to_the_sample_and_the_rest_is_not(piece, change):
    _, _, before = piece
    _, spans, after = change
    new = np.ones(after.shape[1], bool)
    for start, end in spans:
        assert np.array_equal(after[:, start:end], before[:, start:end])
        new[start:end] = False
    common = min(after.shape[1], before.shape[1])
    elsewhere = np.flatnonzero(new[:common])
    assert np.abs(after[:, elsewhere] - before[:, elsewhere]).max() > 0.05


def test_the_whole_is_as_loud_as_any_master_or_says_that_it_is_not(change):
    rendering, _, _ = change
    measured = loudness.measure(rendering.path)
    assert measured.true_peak_dbtp <= -1
    assert measured.integrated_lufs == pytest.approx(rendering.lufs, abs=0.02)
    if abs(measured.integrated_lufs + 14) > 0.2:
        assert [code for code, _ in rendering.warnings] == ["loudness_kept"]
    else:
        assert not rendering.warnings
    assert measured.integrated_lufs == pytest.approx(-14, abs=1.5)


def test_no_sample_jumps_at_a_seam(piece, change, fresh):
    _, _, before = piece
    _, spans, after = change
    for seam in seams(spans, after.shape[1]):
        near = slice(max(0, seam - RATE // 2), seam + RATE // 2)
        usual = max(np.abs(np.diff(one[:, near])).max() for one in (before, fresh))
        # The whole of the fades, on both sides of the seam.
        assert np.abs(np.diff(after[:, seam - 1400 : seam + 1400])).max() <= 1.05 * usual


def test_no_seam_is_heard_as_an_onset_of_its_own(piece, change, fresh):
    _, _, before = piece
    _, spans, after = change
    places = [seam // 512 for seam in seams(spans, after.shape[1])]
    grown = flux(after)
    elsewhere = np.ones(len(grown), bool)
    for place in places:
        elsewhere[place - 4 : place + 5] = False
    usual = max(flux(before).max(), flux(fresh).max(), grown[elsewhere].max())
    for place in places:  # a section begins there: it may be one of the greatest onsets, and no greater
        assert grown[place - 4 : place + 5].max() <= 1.05 * usual


def seams(spans, samples):
    return [place for span in spans for place in span if 0 < place < samples]


def flux(samples):
    """How much louder the spectrum grew, every 512 samples."""
    mono = np.pad(samples.mean(axis=0), 1024)
    frames = np.lib.stride_tricks.sliding_window_view(mono, 2048)[::512] * np.hanning(2048)
    size = np.log1p(100 * np.abs(np.fft.rfft(frames)))
    return np.maximum(0, np.diff(size, axis=0, prepend=size[:1])).sum(axis=1)


def test_the_same_order_gives_the_same_bytes(piece, tmp_path):
    plan, rendering, _ = piece
    derived = retake(plan, 1)
    one, _, _ = reworked(derived, rendering, tmp_path / "1")
    two, _, _ = reworked(derived, rendering, tmp_path / "2")
    assert one.sha256 == two.sha256


def test_the_take_that_was_there_fits_as_if_nothing_had_been_done(piece, tmp_path):
    plan, rendering, before = piece
    _, _, after = reworked(retake(plan, 1, plan.sections[1].take), rendering, tmp_path / "same")
    assert np.abs(after - before).max() < 2e-3


def test_more_than_there_is_cannot_be_kept(piece, tmp_path):
    plan, rendering, before = piece
    spans = ((0, 44_100), (88_200, before.shape[1] + 1))
    with pytest.raises(EngineError, match="kept"):
        render(Order(plan, kept=Kept(rendering.path, spans)), tmp_path, lambda *_: None)


def test_a_recording_of_another_form_cannot_be_kept(piece, tmp_path):
    plan, _, _ = piece
    path = tmp_path / "other.wav"
    with files.Writer(path, sample_rate=48_000, format="wav", bit_depth=24) as writer:
        writer.write(np.zeros((2, 48_000), np.float32))
    with pytest.raises(EngineError, match="studio"):
        render(Order(plan, kept=Kept(path, ((0, 100),))), tmp_path, lambda *_: None)
