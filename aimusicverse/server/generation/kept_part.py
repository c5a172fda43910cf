"""What a render keeps of an earlier recording, as its job carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aimusicverse.server.jobs import outbox

_NAME = "kept"


@dataclass(frozen=True, slots=True)
class KeptPart:
    """Of a track's master (the blob `sha256`): spans from and to a sample; `what` was done."""

    track_id: str
    sha256: str
    spans: tuple[tuple[int, int], ...]
    what: str


def payload_of(part: KeptPart | None) -> dict[str, Any]:
    """For the payload of a render's job."""
    if part is None:
        return {}
    spans = [list(span) for span in part.spans]
    return {_NAME: {"track_id": part.track_id, "sha256": part.sha256, "spans": spans, "what": part.what}}


def kept_by(job: outbox.Job) -> KeptPart | None:
    """What a render keeps."""
    said = job.payload.get(_NAME)
    if said is None:
        return None
    spans = tuple((int(first), int(last)) for first, last in said["spans"])
    return KeptPart(said["track_id"], said["sha256"], spans, said["what"])
