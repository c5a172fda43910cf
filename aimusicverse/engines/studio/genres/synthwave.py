"""Synthwave: pulsing bass in eighths, a gated snare, a lead over wide analogue chords."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "9...9... 9.......", "snare": "....9... ..8.....", "high tom": "........ 8.......",
         "tom": "........ ...88...", "low tom": "........ .....989"}  # fmt: skip

SYNTHWAVE = Genre(
    name="synthwave",
    words=("retrowave", "80s", "eighties", "outrun", "vaporwave", "synthpop", "retro",
           "new wave", "cyberpunk"),
    tempo=(92, 104, 118),
    minor=0.75,
    instruments=("synth bass", "drums", "pad", "pluck", "synth lead", "brass"),
    roles={"brass": "counter", "electric guitar": "lead"},
    minor_progressions=("1637", "1673", "6713", "1476", "4167"),
    major_progressions=("1564", "6415", "1456", "4516"),
    grooves=(
        Groove({"kick": "9...7... 9...7...", "snare": "....9... ....9...", "hat": "6.4.6.4. 6.4.6.4."},
            _FILL),
        Groove({"kick": "9...7... 9..67...", "snare": "....9... ....9...", "hat": "6.446.44 6.446.44"},
            _FILL),
        Groove({"kick": "9.....7. 9.......", "snare": "....9... ....9...", "hat": "6.4.6.4. 6.4.6...",
                "open": "........ ......6."}, _FILL),
    ),
    comping=("X-------x-------", "X--x--x-X--x--x-"),
    bass=("r.r.r.r.r.r.r.r.", "r.rrr.rrr.rrr.ro", "r.o.r.o.r.o.r.o.", "r.r.r.r.f.f.o.a."),
    cells=("x-------x---x---", "x---x-x-x-------", "x--x--x-x-------", "..x-x-x-x---x---",
           "x-----x-x-----x-", "x---x-----x-x---", "x-x-x---x-----x-"),
    arpeggios=("0123210301232103", "0.1.2.3.2.1.2.1.", "0213021302130213"),
    form="song",
    chord_size=3,
    human_ms=2,
    kit="gated",
    levels={"pad": 2.0, "lead": 0.5, "drums": 1.0, "arp": 1.0},
    space=Space(1.8, -12, 6500),
    colour=Colour(0.4, 0.05, 0.1, 0.25),
    duck=0.3,
    riffs=0.3,
    entries={"pluck": 0.5},
    rests={"pad": ("verse",)},
    dynamics_db=4,
    lead_register=74,
    echo_beats=0.75,
)  # fmt: skip
