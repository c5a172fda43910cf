"""Blues: twelve bars, sevenths, a shuffle; the harmonica tells it and the guitar agrees."""

from aimusicverse.engines.studio.genres.vocabulary import Genre, Groove, Space

_FILL = {"kick": "8.....6. 8.......", "snare": "....8... 7.6.7.8.", "ride": "7.5.7.5. ........",
         "tom": "........ ..6...7."}  # fmt: skip

BLUES = Genre(
    name="blues",
    words=("bluesy", "12 bar", "twelve bar", "chicago blues", "delta blues", "texas blues", "boogie woogie",
           "rhythm and blues", "blues rock", "shuffle"),
    tempo=(72, 94, 116),
    minor=0.6,
    instruments=("electric guitar", "upright bass", "drums", "harmonica", "piano", "organ"),
    roles={"piano": "counter", "organ": "pad", "acoustic guitar": "chords", "brass": "counter"},
    minor_progressions=("111144115415", "141144115415", "141144115611", "111144114511"),
    major_progressions=("111144115415", "141144115415", "141144162515", "111144116251"),
    grooves=(
        Groove({"kick": "8.....5. 8.......", "snare": "....8... ....8...", "ride": "7.4.7.5. 7.4.7.5."},
            _FILL),
        Groove({"kick": "8...6... 8...6.5.", "snare": "....8.3. ....8...", "hat": "7.5.7.5. 7.5.7.5."},
            _FILL),
        Groove({"kick": "8.....6. ..7.....", "snare": "....8... ....8.4.", "ride": "7...7.5. 7...7.5."},
            _FILL),
    ),
    comping=("X-x.x-x.X-x.x-x.", "X---..x-x---..x-", "..x-..x-..x-..x-", "X-x-....X-x-..x-"),
    bass=("r-r-t-t-f-f-i-f-", "r---t---f---i---", "r-r-f-f-i-i-f-a-", "o---s---f---a---"),
    cells=("x-x-x-x-x---....", "..x-x-x-x-----..", "x---x-x-x---....", "....x-x-x-x-x---", "x-x-....x-x-x---",
           "x-----x-x-x-....", "..x-x---..x-x-x-"),
    form="twelve",
    chord_size=4,
    swing=0.65,
    swing_unit=2,
    human_ms=8,
    kit="acoustic",
    levels={"chords": 2.0, "bass": 1.0, "lead": 0.5, "pad": 1.0, "counter": 1.0},
    space=Space(1.0, -16, 6000),
    feel={"snare": 8, "lead": 10},
    riffs=0.5,
    entries={"organ": 0.8, "piano": 0.8},
    dynamics_db=7,
    lead_register=70,
    lead_from=0.5,
)  # fmt: skip
