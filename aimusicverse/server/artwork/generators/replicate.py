"""Replicate: `POST /v1/models/{owner}/{name}/predictions`, then its state until it is final.

See replicate.com/docs/reference/http.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any, Final

from aimusicverse.egress import Answer, Egress
from aimusicverse.secret import Secret
from aimusicverse.server.artwork.generators.base import (
    DEADLINE_SECONDS,
    MOST_PICTURE_BYTES,
    MOST_WORDS_BYTES,
    GeneratorError,
    refused,
)

_WHO: Final = "Replicate"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_RUNNING: Final = ("starting", "processing")
_MOST_SEED: Final = 2**31 - 1
#: Seconds between two looks, and for all of them.
LOOK_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 300.0


class Replicate:
    """Pictures by a model on Replicate that takes a prompt and gives the address of a picture."""

    name: str = "replicate"

    def __init__(
        self,
        url: str,
        token: Secret,
        model: str,
        *,
        look: float = LOOK_SECONDS,
        longest: float = LONGEST_SECONDS,
    ) -> None:
        """Nothing is asked yet.

        Args:
            url: origin of the API.
            token: of the account.
            model: `owner/name`.
            look: seconds between two looks.
            longest: seconds that a picture may take.
        """
        self._url = f"{url.rstrip('/')}/v1"
        self._token = token
        self._look = look
        self._longest = longest
        self.model = model
        self.licence: str = f"by the terms of the model {model}"

    async def picture(self, egress: Egress, prompt: str, seed: int) -> bytes:
        """See `base.ArtworkGenerator`."""
        wish = {
            "prompt": prompt,
            "aspect_ratio": "1:1",
            "output_format": "jpg",
            "seed": seed % _MOST_SEED,
        }
        began = time.monotonic()
        prediction = await self._ask(
            egress, f"/models/{self.model}/predictions", json.dumps({"input": wish}).encode()
        )
        name = str(prediction.get("id"))
        if not _ID.fullmatch(name):
            raise GeneratorError(f"{_WHO} gave no id")
        while prediction.get("status") in _RUNNING:
            if time.monotonic() - began > self._longest:
                raise GeneratorError(f"{_WHO} took longer than {self._longest:g} s")
            await asyncio.sleep(self._look)
            prediction = await self._ask(egress, f"/predictions/{name}", None)
        if prediction.get("status") != "succeeded":
            why = str(prediction.get("error") or prediction.get("status"))[:300]
            raise GeneratorError(f"{_WHO} made no picture: {why}")
        return await self._fetched(egress, prediction.get("output"))

    async def _ask(self, egress: Egress, path: str, body: bytes | None) -> dict[str, Any]:
        """A prediction, made or looked at. Always at this address: the token goes nowhere that an answer
        names."""
        headers = {"Authorization": f"Bearer {self._token.get_secret_value()}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = await egress.send(
            self._url + path,
            method="GET" if body is None else "POST",
            headers=headers,
            body=body or b"",
            deadline_seconds=DEADLINE_SECONDS,
            read_at_most=MOST_WORDS_BYTES,
            keep=MOST_WORDS_BYTES,
        )
        said = _said(answer)
        if answer.status not in (200, 201, 202):
            raise refused(_WHO, answer, str(said.get("detail") or "")[:300])
        return said

    async def _fetched(self, egress: Egress, output: Any) -> bytes:
        """The file that an output names: an address, or a list of them."""
        url = output[0] if isinstance(output, list) and output else output
        if not isinstance(url, str):
            raise GeneratorError(f"{_WHO} named no picture", final=True)
        answer = await egress.send(
            url,
            method="GET",
            headers={"Accept": "image/*"},  # and no token: it is another host
            body=b"",
            deadline_seconds=DEADLINE_SECONDS,
            read_at_most=MOST_PICTURE_BYTES + MOST_WORDS_BYTES,
            keep=MOST_PICTURE_BYTES,
        )
        if answer.status != 200:
            raise GeneratorError(f"{_WHO} did not give its picture: {answer.status}")
        if answer.truncated:
            raise GeneratorError(f"{_WHO} sent a file that is not whole, or too large")
        return answer.body


def _said(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if isinstance(said, dict):
        return said
    if answer.status < 400:
        raise GeneratorError(f"{_WHO} said what is no prediction")
    return {}
