"""What people hear in 150 prompts, against what the studio plans; genres that it does not play apart."""

from aimusicverse.engines.studio.genres import GENRES
from benchmarks.prompt_labels import Label, kept, labels, planned

LEAST_GENRES = 0.95


def of_played_genres() -> list[Label]:
    return [label for label in labels() if label.genre in GENRES]


def test_nineteen_of_twenty_genres_are_what_a_person_hears():
    wrong = [label.prompt for label in of_played_genres() if planned(label).genre != label.genre]
    assert len(wrong) <= (1 - LEAST_GENRES) * len(of_played_genres()), wrong


def test_every_tempo_key_and_metre_that_is_written_is_planned():
    wrong = [
        (label.prompt, field)
        for label in labels()
        for field in ("tempo_bpm", "key", "time_signature")
        if kept(label, planned(label)).get(field) is False
    ]
    assert wrong == []


def test_every_instrument_that_is_named_is_planned_or_said_to_be_replaced():
    wrong = []
    for label in of_played_genres():
        plan = planned(label)
        replaced = {warning.message for warning in plan.warnings if warning.code == "instrument_substituted"}
        if kept(label, plan).get("instruments") is False and not replaced:
            wrong.append((label.prompt, plan.instruments))
    assert wrong == []
