"""Jazz: a walking bass, a swung ride, two-five-ones, a head and solos."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"ride": "7...8.6. ........", "snare": "....6..4 7..67.67", "kick": "6....... ..6....."}

JAZZ = Genre(
    name="jazz",
    words=("swing", "bebop", "smooth jazz", "jazz trio", "lounge", "cool jazz", "jazzy"),
    tempo=(92, 116, 144),
    minor=0.4,
    instruments=("piano", "upright bass", "drums", "vibraphone", "electric guitar"),
    roles={"vibraphone": "lead", "electric guitar": "counter", "brass": "lead", "organ": "chords"},
    minor_progressions=("2511", "1625", "4736", "1425", "6251"),
    major_progressions=("2511", "1625", "3625", "2514", "6251"),
    grooves=(
        Groove({"ride": "7...8.6. 7...8.6.", "hat": "....7... ....7...", "kick": "4...3... 4...3..."}, _FILL),
        Groove({"ride": "7...8.6. 7...8.6.", "hat": "....7... ....7...", "snare": "......3. ..3.....",
                "kick": "4...3... 4...3..."}, _FILL),
        Groove({"ride": "7...8.6. 7..68.6.", "hat": "....7... ....7...", "snare": "..3..... ......4.",
                "kick": "4...3... 4...3..5"}, _FILL),
    ),
    comping=("..X---.. ..x-....", "X--...x- ........", "......X- --..x-..", "X-....x- ..x-...."),
    bass=("r---t---f---a---", "r---f---o---a---", "r---t---s---a---", "r---s---f---a---"),
    cells=("x-x-x-x- x---....", "..x-x-x- x-x-x---", "x---..x- x-x-....", "x-xxx-x- x-----..",
        "....x-x- x-x-x-x-", "x-x-xxx- x-..x-x-", "x-..x-x- x-x-..x-", "x-x-..x- x-x-x---"),
    form="head",
    chord_size=4,
    swing=0.64,
    swing_unit=2,
    human_ms=8,
    kit="brushes",
    levels={"bass": 1.5, "drums": -1.0, "chords": 0.0},
    space=Space(1.1, -15, 6500),
    colour=Colour(0.9, 0.5, 0.2, cadences=True),
    leaps=0.9,
    feel={"lead": 12, "bass": -3, "snare": 4},
    lingers=True,
    riffs=0.8,
    span=5,
    entries={"electric guitar": 0.75},
    dynamics_db=5,
    lead_register=74,
    lead_from=0.5,
)  # fmt: skip
