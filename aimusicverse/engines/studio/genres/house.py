"""House: four on the floor, off-beat hats, stabs that pump against the kick."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {
    "kick": "9...9... 9.......",
    "clap": "....8... ....8.88",
    "hat": "..7...7. ..7.6666",
    "snare": "........ 3.4.5678",
}

HOUSE = Genre(
    name="house",
    words=("deep house", "dance", "edm", "electronic dance", "club", "progressive house", "disco", "electro",
           "electronic", "tropical house"),
    tempo=(116, 124, 130),
    minor=0.65,
    instruments=("drums", "synth bass", "piano", "pluck", "synth lead", "pad", "percussion"),
    roles={"piano": "chords", "organ": "chords", "strings": "pad"},
    minor_progressions=("1637", "1467", "6714", "1173", "4163"),
    major_progressions=("6415", "1564", "4516", "2614"),
    grooves=(
        Groove({"kick": "9...9... 9...9...", "clap": "....8... ....8...", "hat": "3.7.3.7. 3.7.3.7.",
                "open": "..6...6. ..6...6."}, _FILL),
        Groove({"kick": "9...9... 9...9...", "clap": "....8... ....8..3", "open": "..7...7. ..7...7.",
                "hat": "4.434.43 4.434.44"}, _FILL),
        Groove({"kick": "9...9... 9...9.4.", "clap": "....8... ....8...", "open": "..7...7. ..7...7.",
                "rim": "...5..5. ..5..5.."}, _FILL),
    ),
    comping=("x..x..x. ..x..x..", "..x-..x- ..x-..x-", "x--x--x- ..x--.x-", ".xx..x.x .xx..x.."),
    bass=("..r...r. ..r..or.", "r..r..r. r..o..a.", "..ro..ro ..rf..ro", "r.rr.or. r.rr.oa."),
    cells=("x..x..x. x...x...", "x.x.x..x ..x-....", "x---x..x ..x-x---", "..x-..x- x-x-x---",
           "x-x---x- ..x-x-..", "..x-x--x --x-....", "x--x--x- x---..x-"),
    arpeggios=("0120312013203120", "0.2.1.3.0.2.3.1.", "3210321032103201"),
    form="club",
    chord_size=4,
    human_ms=2,
    kit="club",
    levels={"drums": 1.5, "bass": 0.5},
    space=Space(1.6, -15, 7000),
    colour=Colour(0.25, 0.0, 0.0, detours=0.1),
    duck=0.65,
    riffs=0.5,
    dynamics_db=3,
    lead_register=76,
    lead_from=0.75,
    echo_beats=0.75,
)  # fmt: skip
