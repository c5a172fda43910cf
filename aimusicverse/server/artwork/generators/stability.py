"""Stability AI, Stable Image Core: `POST /v2beta/stable-image/generate/core` (platform.stability.ai)."""

from __future__ import annotations

import json
import secrets
from typing import Final

from aimusicverse.egress import Egress
from aimusicverse.secret import Secret
from aimusicverse.server.artwork.generators.base import (
    DEADLINE_SECONDS,
    MOST_PICTURE_BYTES,
    MOST_WORDS_BYTES,
    GeneratorError,
    refused,
)

_WHO: Final = "Stability AI"
#: The largest seed that it takes.
_MOST_SEED: Final = 2**32 - 2


class Stability:
    """Pictures by Stable Image Core."""

    name: str = "stability"
    model: str = "stable-image-core"
    licence: str = "by the terms of Stability AI"

    def __init__(self, url: str, key: Secret) -> None:
        """Nothing is asked yet.

        Args:
            url: origin of the API.
            key: of the account.
        """
        self._url = f"{url.rstrip('/')}/v2beta/stable-image/generate/core"
        self._key = key

    async def picture(self, egress: Egress, prompt: str, seed: int) -> bytes:
        """See `base.ArtworkGenerator`."""
        fields = {
            "prompt": prompt,
            "aspect_ratio": "1:1",
            "output_format": "jpeg",
            "seed": str(1 + seed % _MOST_SEED),  # 0 is one of its own choice
        }
        boundary = secrets.token_hex(16)
        answer = await egress.send(
            self._url,
            headers={
                "Authorization": f"Bearer {self._key.get_secret_value()}",
                "Accept": "image/*",
                "Content-Type": f"multipart/form-data; boundary={boundary}",
            },
            body=_multipart(fields, boundary),
            deadline_seconds=DEADLINE_SECONDS,
            read_at_most=MOST_PICTURE_BYTES + MOST_WORDS_BYTES,
            keep=MOST_PICTURE_BYTES,
            returned=("finish-reason",),
        )
        if answer.status != 200:
            raise refused(_WHO, answer, _words(answer.body))
        if answer.headers.get("finish-reason") == "CONTENT_FILTERED":
            raise GeneratorError(f"{_WHO} does not show what the prompt asks for", final=True)
        if answer.truncated:
            raise GeneratorError(f"{_WHO} sent a file that is not whole, or too large")
        return answer.body


def _multipart(fields: dict[str, str], boundary: str) -> bytes:
    """RFC 7578. The boundary is random: no text can have it."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode()


def _words(body: bytes) -> str:
    """Its reasons: `{"name": …, "errors": [text, …]}`."""
    try:
        said = json.loads(body)
        errors = said["errors"]
        return "; ".join(str(one) for one in errors)[:300] if isinstance(errors, list) else ""
    except (ValueError, KeyError, TypeError):
        return ""
