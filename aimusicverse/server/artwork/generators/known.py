"""Which generators a server has: those that its settings give an account for."""

from __future__ import annotations

from collections.abc import Mapping

from aimusicverse.server.artwork.generators.base import ArtworkGenerator
from aimusicverse.server.settings import Settings

Generators = Mapping[str, ArtworkGenerator]


def known_generators(settings: Settings) -> Generators:
    """By name; none without an account."""
    found: dict[str, ArtworkGenerator] = {}
    if settings.stability_api_key is not None:
        from aimusicverse.server.artwork.generators.stability import Stability

        found["stability"] = Stability(settings.stability_url, settings.stability_api_key)
    if settings.replicate_api_token is not None:
        from aimusicverse.server.artwork.generators.replicate import Replicate

        found["replicate"] = Replicate(
            settings.replicate_url, settings.replicate_api_token, settings.replicate_model
        )
    return found
