"""All genres by name, and the words that mean them."""

from aimusicverse.engines.studio.genres.ambient import AMBIENT
from aimusicverse.engines.studio.genres.blues import BLUES
from aimusicverse.engines.studio.genres.bossa_nova import BOSSA_NOVA
from aimusicverse.engines.studio.genres.chiptune import CHIPTUNE
from aimusicverse.engines.studio.genres.cinematic import CINEMATIC
from aimusicverse.engines.studio.genres.classical import CLASSICAL
from aimusicverse.engines.studio.genres.drum_and_bass import DRUM_AND_BASS
from aimusicverse.engines.studio.genres.folk import FOLK
from aimusicverse.engines.studio.genres.funk import FUNK
from aimusicverse.engines.studio.genres.house import HOUSE
from aimusicverse.engines.studio.genres.jazz import JAZZ
from aimusicverse.engines.studio.genres.lofi import LOFI
from aimusicverse.engines.studio.genres.pop import POP
from aimusicverse.engines.studio.genres.reggae import REGGAE
from aimusicverse.engines.studio.genres.rock import ROCK
from aimusicverse.engines.studio.genres.synthwave import SYNTHWAVE
from aimusicverse.engines.studio.genres.techno import TECHNO
from aimusicverse.engines.studio.genres.trap import TRAP
from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_ALL = (
    LOFI, HOUSE, TECHNO, DRUM_AND_BASS, TRAP, SYNTHWAVE, AMBIENT, CINEMATIC, CLASSICAL, JAZZ, FUNK, ROCK,
        FOLK, CHIPTUNE, POP, BLUES, REGGAE, BOSSA_NOVA,
)  # fmt: skip

GENRES: dict[str, Genre] = {genre.name: genre for genre in _ALL}
GENRE_WORDS: dict[str, str] = {word: genre.name for genre in _ALL for word in (genre.name, *genre.words)}

__all__ = ["GENRES", "GENRE_WORDS", "Colour", "Genre", "Groove", "Space"]
