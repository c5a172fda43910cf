"""Music by the user's own soundfont: in tune, clean, as loud as ever; a bad file is told in a sentence."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.engines.base import EngineError, Order, order_as_json, order_from_json
from aimusicverse.engines.registry import all as all_engines
from aimusicverse.engines.soundfont import Soundfont, SoundfontError
from aimusicverse.engines.studio.engine import StudioEngine
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.instruments import INSTRUMENTS
from aimusicverse.engines.studio.render import render
from aimusicverse.engines.studio.soundfont.font import Font
from aimusicverse.engines.studio.soundfont.programs import PROGRAMS
from aimusicverse.engines.studio.soundfont.sampler import note
from aimusicverse.engines.studio.soundfont.source import SoundfontNotes
from aimusicverse.errors import ConfigurationError
from aimusicverse.types import GenerationCreate
from tests.engines.studio.listening import listen
from tests.engines.studio.soundfonts import (
    ATTENUATION,
    DECAY,
    FINE,
    KEYS,
    MODES,
    RELEASE,
    SUSTAIN,
    noise,
    sine,
    soundfont,
)

RATE = 44_100
SHORT = ("jazz", "techno")


@pytest.fixture(params=[False, True], ids=["SF2", "SF3"])
def font_file(request, tmp_path):
    return soundfont(tmp_path / "my font.sf2", vorbis=request.param)


@pytest.fixture
def played(tmp_path):
    """Notes of a soundfont that is described: `played(zones)(key, velocity, seconds)`."""
    fonts = []

    def played(zones, samples=None):
        font = Font(soundfont(tmp_path / "one.sf2", {(0, 0): zones}, samples))
        fonts.append(font)
        return lambda key=60, velocity=100, seconds=0.5: note(font, 0, 0, key, velocity, seconds)

    yield played
    for font in fonts:
        font.close()


def frequency(sound):
    """The strongest one, in Hz."""
    size = 1 << 17
    return np.abs(np.fft.rfft(sound, size)).argmax() * RATE / size


# -- notes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [36, 59, 60, 61, 84])
def test_a_note_has_its_pitch_at_any_rate_and_format(font_file, key):
    font = Font(font_file)
    sound = note(font, 0, 0, key, 100, 1.0)
    font.close()
    assert frequency(sound) == pytest.approx(440 * 2 ** ((key - 69) / 12), rel=0.004)


def test_chunks_of_odd_sizes_may_lack_the_byte_that_evens_them(tmp_path):
    font = Font(soundfont(tmp_path / "odd.sf3", vorbis=True, padded=False))
    assert frequency(note(font, 0, 0, 60, 100, 1.0)) == pytest.approx(261.6, rel=0.004)
    font.close()


def test_a_loop_goes_on_without_a_seam(played):
    sound = played([("sine", {MODES: 1})])(seconds=3.0)
    assert len(sound) >= 3 * RATE
    middle = sound[RATE : 2 * RATE]
    assert np.abs(np.diff(middle, 2)).max() < 2 * np.abs(np.diff(sound[1000:5000], 2)).max()
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


def test_without_a_loop_a_note_ends_with_its_sample(played):
    assert len(played([("sine", {})])(seconds=3.0)) == pytest.approx(0.5 * RATE, rel=0.01)


def test_zones_are_chosen_by_key_and_add_up(played):
    zones = [("sine", {MODES: 1, KEYS: 60 << 8 | 0}), ("noise", {KEYS: 127 << 8 | 61})]
    low, high = played(zones)(60), played(zones)(61)
    assert frequency(low) == pytest.approx(261.6, rel=0.004)
    assert len(high) < 0.3 * RATE
    assert played([("sine", {KEYS: 50 << 8})])(60) is None


def test_attenuation_tuning_and_envelope_are_heard(played):
    plain = played([("sine", {MODES: 1})])()
    assert np.abs(played([("sine", {MODES: 1, ATTENUATION: 200})])()).max() == pytest.approx(
        np.abs(plain).max() / 10, rel=0.02
    )
    sharp = played([("sine", {MODES: 1, FINE: 50})])(seconds=2.0)
    assert frequency(sharp) == pytest.approx(261.6 * 2 ** (50 / 1200), rel=0.004)
    falling = played([("sine", {MODES: 1, DECAY: 0, SUSTAIN: 400, RELEASE: 0})])(seconds=1.0)
    levels = [np.abs(falling[at : at + 2000]).max() for at in (0, RATE // 5, int(0.9 * RATE))]
    assert levels[1] == pytest.approx(levels[0] / 10, rel=0.25)
    assert levels[2] == pytest.approx(levels[0] / 100, rel=0.1)


@pytest.mark.parametrize("instrument", [*PROGRAMS, "drums", "percussion"])
def test_a_note_is_as_loud_as_the_studios(font_file, instrument):
    known = Soundfont.of(font_file)
    with SoundfontNotes(known, "acoustic") as notes:
        sound = notes.note(instrument, 40, 0.5, 0.62)
    if instrument in PROGRAMS:
        windows = sound[: len(sound) // 2205 * 2205].reshape(-1, 2205)
        assert np.sqrt((windows**2).mean(axis=1).max()) == pytest.approx(0.1, rel=0.01)
    else:
        assert np.abs(sound).max() == pytest.approx(0.5, rel=0.15)
    assert abs(sound[0]) < 1e-6
    assert abs(sound[-1]) < 1e-6


def test_what_general_midi_does_not_have_stays_with_the_studio(font_file):
    assert set(PROGRAMS) < set(INSTRUMENTS)
    with SoundfontNotes(Soundfont.of(font_file), "chip") as notes:
        for instrument in ("rain", "vinyl crackle", "orchestral percussion", "sub bass", "drums"):
            assert notes.note(instrument, 40, 0.5, 0.62) is None


# -- pieces -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "genre", [pytest.param(name, marks=[pytest.mark.long] * (name not in SHORT)) for name in GENRES]
)
def test_a_piece_by_a_soundfont_keeps_the_studios_promises(genre, font_file, tmp_path):
    plan = StudioEngine().plan(GenerationCreate(prompt=genre, duration_seconds=6), 3)
    order = Order(plan, soundfont=Soundfont.of(font_file))
    own, by_font, again = (
        render(order_from_json(order_as_json(one)), tmp_path, lambda *_: None)
        for one in (Order(plan), order, order)
    )
    assert by_font.sha256 == again.sha256 != own.sha256
    wrong = listen(again.path).faults(6, rests=2.0)
    assert not [fault for fault in wrong if "click" not in fault or "vinyl crackle" not in plan.instruments]


def test_the_render_child_plays_by_the_engines_soundfont(font_file, tmp_path):
    studio = StudioEngine(Soundfont.of(font_file))
    capabilities = studio.capabilities()
    assert capabilities.soundfont.name == "my font.sf2"
    plan = studio.plan(GenerationCreate(prompt="jazz", duration_seconds=5), 3)
    made = studio.start(Order(plan), tmp_path).collect()
    (tmp_path / "own").mkdir()
    own = StudioEngine().start(Order(plan), tmp_path / "own").collect()
    assert made.sha256 != own.sha256


# -- files that are none ------------------------------------------------------------------------------------


@pytest.mark.parametrize("contents", [None, b"", b"RIFF\0\0\0\0WAVE", b"MThd" * 9, "folder"])
def test_a_file_that_is_no_soundfont_is_refused_when_the_server_starts(contents, tmp_path):
    path = tmp_path / "x.sf2"
    if contents == "folder":
        path.mkdir()
    elif contents is not None:
        path.write_bytes(contents)
    with pytest.raises(SoundfontError, match=r"x\.sf2: "):
        Soundfont.of(path)
    with pytest.raises(ConfigurationError, match=r"AMV_SOUNDFONT: x\.sf2: "):
        all_engines(str(path))


def test_a_file_that_has_changed_or_gone_is_told_by_its_name(font_file, tmp_path):
    studio = StudioEngine(Soundfont.of(font_file))
    plan = studio.plan(GenerationCreate(prompt="jazz", duration_seconds=5), 3)
    font_file.write_bytes(font_file.read_bytes() + b"\0\0")
    with pytest.raises(EngineError, match=r"my font\.sf2: it has changed") as caught:
        studio.start(Order(plan), tmp_path).collect()
    assert caught.value.code == "soundfont_unreadable"
    font_file.unlink()
    with pytest.raises(EngineError, match=r"my font\.sf2: no such file") as caught:
        studio.start(Order(plan), tmp_path).collect()
    assert caught.value.code == "soundfont_unreadable"
    assert not list(tmp_path.glob("*.wav"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
    vorbis=st.booleans(),
)
def test_a_damaged_soundfont_plays_or_is_told_and_never_more(damage, cut, vorbis, tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / "d.sf2"
    soundfont(path, {(0, 0): [("sine", {MODES: 1})], (128, 0): [("noise", {})]}, vorbis=vorbis)
    data = bytearray(path.read_bytes())
    tail = max(0, len(data) - 700)  # the tables, where damage does most
    for place, value in damage:
        at = tail + int(place * (len(data) - tail - 1)) if value % 4 else int(place * (len(data) - 1))
        data[at] = value
    data[:4], data[8:12] = b"RIFF", b"sfbk"
    path.write_bytes(data[: max(12, int(len(data) * cut))])
    try:
        with SoundfontNotes(Soundfont.of(path), "acoustic") as notes:
            for instrument, pitch in (("piano", 60), ("piano", 100), ("drums", 36)):
                sound = notes.note(instrument, pitch, 0.5, 0.62)
                assert sound is None or np.isfinite(sound).all()
    except EngineError as error:
        told = error
    else:
        return
    assert told.code == "soundfont_unreadable"
    assert told.message.startswith("d.sf2: ")


def test_a_soundfont_of_another_file_is_another(tmp_path):
    one = Soundfont.of(soundfont(tmp_path / "1.sf2"))
    two = Soundfont.of(
        soundfont(tmp_path / "2.sf2", samples={"sine": (sine(seconds=0.4), 60), "noise": (noise(), 60)})
    )
    assert one.sha256 != two.sha256
    assert dataclasses.replace(one, path=two.path).sha256 == one.sha256
