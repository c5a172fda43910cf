"""The door: a prompt goes in, the bytes of a file come out, and whoever sent them is not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # `Egress` loads aiohttp, and most servers have no generator
    from aimusicverse.egress import Answer, Egress

#: Bytes of an answer that is a picture, and of one that is not.
MOST_PICTURE_BYTES = 20 * 2**20
MOST_WORDS_BYTES = 200_000
#: Seconds for one exchange; a model may take long.
DEADLINE_SECONDS = 90.0


class GeneratorError(Exception):
    """No picture came.

    Args:
        message: what happened, for the person who wants it; no key is ever in it.
        final: asking again gives the same.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.final = final


class ArtworkGenerator(Protocol):
    """Makes square pictures of a prompt."""

    #: What it is called in a request, and as the source of an artwork.
    name: str
    #: Its model, and what its pictures may be used for: both are noted with the picture.
    model: str
    licence: str

    async def picture(self, egress: Egress, prompt: str, seed: int) -> bytes:
        """The file of a picture: JPEG, PNG or WebP, if the generator does what it says.

        Args:
            egress: the way out.
            prompt: what is to be seen.
            seed: for the same picture again, as far as the generator can.

        Raises:
            GeneratorError: it refused, failed, or said what nobody understands.
            EgressError: it was not reached.
        """
        ...


def refused(who: str, answer: Answer, words: str) -> GeneratorError:
    """What a status that is no success means.

    Args:
        who: the generator, for people.
        answer: what came.
        words: its reason, if it gave one.
    """
    told = f": {words}" if words else ""
    if answer.status in (401, 403) and not words:
        return GeneratorError(f"{who} does not accept this server's key", final=True)
    if answer.status == 402:
        return GeneratorError(f"{who} wants this server's account to be paid up", final=True)
    busy = answer.status == 429 or answer.status >= 500
    return GeneratorError(f"{who} answered {answer.status}{told}", final=not busy)
