"""The picture: there, readable in its parts, and never half there."""

import numpy as np
import pytest
from PIL import Image

from aimusicverse.audio.analysis import analyze
from aimusicverse.audio.errors import AudioError
from aimusicverse.audio.picture import HEIGHT, WIDTH, draw
from aimusicverse.types import Structure, StructureChord, StructureSection
from tests.audio.signals import RATE, noise, save, sine


def drawn(tmp_path, sound, rate=RATE, subtype="PCM_24"):
    path = save(tmp_path / "a.wav", sound, rate, subtype)
    draw(path, analyze(path), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert (image.size, image.format) == ((WIDTH, HEIGHT), "PNG")
        return np.asarray(image).astype(int)


def test_a_tone_is_a_bright_line_at_its_height(tmp_path):
    pixels = drawn(tmp_path, sine(5, 1000, -6))
    rows = pixels[360:836, 300:1300].sum(axis=(1, 2))
    # Logarithmic from 30 Hz (838) to 20 kHz (356).
    assert 360 + rows.argmax() == pytest.approx(838 - 482 * np.log(1000 / 30) / np.log(20_000 / 30), abs=4)


def test_the_waveform_is_as_high_as_the_sound(tmp_path):
    pixels = drawn(tmp_path, np.concatenate([sine(2, 440, -6), np.zeros(2 * RATE)]))
    blue = (pixels[120:337, :, 2] > pixels[120:337, :, 0] + 60).sum(axis=0)
    assert blue[200:700].mean() == pytest.approx(110, abs=8)
    assert blue[900:1400].max() <= 2


def test_sections_and_clipping_are_marked(tmp_path):
    change = drawn(tmp_path, np.concatenate([sine(10, level_dbfs=-20), noise(10)]))
    assert (change[90:110, 770] != change[90:110, 810]).any()
    clipped = drawn(tmp_path, np.clip(sine(2, 440, 6), -1, 1))
    red = (clipped[..., 0] > 200) & (clipped[..., 2] < 30)
    assert red[110:135].any()
    assert not red[150:].any()


@pytest.mark.parametrize("length", [0, 1, 500, RATE])
@pytest.mark.parametrize("rate", [1, 8000, 192_000])
def test_short_and_strange_sounds_are_drawn_too(tmp_path, length, rate):
    drawn(tmp_path, np.tile(noise(1)[:length], (3, 1)), rate)


def test_what_is_no_number_does_not_spoil_it(tmp_path):
    sound = sine(1)
    sound[5] = np.nan
    drawn(tmp_path, sound, subtype="FLOAT")


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path):
    path = save(tmp_path / "a.wav", noise(1))
    with pytest.raises(AudioError, match="cannot write"):
        draw(path, analyze(path), tmp_path / "none" / "a.png")
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_a_structure_that_is_known_is_shown_in_place_of_what_was_heard(tmp_path):
    def chord(start, symbol):
        return StructureChord(
            start_seconds=start, duration_seconds=10, bar=1, beat=1, symbol=symbol, numeral="i", degree=1
        )

    known = Structure(
        estimated=False,
        duration_seconds=20,
        tempo_bpm=77,
        key="Eb major",
        sections=[
            StructureSection(index=0, name="intro", start_seconds=0, end_seconds=10),
            StructureSection(index=1, name="verse", start_seconds=10, end_seconds=20),
        ],
        chords=[chord(0, "Ebmaj7"), chord(10, "Cm7")],
    )
    path = save(tmp_path / "tone.wav", sine(20))
    pictures = []
    for number, structure in enumerate((None, known, known.model_copy(update={"chords": []}))):
        target = tmp_path / f"{number}.png"
        draw(path, analyze(path), target, "x", structure)
        with Image.open(target) as image:
            pictures.append(np.asarray(image.convert("RGB")).astype(int))
    heard, full, without_chords = pictures
    assert (heard[86:112] != full[86:112]).any()  # the strip of sections
    assert (heard[50:70] != full[50:70]).any()  # tempo and key
    gap = slice(340, 355)  # between waveform and spectrogram
    assert (full[gap, 92:200] < 128).any()
    assert (without_chords[gap, 92:1488] > 128).all()


def test_chords_that_have_no_room_are_left_out(tmp_path):
    chords = [
        StructureChord(
            start_seconds=n / 10, duration_seconds=0.1, bar=1, beat=1, symbol=f"Am{n}", numeral="i", degree=1
        )
        for n in range(200)
    ]
    known = Structure(estimated=False, duration_seconds=20, sections=[], chords=chords)
    path = save(tmp_path / "tone.wav", sine(20))
    draw(path, analyze(path), tmp_path / "a.png", "x", known)
    with Image.open(tmp_path / "a.png") as image:
        assert (np.asarray(image.convert("RGB"))[340:355, 92:1488] > 128).all()
