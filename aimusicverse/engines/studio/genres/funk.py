"""Funk: the one, a busy bass, sixteenths on a clean guitar, brass that answers."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "9.....7. ..7.....", "snare": "....9..5 5.678789", "hat": "7.5.7.5. ........"}

FUNK = Genre(
    name="funk",
    words=("funky", "soul", "groove", "motown", "r and b", "rnb", "nu disco", "boogie", "gospel"),
    tempo=(94, 106, 116),
    minor=0.55,
    instruments=("drums", "electric bass", "electric guitar", "electric piano", "brass", "organ"),
    roles={"brass": "lead", "organ": "counter", "electric piano": "pad", "electric guitar": "chords"},
    minor_progressions=("1147", "1414", "1674", "1117", "1475"),
    major_progressions=("1414", "1625", "1464", "4516", "1115"),
    grooves=(
        Groove({"kick": "9.....7. ..7...5.", "snare": "....9..3 .3..9..3", "hat": "7.5.6.5. 7.5.6.5."},
            _FILL),
        Groove({"kick": "9..6.... ..7..7..", "snare": "....9... .4..9...", "hat": "7.446.44 7.446.44"},
            _FILL),
        Groove({"kick": "9.....6. 7....6..", "snare": "....9.3. .3..9..4", "hat": "7.5.6.5. 7.5.6...",
                "open": "........ ......6."}, _FILL),
    ),
    comping=("x.x...x. x.x..x.x", "X..xx.x. ..xx..x.", "x.xx..xx .xx.x..x", "..X-..x. ..X-.x.x"),
    bass=("r...r.o. ..s.r.a.", "r-.r.ro. ..f.s.o.", "r...r-o. s.o.r.a.", "rr..o..r ..f.s.a."),
    cells=("x.x...x- ..x.....", "..x.x.x- ........", "x--x..x. x-......", "....x.xx x---....",
        "x.xx.x-- ........"),
    form="song",
    chord_size=4,
    swing=0.54,
    human_ms=5,
    kit="acoustic",
    levels={"bass": 1.5, "chords": 1.5, "lead": 1.0, "pad": -2.0},
    space=Space(0.9, -18, 7000),
    colour=Colour(0.5, 0.2, 0.05),
    feel={"hat": -5, "snare": 4, "bass": -2},
    riffs=0.6,
    dynamics_db=4,
    lead_register=69,
)  # fmt: skip
