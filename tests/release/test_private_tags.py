"""Files that leave the house: without prompts, with their disclosure, and the same sound."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.release.audio_check import look_into
from aimusicverse.release.private_tags import left_out
from tests.release.real_files import music, save

PRIVATE = Tags(
    title="a secret wish",
    comment="Made by a machine, by rules: composition.",
    ai_parts="composition",
    source_type=tags.SOURCE_TYPES + "algorithmicMedia",
    provenance='{"prompt":"a secret wish"}',
)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    save(tmp_path / "song.wav", music())
    return tmp_path / "song.wav"


def test_prompt_and_title_stay_and_the_disclosure_goes_along(song: Path) -> None:
    tags.write(song, song, PRIVATE)
    before, target = look_into(song), song.with_name("public.wav")
    found = left_out(song, target, before)
    assert found == dataclasses.replace(look_into(target), name="public.wav")
    assert found is not None
    assert found.pcm_sha256 == before.pcm_sha256
    assert found.sha256 == hashlib.sha256(target.read_bytes()).hexdigest() != before.sha256
    assert b"a secret wish" not in target.read_bytes()
    assert tags.read(target) == PRIVATE.for_anybody()


@pytest.mark.parametrize("own", [None, Tags(title="Mine", comment="Mixed in Bergen.")])
def test_a_file_without_a_prompt_goes_as_it_is(song: Path, own: Tags | None) -> None:
    if own is not None:
        tags.write(song, song, own)
    assert left_out(song, song.with_name("public.wav"), look_into(song)) is None
    assert not song.with_name("public.wav").exists()
