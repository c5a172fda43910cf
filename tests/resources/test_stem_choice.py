"""Which stems are meant: by instrument, role or name; a name is never a way out of a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.errors import ConfigurationError
from aimusicverse.resources.stem_choice import chosen, is_there, name_of
from aimusicverse.types import Stem, StemSet


def stem(number: int, instrument: str, role: str) -> Stem:
    name = f"{number:02d}-{instrument.replace(' ', '-')}"
    return Stem(
        name=name, instrument=instrument, role=role, peak_dbfs=-3, sha256="0" * 64, size_bytes=3, url="/x"
    )


NOW = datetime.now(UTC)
STEMS = StemSet(
    track_id="trk_1",
    created_at=NOW,
    updated_at=NOW,
    status="ready",
    stems=[stem(1, "drums", "drums"), stem(2, "synth bass", "bass"), stem(3, "electric piano", "chords")],
)


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ((), ["01-drums", "02-synth-bass", "03-electric-piano"]),
        ("bass", ["02-synth-bass"]),
        ("Electric Piano", ["03-electric-piano"]),
        (["chords", "01-drums", "drums"], ["01-drums", "03-electric-piano"]),
    ],
)
def test_stems_are_chosen_by_instrument_role_or_name_in_their_order(
    only: str | list[str], names: list[str]
) -> None:
    assert [one.name for one in chosen(STEMS, only)] == names


@pytest.mark.parametrize("only", ["piano", "", ["drums", "harp"]])
def test_a_word_that_no_stem_has_is_refused_and_those_there_are_are_named(only: str | list[str]) -> None:
    with pytest.raises(ConfigurationError, match="there are 01-drums, 02-synth-bass"):
        chosen(STEMS, only)


@given(st.text(max_size=12))
def test_a_name_is_only_ever_the_name_of_a_file_in_its_folder(text: str) -> None:
    try:
        name = name_of(text)
    except ConfigurationError:
        return
    assert Path("folder", f"{name}.wav").name == f"{name}.wav"
    assert name.isascii()
    assert not set(name) & set('./\\:*?"<>|\0 \n')


def test_a_file_is_there_when_it_has_the_size_and_the_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    one = STEMS.stems[0].model_copy(
        update={"sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
    )
    assert not is_there(path, one)
    path.write_bytes(b"abd")
    assert not is_there(path, one)
    path.write_bytes(b"abc")
    assert is_there(path, one)
    assert not is_there(tmp_path, one)
