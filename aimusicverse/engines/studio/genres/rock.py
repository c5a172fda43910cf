"""Rock: a loud back-beat, power chords through a valve amplifier, a guitar that sings over them."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "9.....8. 9.......", "snare": "....9... 8888....", "high tom": "........ ....88..",
         "tom": "........ ......8.", "low tom": "........ .......9"}  # fmt: skip

ROCK = Genre(
    name="rock",
    words=("hard rock", "metal", "heavy metal", "punk", "alternative", "indie rock", "grunge", "indie",
        "guitar rock"),
    tempo=(104, 124, 152),
    minor=0.6,
    instruments=("distorted guitar", "drums", "electric bass", "electric guitar", "organ"),
    roles={"electric guitar": "lead", "organ": "pad", "synth lead": "lead", "piano": "chords"},
    minor_progressions=("1675", "1637", "1467", "1734", "1376"),
    major_progressions=("1564", "1415", "1645", "1465", "6415"),
    grooves=(
        Groove({"kick": "9.....7. 9.7.....", "snare": "....9... ....9...", "hat": "8.5.8.5. 8.5.8.5."},
            _FILL),
        Groove({"kick": "9...7... 9.7...7.", "snare": "....9... ....9...", "hat": "8.5.8.5. 8.5.8.5."},
            _FILL),
        Groove({"kick": "9..7..7. 9.......", "snare": "....9... ....9...", "ride": "9.6.9.6. 9.6.9.6."},
            _FILL),
    ),
    comping=("X-x.x.x-X-x.x.x-", "X---x-x-X---x-x-", "X-------x---x-x-", "x.x.x.x.x.x.x-x-"),
    bass=("r-r-r-r-r-r-r-a-", "r---r-r-r---r-a-", "r-r-r-r-f-f-o-a-"),
    cells=("x---x-x-x-----x-", "x-x-x---x---....", "x-------x-x-x---", "..x-x-x-x-------",
           "x-----x-x-x-x---", "x---..x-x-x-x---", "..x---x-x-x-x-x-"),
    form="song",
    chord_size=3,
    human_ms=5,
    kit="acoustic",
    levels={"drums": 2.0, "chords": 3.0, "lead": 0.0, "bass": 0.5},
    space=Space(1.2, -17, 7000),
    colour=Colour(0.4, 0.05, 0.1, 0.3),
    feel={"snare": 4},
    riffs=0.4,
    entries={"organ": 0.75},
    dynamics_db=4,
    lead_register=74,
)  # fmt: skip
