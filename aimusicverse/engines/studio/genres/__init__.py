"""All genres by name, and the words that mean them."""

from aimusicverse.engines.studio.genres.house import HOUSE
from aimusicverse.engines.studio.genres.lofi import LOFI
from aimusicverse.engines.studio.genres.vocabulary import Genre, Groove, Space

GENRES: dict[str, Genre] = {genre.name: genre for genre in (LOFI, HOUSE)}
GENRE_WORDS: dict[str, str] = {word: genre.name for genre in GENRES.values() for word in (genre.name, *genre.words)}

__all__ = ["GENRES", "GENRE_WORDS", "Genre", "Groove", "Space"]
