"""Two ways to a picture: a process here that draws it, and a generator elsewhere that is asked."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aimusicverse._version import __version__
from aimusicverse.egress import EgressError, Rules
from aimusicverse.server import pictures
from aimusicverse.server.artwork.generators.base import ArtworkGenerator, GeneratorError
from aimusicverse.server.artwork.looking import looked_into
from aimusicverse.server.artwork.picture_file import PictureFile
from aimusicverse.server.artwork.thumbnails import written
from aimusicverse.server.artwork.uploads import SIDES
from aimusicverse.server.artwork.vigil import LOOK_SECONDS, Vigil
from aimusicverse.server.problems import Refusal
from aimusicverse.types import ArtworkProvenance

log: Final = logging.getLogger("aimusicverse.server.artwork")

#: A picture takes some seconds to draw; what takes so long never ends.
LONGEST_SECONDS: Final = 120.0
COMMAND: Final = (sys.executable, "-m", "aimusicverse.server.artwork.drawing")


class NoPicture(Exception):
    """There is none. The code is a problem's, the message is for the person who wants it.

    Args:
        code: of a problem.
        message: why.
        final: trying again gives the same.
    """

    def __init__(self, code: str, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.final = final


@dataclass(frozen=True, slots=True)
class Made:
    """A picture, in files in a workspace, each with its row."""

    files: Sequence[tuple[Path, PictureFile]]
    #: Of the picture itself, as they are kept.
    facts: dict[str, Any]
    #: The style that was chosen, of a picture that is drawn.
    style: str | None
    provenance: ArtworkProvenance


def draw(wish: dict[str, Any], folder: Path, vigil: Vigil) -> Made:
    """Let a process of its own draw it. Killed with whatever ends this.

    Raises:
        NoPicture: it cannot be drawn, or the process died.
        Interrupted, ClaimLost: nobody wants it now.
        OSError: no room, among others.
    """
    said, words = folder / "said", folder / "words"
    with said.open("wb") as out, words.open("wb") as err:
        child = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            start_new_session=True,
            # Two side by side must not fight over cores, and one thread gives one order of sums.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        )
        try:
            _tell(child, {"wish": wish, "folder": str(folder)})
            _watch(child, vigil)
        finally:
            child.kill()
            child.wait()
            _close(child)
    done = _done(said.read_text("utf-8"), words.read_text("utf-8", "replace"), child.returncode)
    provenance = ArtworkProvenance(
        engine="artwork", engine_version=__version__, seed=wish["seed"], licence="yours", ai="none"
    )
    files = [(folder / name, PictureFile(*row)) for name, *row in done["files"]]
    return Made(files, done["facts"], done["style"], provenance)


def generate(
    generator: ArtworkGenerator, rules: Rules, wish: dict[str, Any], folder: Path, vigil: Vigil
) -> Made:
    """Ask a generator, and judge what it sends as an upload is judged.

    Raises:
        NoPicture: it sent none.
        Interrupted, ClaimLost: nobody wants it now.
        OSError: no room, among others.
    """
    try:
        content = asyncio.run(_asked(generator, rules, wish, vigil))
        picture = pictures.redrawn(content, sides=SIDES)
    except GeneratorError as error:
        raise NoPicture("generator_failed", error.message, final=error.final) from None
    except EgressError as error:
        raise NoPicture("generator_failed", f"{generator.name} was not reached: {error.message}") from None
    except Refusal as refusal:
        told = refusal.problem()
        raise NoPicture(
            "generator_failed", f"{generator.name} sent what cannot be used: {told.title}"
        ) from None
    provenance = ArtworkProvenance(
        engine=generator.name,
        engine_version=generator.model,
        prompt=wish["prompt"],
        seed=wish["seed"],
        licence=generator.licence,
        ai="all",
    )
    files = written(picture.content, picture.media_type, folder)
    return Made(files, looked_into(picture.content, picture.media_type), None, provenance)


async def _asked(generator: ArtworkGenerator, rules: Rules, wish: dict[str, Any], vigil: Vigil) -> bytes:
    from aimusicverse.egress import Egress  # aiohttp: only a server that asks pays

    async with Egress(rules) as egress:
        asking = asyncio.ensure_future(generator.picture(egress, wish["prompt"], wish["seed"]))
        try:
            while not (await asyncio.wait([asking], timeout=LOOK_SECONDS))[0]:
                await asyncio.to_thread(vigil.look)
            return asking.result()
        finally:
            asking.cancel()


def _tell(child: subprocess.Popen[bytes], order: dict[str, Any]) -> None:
    assert child.stdin is not None  # noqa: S101 - a pipe
    try:
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        pass  # it died early: what it left on standard error says why


def _close(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None  # noqa: S101 - a pipe
    with suppress(OSError):  # unsent bytes to a dead child
        child.stdin.close()


def _watch(child: subprocess.Popen[bytes], vigil: Vigil) -> None:
    began = time.monotonic()
    while True:
        try:
            child.wait(LOOK_SECONDS)
            return
        except subprocess.TimeoutExpired:
            vigil.look()
        if time.monotonic() - began > LONGEST_SECONDS:
            raise NoPicture("artwork_failed", f"It took longer than {LONGEST_SECONDS:g} s to draw")


def _done(said: str, words: str, code: int) -> dict[str, Any]:
    """What a child that has ended leaves behind.

    Raises:
        NoPicture: nothing that can be used.
    """
    if not said:
        last = words.strip().splitlines()[-1:] or [f"exit status {code}"]
        log.error("the drawing process died", extra={"error": last[0][:300]})
        raise NoPicture("artwork_failed", "The process that draws it died")
    answer = json.loads(said)
    if "done" in answer:
        done: dict[str, Any] = answer["done"]
        return done
    error = answer["error"]
    if error["code"] == "lettering":
        raise NoPicture("lettering_impossible", error["message"], final=True)
    if error["code"] == "storage_full":
        raise NoPicture("storage_full", error["message"], final=True)
    if error["code"] == "defect":
        log.error("drawing met a defect", extra={"error": words[-2000:]})
    # A design that cannot be does not become one.
    raise NoPicture("artwork_failed", error["message"], final=error["code"] not in ("defect", "memory"))
