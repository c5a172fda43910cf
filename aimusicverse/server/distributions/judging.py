"""Judges releases and counts prices, off the event loop: 500 tracks with many faults take a while."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from aimusicverse.release.price_table import PriceFileError
from aimusicverse.release.pricing import Unpriced, quote
from aimusicverse.release.validation import validate
from aimusicverse.server.distributions import known_facts, service, verdicts
from aimusicverse.server.problems import Refusal
from aimusicverse.types import DistributionQuote, DistributionValidate, Quote, Track, ValidationReport
from aimusicverse.types.release import Release

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

log: Final = logging.getLogger("aimusicverse.server")
T = TypeVar("T")

#: What 500 tracks that all lack the same would else say would be megabytes of the same.
MOST_OF_A_RULE: Final = 100


class Judged(NamedTuple):
    """What rules and prices say of a release.

    Args:
        report: what the rules say; `None`: they were not asked.
        quote: what the distributor costs.
        artwork_id: its cover; `None`: one is to be drawn.
    """

    report: ValidationReport | None
    quote: Quote | None
    artwork_id: str | None


class Judging:
    """One thread: releases are judged one at a time, so that nobody's 500 tracks starve the others' calls."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-rules")

    def close(self) -> None:
        """Finish what is being judged."""
        self._thread.shutdown(wait=True)

    async def report(self, call: CallContext, body: DistributionValidate) -> bytes:
        """The JSON of a `ValidationReport`.

        Raises:
            Refusal: an unknown store or distributor, a file, a track or artwork that is not there.
        """
        stores, distributor = service.stores_of(body.platforms), service.distributor_of(body.via)
        track_ids = _track_ids(body)
        meant = await call.read(service.meant, body.metadata, track_ids, call.services.known_tracks)
        image, problems = known_facts.of_cover(meant.looked)
        now = call.services.clock.now()

        def judged() -> bytes:
            release, audio = known_facts.completed(meant.release, meant.tracks)
            report = validate(
                verdicts.with_parties(release),
                stores,
                distributor,
                audio=audio,
                image=image,
                problems=problems,
                now=now,
            )
            return _listing_the_first(_of_artwork(report)).model_dump_json().encode()

        return await self._off_the_loop(judged)

    async def judged(
        self,
        call: CallContext,
        release: Release,
        track_ids: dict[int, str],
        platforms: Sequence[str],
        via: str | None,
        *,
        by_rules: bool,
    ) -> Judged:
        """What is needed to accept a release for some stores.

        Args:
            call: of whom.
            release: with its moment; it names tracks and artwork of this server.
            track_ids: by the number of the recording.
            platforms: known ones.
            via: a known one.
            by_rules: whether the rules are asked: of a draft they are not.

        Raises:
            Refusal: a track or artwork that is not there.
        """
        meant = await call.read(service.meant, release, track_ids, call.services.known_tracks)
        image, problems = known_facts.of_cover(meant.looked)
        now = call.services.clock.now()

        def judged() -> tuple[ValidationReport | None, Quote | None]:
            complete, audio = known_facts.completed(meant.release, meant.tracks)
            report = None
            if by_rules:
                report = _of_artwork(
                    verdicts.judged(
                        complete, platforms, via, audio=audio, image=image, problems=problems, now=now
                    )
                )
            return report, _priced(complete, via, platforms)

        report, quote = await self._off_the_loop(judged)
        return Judged(report, quote, None if meant.artwork is None else meant.artwork.id)

    async def quote(self, call: CallContext, body: DistributionQuote) -> bytes:
        """The JSON of a `Quote`.

        Raises:
            Refusal: an unknown store, distributor, plan or extra; a file; a track that is not there; the
                server's own prices cannot be read.
        """
        tracks = await _tracks(call, body)

        def counted() -> bytes:
            release, _ = known_facts.completed(body.metadata, tracks)
            return (
                quote(
                    release,
                    body.via,
                    stores=body.platforms,
                    plan=body.plan,
                    years=body.years,
                    extras=body.extras,
                    expected_revenue=body.expected_revenue,
                )
                .model_dump_json()
                .encode()
            )

        try:
            return await self._off_the_loop(counted)
        except Unpriced as error:
            raise service.unpriced(error.field, error.message) from None
        except PriceFileError as error:
            log.error("the prices cannot be read", extra={"error": str(error)})
            raise Refusal("prices_unreadable") from None

    async def _off_the_loop(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)


def _priced(release: Release, via: str | None, platforms: Sequence[str]) -> Quote | None:
    """What the distributor costs by his first plan; `None`: there is none, or nobody knows."""
    if via is None:
        return None
    try:
        return quote(release, via, stores=platforms)
    except Unpriced:
        return None
    except PriceFileError as error:
        log.error("the prices cannot be read", extra={"error": str(error)})
        return None


def _of_artwork(report: ValidationReport) -> ValidationReport:
    """The same, told of the artwork: here no release has a file for a cover."""
    targets = [
        target.model_copy(
            update={
                "findings": [
                    finding.model_copy(update={"field": "cover.artwork_id"})
                    if finding.field == "cover.file"
                    else finding
                    for finding in target.findings
                ]
            }
        )
        for target in report.targets
    ]
    return report.model_copy(update={"targets": targets})


def _listing_the_first(report: ValidationReport) -> ValidationReport:
    """With up to `MOST_OF_A_RULE` findings of each rule at each target, the others counted."""
    targets = []
    for target in report.targets:
        seen: Counter[str] = Counter()
        listed = []
        for finding in target.findings:
            seen[finding.rule] += 1
            if seen[finding.rule] <= MOST_OF_A_RULE:
                listed.append(finding)
        left_out = len(target.findings) - len(listed)
        targets.append(target.model_copy(update={"findings": listed, "left_out": left_out}))
    return report.model_copy(update={"targets": targets})


def _track_ids(body: DistributionValidate | DistributionQuote) -> dict[int, str]:
    """Which track each recording is, by its number.

    Raises:
        Refusal: it names files; ids do not fit.
    """
    service.refuse_files(body.metadata)
    return service.track_ids_of(body.metadata, body.track_ids)


async def _tracks(call: CallContext, body: DistributionQuote) -> dict[int, Track]:
    """The tracks that a request means.

    Raises:
        Refusal: it names files, or tracks that are not there.
    """
    track_ids = _track_ids(body)
    if not track_ids:
        return {}
    return await call.read(service.tracks_of, track_ids, call.services.known_tracks)
