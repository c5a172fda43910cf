"""Tags: what a file says of itself, to everybody, whatever is wrong with it."""

import errno
import json
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.audio import id3, tag_places, tags
from aimusicverse.audio.errors import AudioError
from aimusicverse.audio.files import Writer, convert, probe, read
from aimusicverse.audio.tags import Tags
from tests.audio.tag_judge import chunks_of, ffprobe, id3_of, needs_ffprobe

FORMATS = [("wav", 16), ("wav", 24), ("flac", 24), ("mp3", None)]
FULL = Tags(
    title="Straße, 夜の雨 🎧",
    artist="Zoë",
    genre="lofi hip hop",
    comment="Composed by rules.",
    software="aimusicverse studio 1.1",
    licence="Yours, without conditions.",
    ai_parts="composition, instruments",
    source_type=tags.SOURCE_TYPES + "algorithmicMedia",
    provenance=json.dumps({"engine": "studio", "seed": 7, "prompt": "rain, “80 bpm”"}, ensure_ascii=False),
)


def save(path: Path, tags: Tags | None = None, bit_depth: int | None = 16, seconds: float = 0.5) -> Path:
    axis = np.arange(int(44_100 * seconds)) / 44_100
    sound = np.stack([0.5 * np.sin(2 * np.pi * 440 * axis), 0.3 * np.sin(2 * np.pi * 660 * axis)])
    form = path.suffix[1:]
    with Writer(
        path, sample_rate=44_100, format=form, bit_depth=None if form == "mp3" else bit_depth, tags=tags
    ) as writer:
        writer.write(sound.astype(np.float32))
    return path


@pytest.mark.parametrize(("format", "depth"), FORMATS)
def test_what_is_written_is_read_back_and_the_sound_stays(tmp_path, format, depth):
    plain = save(tmp_path / f"plain.{format}", None, depth)
    told = save(tmp_path / f"told.{format}", FULL, depth)
    assert tags.read(told) == FULL
    assert tags.read(plain) == Tags(software=tags.read(plain).software)
    assert probe(told) == probe(plain)
    assert np.array_equal(read(told)[0], read(plain)[0])


@needs_ffprobe
@pytest.mark.parametrize(("format", "depth"), FORMATS)
def test_another_program_reads_them(tmp_path, format, depth):
    found = ffprobe(save(tmp_path / f"a.{format}", FULL, depth))
    assert found["title"] == FULL.title
    assert found["artist"] == FULL.artist
    assert found["genre"] == FULL.genre
    assert found["comment"] == FULL.comment
    assert found["encoder"] == FULL.software
    license, ai, how, made = (
        ("copyright", "amva", "isrf", "amvp")
        if format == "wav"
        else ("license", "ai_parts", "digital_source_type", "amv_provenance")
    )
    assert found[license] == FULL.licence
    assert found[ai] == FULL.ai_parts
    assert found[how] == FULL.source_type
    assert found[made] == FULL.provenance


@needs_ffprobe
@pytest.mark.parametrize("format", ["flac", "mp3"])
def test_what_another_program_converts_still_says_how_it_was_made(tmp_path, format):
    told, converted = save(tmp_path / "a.wav", FULL), tmp_path / f"b.{format}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", told, converted], check=True)
    found = tags.read(converted)
    assert (found.title, found.ai_parts, found.provenance) == (FULL.title, FULL.ai_parts, FULL.provenance)


def test_libsndfile_reads_the_plain_ones_of_a_wav_file(tmp_path):
    with soundfile.SoundFile(save(tmp_path / "a.wav", FULL)) as sound:
        assert (sound.title, sound.artist, sound.genre) == (FULL.title, FULL.artist, FULL.genre)
        assert (sound.comment, sound.software) == (FULL.comment, FULL.software)


def test_a_wav_file_has_its_sound_where_it_was_and_tags_behind_it(tmp_path):
    plain = chunks_of(save(tmp_path / "plain.wav").read_bytes())
    told = chunks_of(save(tmp_path / "told.wav", FULL).read_bytes())
    assert told[:2] == plain
    assert [name for name, _ in told[2:]] == [b"LIST", b"id3 "]
    frames, rest = id3_of(told[3][1])
    assert rest == b""
    assert (frames["TIT2"], frames["TXXX:AMV_PROVENANCE"]) == (FULL.title, FULL.provenance)


def test_an_mp3_file_has_a_tag_before_the_same_stream(tmp_path):
    plain = save(tmp_path / "plain.mp3").read_bytes()
    frames, rest = id3_of(save(tmp_path / "told.mp3", FULL).read_bytes())
    assert rest == plain
    assert frames["TXXX:LICENSE"] == FULL.licence


@pytest.mark.parametrize(("format", "depth"), FORMATS)
def test_the_same_tags_give_the_same_bytes_whatever_was_there(tmp_path, format, depth):
    once = save(tmp_path / f"a.{format}", FULL, depth)
    again = save(tmp_path / f"b.{format}", replace(FULL, title="Other", licence=None), depth)
    tags.write(again, again, FULL)
    assert again.read_bytes() == once.read_bytes()
    tags.write(again, tmp_path / "c", Tags())
    tags.write(tmp_path / "c", tmp_path / "d", FULL)
    assert (tmp_path / "d").read_bytes() == once.read_bytes()


def test_only_tags_are_replaced(tmp_path):
    plain = save(tmp_path / "a.wav").read_bytes()
    adtl = struct.pack("<4sI4s", b"LIST", 8, b"adtl") + b"\0\0\0\0"
    cue = struct.pack("<4sI", b"cue ", 5) + b"\1\2\3\4\5\0"
    extra = adtl + cue + b"LIST\x04\0\0\0INFO"
    whole = plain[:4] + struct.pack("<I", len(plain) - 8 + len(extra)) + plain[8:] + extra
    (tmp_path / "a.wav").write_bytes(whole)
    tags.write(tmp_path / "a.wav", tmp_path / "b.wav", Tags(title="T"))
    names = [name for name, _ in chunks_of((tmp_path / "b.wav").read_bytes())]
    assert names == [b"fmt ", b"data", b"LIST", b"cue ", b"LIST", b"id3 "]


def test_a_flac_picture_stays(tmp_path):
    whole = save(tmp_path / "a.flac").read_bytes()
    picture = b"\x06" + (40).to_bytes(3) + bytes(28) + (8).to_bytes(4) + b"picture!"
    (tmp_path / "a.flac").write_bytes(whole[:42] + picture + whole[42:])
    tags.write(tmp_path / "a.flac", tmp_path / "b.flac", FULL)
    assert picture[4:] in (tmp_path / "b.flac").read_bytes()
    assert tags.read(tmp_path / "b.flac") == FULL
    assert np.array_equal(read(tmp_path / "b.flac")[0], read(tmp_path / "a.flac")[0])


def test_nobody_but_the_maker_is_told_the_prompt(tmp_path):
    for_stores = FULL.for_anybody()
    assert for_stores.ai_parts == FULL.ai_parts
    assert for_stores.source_type == FULL.source_type
    for format, depth in FORMATS:
        told = save(tmp_path / f"a.{format}", FULL, depth)
        tags.write(told, told, for_stores)
        content = told.read_bytes()
        assert b"80 bpm" not in content
        assert FULL.title.encode() not in content
        assert b"composition, instruments" in content


def test_a_conversion_says_what_it_is_told_and_nothing_else(tmp_path):
    source = save(tmp_path / "a.wav", FULL)
    convert(source, tmp_path / "b.flac", "flac", 16, Tags(title="New"))
    found = tags.read(tmp_path / "b.flac")
    assert (found.title, found.provenance) == ("New", None)


def test_texts_are_one_line_each_and_end_nothing(tmp_path):
    said = Tags(title="a\0b\nc\x1b[2J\ud800", comment="", artist="  ")
    for format, depth in FORMATS:
        found = tags.read(save(tmp_path / f"a.{format}", said, depth))
        assert found.title == "a b c [2J?"
        assert (found.artist, found.comment) == (None, None)


def test_a_tag_that_is_too_long_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(AudioError) as refused:
        save(tmp_path / "a.mp3", Tags(provenance="x" * 600_000))
    assert refused.value.code == "unwritable"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    source = save(tmp_path / "a.wav")
    monkeypatch.setattr(tags, "_PIECE", 1000)
    real, calls = Path.chmod, []

    def full(self, mode):
        calls.append(self)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(AudioError) as refused:
        tags.write(source, tmp_path / "b.wav", FULL)
    monkeypatch.setattr(Path, "chmod", real)
    assert refused.value.code == "disk_full"
    assert calls
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no WAV"),
        (b"hello, this is text", "no WAV"),
        (b"fLaC\x00\xff\xff\xff", "blocks"),
        (b"RIFF\x04\0\0\0WAVE", "no samples"),
    ],
)
def test_what_is_no_sound_gets_no_tags(tmp_path, content, word):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(AudioError, match=word) as refused:
        tags.write(tmp_path / "a", tmp_path / "b", FULL)
    assert refused.value.code == "unreadable"
    assert tags.read(tmp_path / "a") == Tags()
    assert not (tmp_path / "b").exists()


def test_a_file_that_is_not_there_says_so(tmp_path):
    for call in (lambda: tags.read(tmp_path / "a"), lambda: tags.write(tmp_path / "a", tmp_path / "b", FULL)):
        with pytest.raises(AudioError) as refused:
            call()
        assert refused.value.code == "unreadable"


@pytest.mark.parametrize("wrong", ["[1]", "{", "{" * 100_000, "9" * 50_000, "null"])
def test_provenance_that_is_no_object_is_none(wrong):
    assert Tags(provenance=wrong).made_how() is None


# -- of other programs ----------------------------------------------------------------------------


def _frame(name: bytes, content: bytes, version: int = 4, marks: bytes = b"\0\0") -> bytes:
    size = len(content)
    sized = bytes(size >> s & 0x7F for s in (21, 14, 7, 0)) if version == 4 else size.to_bytes(4)
    return name + sized + marks + content


def _tag(frames: bytes, version: int = 4, flags: int = 0) -> bytes:
    return bytes([73, 68, 51, version, 0, flags, *(len(frames) >> s & 0x7F for s in (21, 14, 7, 0))]) + frames


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        (_tag(_frame(b"TIT2", b"\0caf\xe9", 3), 3), {"TIT2": "café"}),
        (_tag(_frame(b"TIT2", b"\1" + "é\0".encode("utf-16"), 3), 3), {"TIT2": "é"}),
        (_tag(_frame(b"TIT2", b"\2" + "é".encode("utf-16-be"))), {"TIT2": "é"}),
        (_tag(_frame(b"TXXX", b"\1" + "license\0".encode("utf-16") + "MIT".encode("utf-16")), 4),
         {"TXXX:LICENSE": "MIT"}),
        (_tag(_frame(b"COMM", b"\3engabout\0no") + _frame(b"COMM", b"\3eng\0yes")), {"COMM": "yes"}),
        (_tag(_frame(b"TIT2", b"\3A") + _frame(b"TIT2", b"\3B")), {"TIT2": "A"}),
        (_tag(_frame(b"TIT2", b"\0\xff\xfe", 3).replace(b"\xff", b"\xff\0"), 3, 0x80), {"TIT2": "ÿþ"}),
        (_tag(_frame(b"TIT2", b"\0\0\0\2\3A", marks=b"\0\1")), {"TIT2": "A"}),
        (_tag(_frame(b"TIT2", b"\3A", marks=b"\0\x08")), {}),
        (_tag(_frame(b"APIC", b"\3image/png\0")), {}),
        (_tag(b"\0\0\0\6\1\0" + _frame(b"TIT2", b"\3A"), 4, 0x40), {"TIT2": "A"}),
        (_tag(_frame(b"TIT2", b"\3A"), 9), {}),
    ],
)  # fmt: skip
def test_tags_of_other_programs_are_read(tag, found):
    assert id3.decode(tag) == found


def test_a_wav_file_in_an_old_code_page_is_read(tmp_path):
    whole = save(tmp_path / "a.wav").read_bytes()
    body = b"INFOINAM\x05\0\0\0caf\xe9\0\0"
    (tmp_path / "a.wav").write_bytes(whole + b"LIST" + struct.pack("<I", len(body)) + body)
    assert tags.read(tmp_path / "a.wav").title == "café"


# -- attacks --------------------------------------------------------------------------------------


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"ID3\4\0\0\0\0\2\0", b"fLaC", b"RIFF\xff\xff\xff\xffWAVE"]),
)
def test_no_bytes_make_reading_fail(tmp_path_factory, noise, head):
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(head + noise)
    assert isinstance(tags.read(path), Tags)


@given(st.data(), st.sampled_from(["a.wav", "a.flac", "a.mp3"]))
def test_no_damage_to_tags_makes_reading_fail_or_writing_end_but_in_an_error(tagged, data, name):
    path, content = tagged / name, (tagged / name).read_bytes()
    start = content.find(b"LIST") if name == "a.wav" else 0
    hurt = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        hurt[data.draw(st.integers(start, min(len(hurt) - 1, start + 2000)))] = data.draw(st.integers(0, 255))
    broken = path.with_name(f"broken-{name}")
    broken.write_bytes(hurt)
    assert isinstance(tags.read(broken), Tags)
    try:
        tags.write(broken, broken, FULL)
    except AudioError:
        assert broken.read_bytes() == hurt
    else:
        assert tags.read(broken) == FULL


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tagged")
    for name in ("a.wav", "a.flac", "a.mp3"):
        save(folder / name, FULL, seconds=0.1)
    return folder


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0xFFFFFF00, 0x7FFFFFFF])
def test_a_size_of_gigabytes_costs_nothing(tmp_path, size):
    """What a size promises is not read ahead of what is there."""
    lies = [
        b"RIFF\0\0\0\0WAVELIST" + struct.pack("<I", size) + b"INFOINAM" + struct.pack("<I", size) + b"x",
        b"RIFF\0\0\0\0WAVELIST\x10\0\0\0INFOINAM" + struct.pack("<I", size) + b"abcd",
        b"fLaC\x84" + (28).to_bytes(3) + b"\0\0\0\0\1\0\0\0" + struct.pack("<I", size) + b"TITLE=x" * 2,
        b"fLaC\x84" + (28).to_bytes(3) + struct.pack("<I", size) + b"x" * 24,
        b"ID3\4\0\0\x7f\x7f\x7f\x7fTIT2\x7f\x7f\x7f\x7f\0\0\3x",
        _tag(b"TIT2" + size.to_bytes(4) + b"\0\0\3x", 3),
    ]
    for number, content in enumerate(lies):
        path = tmp_path / str(number)
        path.write_bytes(content)
        assert tags.read(path) == Tags()


def test_a_million_chunks_are_not_walked(tmp_path):
    path = tmp_path / "many.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 10_000)
    with path.open("rb") as file:
        assert len(list(tag_places._chunks(file))) == 4096
    assert tags.read(path) == Tags()
