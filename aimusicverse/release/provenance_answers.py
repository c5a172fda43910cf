"""The answers about machines that a track's provenance gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimusicverse.release.ai_parts import RECORDED
from aimusicverse.types.release import AiDisclosure

if TYPE_CHECKING:
    from aimusicverse.types.track import Track

#: The engine of what somebody brought: how that came about, nobody here knows.
_UPLOAD: Final = "upload"
#: The engine of this package: what it makes belongs to whoever asked.
_STUDIO: Final = "studio"


def provenance_answers(track: Track) -> AiDisclosure | None:
    """What an engine made of it, and how; `None`: of an upload nothing is known.

    An engine names the parts that it made; the others it did not make, whoever did.
    """
    made = track.provenance
    if made.engine == _UPLOAD:
        return None
    return AiDisclosure(
        **{aspect: "all" if aspect in made.ai_parts else "none" for aspect in RECORDED},
        tool=f"aimusicverse {made.engine}",
        tool_version=made.engine_version,
        plan="own" if made.engine == _STUDIO else None,
        licence=made.licence,
        prompt=made.prompt,
        seed=made.seed,
        made_on=track.created_at.date().isoformat(),
        output_id=made.generation_id or track.id,
    )
