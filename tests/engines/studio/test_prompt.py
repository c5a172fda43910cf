"""What a prompt says, and that any text is acceptable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.prompt import understand
from aimusicverse.types import GenerationCreate


def said(prompt, negative=()):
    return understand([("prompt", prompt)], negative)


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("lofi hip hop, rainy night", "lofi hip hop"),
        ("Lo-Fi beats to study to", "lofi hip hop"),
        ("dark DnB roller", "drum and bass"),
        ("drum & bass at night", "drum and bass"),
        ("epic orchestral trailer music", "cinematic"),
        ("smooth jazz for a bar", "jazz"),
        ("deep house, sunset", "house"),
        ("80s retrowave drive", "synthwave"),
        ("a heavy metal anthem", "rock"),
        ("a slow piano ballad", "classical"),
        ("nothing we know", None),
    ],
)
def test_genres_are_found_by_name_and_synonym(prompt, genre):
    assert said(prompt).genre == genre


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("house at 126 bpm", 126),
        ("126BPM", 126),
        ("tempo: 95", 95),
        ("93.5 bpm", 93.5),
        ("900 bpm", None),
        ("20 bpm", None),
    ],
)
def test_a_tempo_in_numbers_is_taken_when_it_can_be_played(prompt, bpm):
    assert said(prompt).tempo_bpm == bpm


def test_slow_and_fast_move_the_tempo_within_the_genre():
    slow, plain, fast = (
        make_plan(GenerationCreate(prompt=f"{word} house"), 1).tempo_bpm for word in ("slow", "", "fast")
    )
    assert slow < plain < fast


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("in A minor", "A minor"),
        ("F# major, happy", "F# major"),
        ("a song in Bb major", "Bb major"),
        ("something in e flat minor", "Eb minor"),
        ("F♯ minor", "F# minor"),
        ("techno in Am", "A minor"),
        ("jazz in the key of D", "D major"),
        ("a major hit", None),
        ("in a minor key", None),
        ("I am a rock", None),
    ],
)
def test_keys_are_found_and_articles_are_not_keys(prompt, key):
    assert said(prompt).key == key


def test_a_mode_without_a_tonic_is_kept():
    assert make_plan(GenerationCreate(prompt="house in a minor key"), 1).key.endswith("minor")


def test_instruments_are_added_and_taken_away():
    found = said("lofi with flute and cello, no drums or bass, without the piano")
    assert found.instruments == ["flute", "cello"]
    assert set(found.without) == {"drums", "electric bass", "piano"}


def test_the_words_of_a_genre_ask_for_no_instrument():
    assert said("drum and bass").instruments == []


def test_only_named_instruments_play_when_the_prompt_says_so():
    plan = make_plan(GenerationCreate(prompt="jazz, only piano and upright bass"), 1)
    assert plan.instruments == ["piano", "upright bass"]


def test_only_counts_beside_an_instrument_and_not_anywhere():
    assert not said("just a simple house track with piano").only_named
    assert said("solo piano").only_named
    assert said("piano only, please").only_named


def test_negative_tags_take_away_what_the_prompt_names():
    plan = make_plan(GenerationCreate(prompt="house with piano", negative_tags=["drums", "piano"]), 1)
    assert "drums" not in plan.instruments
    assert "piano" not in plan.instruments


def test_sources_say_where_decisions_come_from():
    plan = make_plan(GenerationCreate(prompt="lofi hip hop, 80 bpm", key="C minor"), 1)
    assert plan.understood["genre"] == "prompt: lofi hip hop"
    assert plan.understood["tempo_bpm"] == "prompt: 80 bpm"
    assert plan.understood["key"] == "request"


def test_explicit_fields_win_over_the_prompt_and_the_prompt_over_style_and_tags():
    request = GenerationCreate(
        prompt="house in A minor at 120 bpm", tempo_bpm=90, key="C major", style="jazz", tags=["rock"]
    )
    plan = make_plan(request, 1)
    assert (plan.genre, plan.tempo_bpm, plan.key) == ("house", 90, "C major")


def test_style_and_tags_speak_where_the_prompt_is_silent():
    plan = make_plan(GenerationCreate(prompt="for my cat", style="in D minor", tags=["jazz"]), 1)
    assert (plan.genre, plan.key) == ("jazz", "D minor")


@pytest.mark.parametrize(
    "prompt", ["夜の雨", "🎸🎹🔥", "música triste para bailar", "\u202eabc", "ß" * 500, "###", "b minor" * 60]
)
def test_any_language_gives_a_plan(prompt):
    assert make_plan(GenerationCreate(prompt=prompt), 1).genre in GENRES


prompts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=500).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(
    prompt=prompts,
    duration=st.floats(5, 600),
    tempo=st.none() | st.floats(40, 240),
    seed=st.integers(0, 2**53 - 1),
)
def test_any_text_gives_a_plan_whose_sections_fill_the_duration(prompt, duration, tempo, seed):
    request = GenerationCreate(prompt=prompt, duration_seconds=duration, tempo_bpm=tempo)
    plan = make_plan(request, seed)
    assert plan == make_plan(request, seed)
    assert plan.duration_seconds == duration
    assert tempo is None or plan.tempo_bpm == tempo
    assert plan.instruments
    assert 1 <= len(plan.sections) <= 64
    assert sum(section.duration_seconds for section in plan.sections) == pytest.approx(duration, abs=1e-4)
    bar = int(plan.time_signature[0]) * 60 / plan.tempo_bpm
    for section in plan.sections[:-1]:
        assert section.duration_seconds == pytest.approx(section.bars * bar, abs=1e-5)
    assert sum(section.bars for section in plan.sections) * bar <= duration - 0.99
