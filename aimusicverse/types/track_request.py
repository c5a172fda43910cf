"""What is asked for around a track."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aimusicverse.types.request import Request
from aimusicverse.types.track import AudioFormat


class PlayUrlCreate(Request):
    """Ask for a link that plays without a key."""

    format: AudioFormat = "mp3"
    expires_in_seconds: Annotated[int, Field(ge=1, le=7 * 24 * 3600)] = 3600
