"""Pop: four chords that go round, a verse that holds back, and a chorus in which everybody plays."""

from aimusicverse.engines.studio.genres.vocabulary import Genre, Groove, Space

_FILL = {"kick": "9.....7. 9.......", "snare": "....9... 5.6.7788", "clap": "....7... ........",
         "high tom": "........ .6......", "tom": "........ ...6....",
         "low tom": "........ .....7.."}  # fmt: skip

POP = Genre(
    name="pop",
    words=("pop song", "pop music", "pop ballad", "pop rock", "pop anthem", "indie pop", "electropop",
           "electro pop", "dance pop", "synth-pop", "k-pop", "kpop", "j-pop", "jpop", "radio pop",
           "dream pop",
           "power pop", "top 40", "boy band", "girl group", "teen pop"),
    tempo=(92, 112, 128),
    minor=0.3,
    instruments=("piano", "drums", "electric bass", "synth lead", "acoustic guitar", "pad", "pluck",
        "strings"),
    roles={"acoustic guitar": "chords", "strings": "counter", "electric guitar": "counter"},
    minor_progressions=("1637", "1673", "1467", "6713", "1647"),
    major_progressions=("1564", "6415", "1645", "4156", "1465"),
    grooves=(
        Groove({"kick": "9.....7. 9.......", "snare": "....9... ....9...", "clap": "....7... ....7...",
                "hat": "7.5.7.5. 7.5.7.5."}, _FILL),
        Groove({"kick": "9...6..7 ..9.....", "snare": "....9... ....9...", "clap": "....7... ....7...",
                "hat": "6.446.44 6.446.44"}, _FILL),
        Groove({"kick": "9...9... 9...9...", "snare": "....8... ....8...", "clap": "....7... ....7...",
                "open": "..6...6. ..6...6.", "hat": "6.4.6.4. 6.4.6.4."}, _FILL),
    ),
    comping=("X---x---X---x-x-", "X--x--x-X--x--x-", "X---x---x-x-x---", "X-----x-X---x-x-"),
    bass=("r---r-r-r---r-a-", "r-r-r-r-r-r-r-a-", "r-----r-r---o-a-", "r--r--r-r--r--o-"),
    cells=("x-x-x-x-x---....", "..x-x-x-x---x---", "x---x-x-x-----x-", "x-x---x-x-x-....", "x--x--x-x---x-x-",
           "x-x-x---..x-x---", "....x-x-x-x-x---"),
    arpeggios=("0.2.1.2.3.2.1.2.", "0.1.2.1.0.1.2.3.", "0.2.3.2.0.2.3.2."),
    form="anthem",
    chord_size=3,
    human_ms=4,
    kit="acoustic",
    levels={"drums": 1.5, "lead": 1.5, "chords": 1.0, "bass": 0.5, "pad": 6.0, "arp": 6.0,
        "counter": 2.0},
    space=Space(1.5, -14, 7500),
    duck=0.15,
    dynamics_db=7,
    lead_register=74,
    entries={"pluck": 0.75, "strings": 0.75, "pad": 0.75, "acoustic guitar": 0.75},
    echo_beats=0.5,
)  # fmt: skip
