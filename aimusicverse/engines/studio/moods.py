"""Moods: what a feeling does to mode, tempo, fullness and brightness."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """`mode`: minor or major, where the mood decides it. `tempo` -1…1 moves within the genre's range.

    `energy` is added to every section, `brightness` in octaves of the synthesiser's filters, `density` scales
    how many notes a melody has, `register` moves it, in semitones.
    """

    name: str
    words: tuple[str, ...]
    mode: str | None = None
    tempo: float = 0.0
    energy: float = 0.0
    brightness: float = 0.0
    density: float = 1.0
    register: int = 0


_ALL = (
    Mood("happy", ("joyful", "cheerful", "uplifting", "upbeat", "sunny", "fun", "bright", "positive",
         "euphoric", "optimistic", "hopeful", "inspiring", "playful", "funny", "joyous", "joy",
         "summer"),
         "major", 0.3, 0.08, 0.3, 1.15, 2),
    Mood("sad", ("melancholy", "melancholic", "sorrow", "lonely", "heartbreak", "crying", "tears", "grief",
         "emotional", "bittersweet", "wistful", "mournful", "sorrowful"),
         "minor", -0.5, -0.08, -0.4, 0.75, -2),
    Mood("calm", ("peaceful", "relaxing", "relaxed", "chill", "gentle", "soft", "quiet", "sleep", "rainy",
                  "rain",
                  "study", "meditation", "cozy", "mellow", "serene", "soothing", "night", "sleepy",
                  "delicate", "smooth", "tranquil", "lullaby", "glacial"),
         None, -0.4, -0.06, -0.3, 0.8, -1),
    Mood("dark", ("ominous", "evil", "sinister", "gloomy", "haunting", "midnight", "horror", "scary",
         "gothic", "menacing", "moody", "gritty", "creepy", "spooky", "brooding", "bleak"),
         "minor", -0.1, 0.0, -0.6, 0.85, -4),
    Mood("energetic", ("powerful", "driving", "intense", "aggressive", "party", "workout", "hard", "dance",
         "wild", "relentless", "heavy", "pounding", "loud", "danceable", "angry", "furious", "energy",
         "hyper"),
         None, 0.5, 0.12, 0.3, 1.2, 1),
    Mood("dreamy", ("ethereal", "floating", "hazy", "dream", "space", "cosmic", "underwater", "nostalgic",
         "hypnotic", "trippy", "psychedelic", "surreal"),
         None, -0.3, -0.04, -0.2, 0.8, 3),
    Mood("epic", ("heroic", "triumphant", "battle", "trailer", "majestic", "grand", "victory", "adventure"),
         "minor", 0.2, 0.15, 0.1, 1.0, 0),
    Mood("romantic", ("love", "tender", "warm", "intimate", "sensual", "wedding"),
         "major", -0.2, -0.03, -0.1, 0.9, 0),
    Mood("tense", ("suspense", "suspenseful", "thriller", "nervous", "anxious", "mysterious", "mystery"),
         "minor", 0.1, 0.03, -0.2, 0.9, -2),
)  # fmt: skip

MOODS: dict[str, Mood] = {mood.name: mood for mood in _ALL}
MOOD_WORDS: dict[str, str] = {word: mood.name for mood in _ALL for word in (mood.name, *mood.words)}
NEUTRAL = Mood("neutral", ())
