"""The instruments with strings that are plucked or struck, as strings with bodies.

Losses give times to -60 dB of 6.9 / (b1 + b3 f²): a low steel string rings six seconds and loses its treble
in a quarter of one, nylon rings half as long and darker, a bass string of gut is dull after a moment (N.
Fletcher and T. Rossing, "The Physics of Musical Instruments", chapters 9 and 12). Air and top modes of
guitars lie near 100 and 200 Hz (the same, chapter 9); stiffness of piano strings after R. Young,
"Inharmonicity of piano strings" (Acustica 4, 1954): 3.5e-4 at middle C, doubled every eight semitones.
"""

from __future__ import annotations

from aimusicverse.engines.studio.synth.noise import Noise
from aimusicverse.engines.studio.synth.string import String

PIANO = String(
    point=0.12, touch=1500, follow=0.35, stiffness=3.5e-4, stiffening=8, losses=(0.95, 5e-7),
    second=(0.3, 0.3, 0.9), damping=0.3, shine=2.2,
    body=((95, 0.8, 9), (190, 0.6, 12), (320, 0.5, 14)), grain=0.35, noise=Noise(0.25, 150, 2500, 0.06),
)  # fmt: skip

STEEL_GUITAR = String(
    point=0.19, touch=3200, follow=0.3, stiffness=8e-5, losses=(1.3, 1.8e-6), second=(0.3, 0.45, 0.8),
    damping=0.12, body=((102, 1.1, 12), (205, 1.3, 18), (390, 0.7, 20)), grain=0.5,
    noise=Noise(0.3, 800, 6000, 0.03),
)  # fmt: skip

NYLON_GUITAR = String(
    point=0.24, touch=1700, follow=0.3, stiffness=3e-5, losses=(1.9, 4e-6), second=(0.3, 0.45, 0.7),
    damping=0.14, body=((100, 1.3, 14), (198, 1.6, 20), (410, 0.8, 22)), grain=0.5,
    noise=Noise(0.16, 500, 3500, 0.025),
)  # fmt: skip

ELECTRIC_GUITAR = String(
    point=0.15, pickup=0.22, touch=1500, follow=0.3, stiffness=6e-5, losses=(0.9, 7e-7),
    second=(0.2, 0.6, 1.0), damping=0.08, body=((2800, 0.9, 1.6),), noise=Noise(0.12, 1000, 5000, 0.02),
)  # fmt: skip

HARP = String(
    point=0.42, touch=2400, follow=0.35, losses=(1.1, 2e-6), second=(0.35, 0.5, 0.5), damping=0.6,
    body=((140, 0.9, 10), (250, 0.8, 14), (420, 0.6, 18)), grain=0.4, noise=Noise(0.1, 600, 4000, 0.02),
)  # fmt: skip

ELECTRIC_BASS = String(
    point=0.16, pickup=0.17, touch=900, follow=0.2, stiffness=9e-5, losses=(1.1, 2.4e-6),
    second=(0.15, 0.6, 0.5), damping=0.06, noise=Noise(0.12, 700, 4000, 0.02),
)  # fmt: skip

UPRIGHT_BASS = String(
    point=0.28, touch=700, follow=0.2, stiffness=1.2e-4, losses=(2.4, 1.4e-5), second=(0.25, 0.6, 0.5),
    damping=0.09, body=((62, 0.5, 8), (105, 1.1, 12), (210, 0.8, 14)), grain=0.3,
    noise=Noise(0.16, 300, 2500, 0.04),
)  # fmt: skip
