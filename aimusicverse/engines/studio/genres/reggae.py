"""Reggae and dub: the one is left out, the chord falls off the beat, and what is struck comes back."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "........ 9.......", "rim": "........ 8.......", "snare": "........ 7..77.78",
         "high tom": "......7. .6......", "hat": "7.5.7.5. ........"}  # fmt: skip

REGGAE = Genre(
    name="reggae",
    words=("dub", "dub reggae", "roots reggae", "roots", "ska", "rocksteady", "dancehall", "one drop",
           "riddim",
           "jamaican", "rasta", "skank"),
    tempo=(66, 75, 86),
    minor=0.6,
    instruments=("organ", "electric bass", "drums", "melodica", "electric guitar", "electric piano",
        "percussion"),
    roles={"electric piano": "pad", "brass": "counter", "electric guitar": "counter", "piano": "chords"},
    minor_progressions=("1414", "1717", "1674", "1147", "1546"),
    major_progressions=("1414", "1515", "1645", "1245", "1465"),
    grooves=(
        Groove({"kick": "........ 9.......", "rim": "........ 9.......", "hat": "7.5.7.5. 7.5.7.5."}, _FILL),
        Groove({"kick": "........ 9.....4.", "rim": "......4. 9...4...", "hat": "7.537.5. 7.537.5."}, _FILL),
        Groove({"kick": "9...7... 9...7...", "rim": "........ 9.......", "hat": "7.5.7.5. 7.5.7.5.",
                "open": "........ ......6."}, _FILL),
    ),
    comping=("..X...X...X...X.", "..X.x.X...X.x.X.", "..Xx..Xx..Xx..Xx", ".xX..xX..xX..xX."),
    bass=("r---..r.f---..r.", "....r-r-t-r-f---", "r---r-f-....r-a-", "r-..f-..r-t-f-a-", "..r-r---..f-t-r-"),
    cells=("x---x-x-x---....", "....x-x-x-----..", "x-x---x-....x---", "x-----x-x---....", "..x-x-x-x-------",
           "x---....x-x-x---"),
    form="song",
    chord_size=3,
    human_ms=7,
    kit="one drop",
    levels={"bass": 3.0, "chords": 3.0, "drums": 2.0, "lead": 0.0, "pad": 7.0, "counter": 2.0,
        "percussion": 8.5},
    space=Space(1.7, -15, 4500),
    colour=Colour(0.3, 0.05, 0.05),
    feel={"chords": 8, "bass": 6, "snare": 5},
    riffs=0.4,
    dynamics_db=6,
    lead_register=72,
    entries={"percussion": 0.75, "electric guitar": 0.75, "electric piano": 0.75},
    tilt_db=3,
    echo_beats=0.75,
    echo_roles=("lead", "counter", "chords"),
    echo_taps=((0.12, 0.30), (0.22, 0.08), (0.05, 0.15), (0.10, 0.03)),
)  # fmt: skip
