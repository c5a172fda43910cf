"""The outline of a recording, to be drawn."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer


class Waveform(Answer):
    """Lowest and highest samples of short stretches, as `audiowaveform` (version 2 of its JSON) writes them.

    peaks.js and waveform-data.js read it as it is.
    """

    version: int = 2
    channels: int = Field(default=1, description="Always 1: the extremes of all channels together.")
    sample_rate: int = Field(description="Hz; of the recording.")
    samples_per_pixel: int = Field(description="Samples (of each channel) in a point; in the last, fewer.")
    bits: int = Field(default=16, description="Of a number in `data`: full scale is 32767.")
    length: int = Field(description="Points: as many as asked for, or some fewer.")
    data: list[int] = Field(description="Lowest, highest, lowest, highest…: two numbers a point.")
