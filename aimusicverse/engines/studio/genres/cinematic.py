"""Cinematic: strings in ostinato, drums that grow, brass at the height, and silence before it."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"taiko": "9...6.6. 9.7.7878", "timpani": "........ 5.5.6789", "swell": "6....... ........"}

CINEMATIC = Genre(
    name="cinematic",
    words=("film score", "movie score", "soundtrack", "orchestral", "trailer music", "epic orchestral",
           "score",
           "film music", "symphonic", "fantasy", "game music"),
    tempo=(76, 96, 116),
    minor=0.85,
    instruments=("strings", "harp", "orchestral percussion", "upright bass", "brass", "cello", "choir"),
    roles={"brass": "lead", "cello": "counter", "piano": "arp", "violin": "lead", "flute": "lead"},
    minor_progressions=("1637", "1467", "1674", "1734", "1645"),
    major_progressions=("1564", "1635", "1465", "1456"),
    grooves=(
        Groove({"taiko": "9...6... 8...6...", "timpani": "7....... ....5..."}, _FILL),
        Groove({"taiko": "9...7.5. 8...7.5.", "timpani": "7....... 6......."}, _FILL),
        Groove({"taiko": "9...6.6. 8...6...", "timpani": "7....... ......56"}, _FILL),
    ),
    comping=("X---X---X---X---",),
    bass=("r-------r-------", "r---------------", "r-----r-r---r---"),
    cells=("x-------x---x---", "x-----x-x-------", "x---x---x-------", "x-----------x-x-",
           "x-----x---x-----", "x---x-------x---", "x-x-x-------x---", "x---------x-x---"),
    arpeggios=("0.1.2.1.0.1.2.1.", "0.2.1.2.0.2.1.2.", "0.1.2.3.2.1.2.1."),
    form="suite",
    chord_size=3,
    human_ms=6,
    kit="orchestral",
    levels={"pad": 4.0, "arp": 8.0, "drums": 4.5, "lead": -0.5, "bass": 0.0},
    space=Space(2.8, -8, 6500),
    colour=Colour(0.7, 0.1, 0.4, 0.35),
    lingers=True,
    beat=0.1,
    entries={"harp": 0.4, "upright bass": 0.2},
    dynamics_db=8,
    lead_register=67,
    lead_from=0.6,
    drums_from=0.4,
    ring_seconds=3.0,
)  # fmt: skip
