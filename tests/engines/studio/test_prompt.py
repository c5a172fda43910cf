"""What a prompt says, and that any text is acceptable."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import TIME_SIGNATURES, bar_seconds, make_plan
from aimusicverse.engines.studio.prompt import understand
from aimusicverse.types import GenerationCreate


def said(prompt, negative=()):
    return understand([("prompt", prompt)], negative, TIME_SIGNATURES)


def planned(prompt, **fields):
    return make_plan(GenerationCreate(prompt=prompt, **fields), 1)


def codes(plan):
    return [warning.code for warning in plan.warnings]


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
        ("chiptune, 8-bit, heroic", "chiptune"),
        ("bright summer pop", "pop"),
        ("12 bar blues shuffle with harmonica", "blues"),
        ("dub, deep bass, echoes", "reggae"),
        ("bossa nova, nylon guitar", "bossa nova"),
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
        ("C#m", "C# minor"),
        ("slow blues in A, 60 bpm", "A major"),
        ("Bbm at night", "Bb minor"),
        ("Cmaj", "C major"),
        ("F sharp minor", "F# minor"),
        ("d dorian", "D minor"),
        ("E mixolydian", "E major"),
        ("in A harmonic minor", "A minor"),
        ("fis-Moll", "F# minor"),
        ("B-Dur", "Bb major"),
        ("h-moll", "B minor"),
        ("en si bemol mayor", "Bb major"),
        ("la menor", "A minor"),
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
    bar = bar_seconds(plan.tempo_bpm, plan.time_signature)
    for section in plan.sections[:-1]:
        assert section.duration_seconds == pytest.approx(section.bars * bar, abs=1e-5)
    assert sum(section.bars for section in plan.sections) * bar <= duration - 0.99


@pytest.mark.parametrize(
    ("prompt", "metre"),
    [
        ("a waltz", "3/4"),
        ("3/4 time", "3/4"),
        ("6/8 ballad", "6/8"),
        ("an irish jig", "6/8"),
        ("12/8 blues", "6/8"),
        ("common time", "4/4"),
        ("in 7/8", None),
        ("24/7 energy", None),
    ],
)
def test_metres_are_found_and_those_that_nobody_plays_are_not(prompt, metre):
    assert said(prompt).time_signature == metre


def test_a_metre_that_cannot_be_played_is_listed_and_warned_of():
    plan = planned("jazz in 7/8")
    assert plan.not_understood == ["7/8"]
    assert codes(plan) == ["time_signature_unsupported"]
    assert codes(planned("jazz in 12/8")) == ["time_signature_nearest"]


@pytest.mark.parametrize(
    ("typed", "genre"),
    [("teckno", "techno"), ("ambiant music", "ambient"), ("classicall sonatta", "classical"),
     ("syntwave", "synthwave"), ("drum and bsas, drun n bass", "drum and bass"), ("cinematik", "cinematic")],
)  # fmt: skip
def test_mistyped_words_are_read_as_they_were_meant(typed, genre):
    assert said(typed).genre == genre


@pytest.mark.parametrize(
    "word", ["horse", "funny", "rack", "fold", "bottle", "classic", "planet", "C#", "morning"]
)
def test_words_that_only_look_alike_and_short_ones_are_left_alone(word):
    found = said(word)
    assert (found.genre, found.instruments) == (None, [])


def test_what_was_not_understood_is_listed_once_as_it_was_typed():
    plan = planned("Lofi for Zebras, zebras on Mars, no autotune, 900 bpm")
    assert plan.not_understood == ["900 bpm", "Zebras", "zebras", "Mars", "no autotune"]


def test_of_two_tempos_or_keys_the_first_wins_and_a_warning_says_so():
    plan = planned("lofi, 60 bpm, 180 bpm, in C major, in D minor")
    assert (plan.tempo_bpm, plan.key) == (60, "C major")
    assert codes(plan) == ["contradiction", "contradiction"]
    assert "60 bpm was taken" in plan.warnings[0].message
    assert planned("lofi, 60 bpm, 60 BPM").warnings == []


def test_fields_of_the_request_end_a_contradiction():
    assert codes(planned("lofi, 60 bpm, 180 bpm", tempo_bpm=90)) == []
    assert codes(planned("lofi, in C major, in D minor", key="A minor")) == []


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("rock, not pop", "rock"),
        ("not jazz but techno", "techno"),
        ("no techno, no house, funk", "funk"),
        ("kein Jazz, sondern Rock", "rock"),
        ("sin techno, jazz", "jazz"),
        ("ballad, make it rock", "rock"),
        ("a funky house tune", "house"),
        ("a not too fast lofi", "lofi hip hop"),
    ],
)
def test_what_is_refused_is_not_chosen_and_names_outweigh_hints(prompt, genre):
    assert said(prompt).genre == genre


def test_a_refused_genre_is_not_chosen_by_chance_either():
    genres = {make_plan(GenerationCreate(prompt=f"{n}, no techno, no jazz"), 1).genre for n in range(40)}
    assert not genres & {"techno", "jazz"}


def test_no_drums_leaves_nothing_that_beats():
    for prompt in (
        "epic trailer without drums",
        "house, drumless",
        "techno, drum-less",
        "rock ohne Schlagzeug",
    ):
        assert not {"drums", "percussion", "orchestral percussion"} & set(planned(prompt).instruments)


def test_no_bass_and_no_guitar_mean_all_kinds_of_them():
    assert not any("bass" in name for name in planned("techno, no bass").instruments)
    assert not any("guitar" in name for name in planned("rock, no guitars").instruments)


def test_adjectives_of_what_is_refused_are_not_asked_for():
    found = said("ambient, no heavy loud drums")
    assert (found.mood, found.without) == (None, ["drums"])


def test_a_guitar_is_the_genres_own():
    assert "acoustic guitar" in planned("folk with guitar").instruments
    assert "electric guitar" not in planned("folk with guitar").instruments


def test_an_instrument_that_cannot_be_played_is_replaced_with_a_warning():
    plan = planned("jazz with clarinet")
    assert "flute" in plan.instruments
    assert codes(plan) == ["instrument_substituted"]


def test_a_solo_in_the_piece_leaves_the_others_there_and_nothing_else_does_not():
    assert not said("rock with a guitar solo").only_named
    assert said("jazzy piano, nothing else").only_named


@pytest.mark.parametrize(
    "prompt",
    [
        "jazz, dark, 90 bpm, in A minor, 3/4, with flute",
        "in A minor with flute: 90 bpm dark 3/4 jazz",
        "flute, A minor, 3/4, dark jazz, 90 bpm",
    ],
)
def test_the_order_of_words_does_not_matter(prompt):
    plan = planned(prompt)
    assert (plan.genre, plan.mood, plan.tempo_bpm, plan.key) == ("jazz", "dark", 90, "A minor")
    assert (plan.time_signature, plan.instruments[0]) == ("3/4", "flute")
    assert plan.not_understood == []


def test_sections_with_lengths_stand_in_the_plan_in_that_order():
    plan = planned("techno at 120 bpm: intro 8 bars, chorus 16 bars", duration_seconds=60)
    assert [(section.name, section.bars) for section in plan.sections] == [
        ("intro", 8),
        ("chorus", 16),
        ("outro", 5),
    ]
    plan = planned("rock, 8-bar intro, 120 bpm", duration_seconds=60)
    assert (plan.sections[0].name, plan.sections[0].bars) == ("intro", 8)
    assert len(plan.sections) > 2
    assert "sections" not in planned("12 bar blues").understood


def test_sections_that_do_not_fit_are_cut_with_a_warning():
    plan = planned("jazz, intro 200 bars, verse 10 bars", duration_seconds=30)
    assert [section.name for section in plan.sections] == ["intro"]
    assert codes(plan) == ["sections_do_not_fit"]


def test_sounds_and_eras_are_understood():
    plan = planned("a wide, dry 1990s rock tune on tape")
    assert plan.sounds == ["wide", "dry", "tape"]
    assert plan.understood["era"] == "prompt: 1990s"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("ein trauriges Klavierstück: klassisch, langsam", ("classical", "sad")),
        ("fröhlicher Jazz mit Kontrabass", ("jazz", "happy")),
        ("epische Filmmusik mit Chor", ("cinematic", "epic")),
        ("DÜSTERER Techno", ("techno", "dark")),
        ("música clásica triste", ("classical", "sad")),
        ("jazz tranquilo de noche", ("jazz", "calm")),
        ("banda sonora épica con coro", ("cinematic", "epic")),
        ("techno oscuro", ("techno", "dark")),
    ],
)
def test_german_and_spanish_words_join(prompt, expected):
    plan = planned(prompt)
    assert (plan.genre, plan.mood) == expected


SAYINGS = [
    *(
        "no",
        "not",
        "and",
        "only",
        "solo",
        "in",
        "A",
        "C#",
        "minor",
        "60 bpm",
        "3/4",
        "8 bars",
        "intro",
        "drums",
    ),
    *(
        "guitarr",
        "jazz",
        "tecno",
        "slow",
        "für",
        "ohne",
        "sin",
        ",",
        "-",
        "'",
        "#",
        "12/8",
        "at 99",
        "waltz",
        "too",
    ),
]


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(SAYINGS) | st.text(max_size=6),
        max_size=90,
    )
)
def test_no_text_made_of_words_that_mean_something_is_too_much(words):
    text = " ".join(words)[:500]
    found = said(text)
    assert found == said(text)
    assert found.genre is None or found.genre in GENRES
    assert len(found.not_understood) <= 20


@pytest.mark.parametrize(
    "unit",
    ["guitarr pianoo ", "no ", "in A ", "xqwertz", "120-", "intro ", "60 bpm ", "1", " ", "a b c d e "],
)
def test_a_long_text_takes_no_more_calls_for_each_letter_than_a_short_one(unit):
    def calls(size):
        count = 0

        def watch(*_):
            nonlocal count
            count += 1

        text = (unit * size)[:size]
        sys.setprofile(watch)
        try:
            said(text)
        finally:
            sys.setprofile(None)
        return count

    said("first")  # the tables are made
    assert calls(4000) <= 10 * calls(500) + 100
