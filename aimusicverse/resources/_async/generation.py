"""`client.generation`: from a prompt to tracks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from aimusicverse.errors import APITimeoutError, JobFailedError
from aimusicverse.resources._async.pager import AsyncPager
from aimusicverse.resources._async.resource import AsyncResource
from aimusicverse.resources.composition import composition
from aimusicverse.resources.naming import id_of
from aimusicverse.resources.patience import Patience
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.rate_limit import rate_limit_of
from aimusicverse.transport.seam_async import async_sleep
from aimusicverse.types.engine import Engine, EngineList
from aimusicverse.types.generation import Generation
from aimusicverse.types.plan import Plan

if TYPE_CHECKING:
    from aimusicverse.types.generation_request import PlanEdit, PlanSectionEdit
    from aimusicverse.types.plan import PlanSection
    from aimusicverse.types.track import Track

_GENERATION = TypeAdapter(Generation)
_PLAN = TypeAdapter(Plan)
_ENGINES = TypeAdapter(EngineList)

Engines = list[Engine]  # inside the class, `list` is the method


class AsyncGenerations(AsyncResource):
    """Pieces of work: a prompt goes in, tracks come out."""

    async def create(
        self,
        prompt: str | None = None,
        *,
        duration_seconds: float | None = None,
        title: str | None = None,
        style: str | None = None,
        lyrics: str | None = None,
        tags: Iterable[str] = (),
        negative_tags: Iterable[str] = (),
        instrumental: bool = True,
        tempo_bpm: float | None = None,
        key: str | None = None,
        seed: int | None = None,
        variants: int = 1,
        engine: str | None = None,
        plan: Plan | PlanEdit | dict[str, Any] | None = None,
        sections: Iterable[PlanSection | PlanSectionEdit | dict[str, Any]] = (),
        extend: Track | str | None = None,
        extend_from_seconds: float | None = None,
        options: RequestOptions | None = None,
    ) -> Generation:
        """Ask for music. Answers at once, with the work still to be done: see `wait`.

        Args:
            prompt: what it should sound like; 1–500 characters. It may be left out only with `extend`.
            duration_seconds: 5–600, of the whole; else what `sections` take, or 60 (more, with `extend`).
            title: up to 100 characters.
            style: up to 1,000 characters.
            lyrics: up to 5,000 characters. An engine that does not sing stores them and warns.
            tags: up to 20, such as genres and moods.
            negative_tags: what it should not be; up to 20.
            instrumental: without vocals.
            tempo_bpm: beats per minute, 40–240.
            key: like "A minor".
            seed: the same seed, prompt and engine version give the same music.
            variants: how many tracks, 1–4.
            engine: its name, see `engines`; the server's default otherwise.
            plan: from `plan`, edited or not; the engine follows it instead of the prompt.
            sections: the form: names, bars, energies (0–1), as of a plan; with `extend`, what is added.
            extend: a track that goes on, or its id. It stays; the new one has its samples up to there.
            extend_from_seconds: from where; the bar line before it. By default after its last bar.
            options: for this call only.

        Raises:
            UnprocessableEntityError: the server does not accept a value; `problem.errors` says which.
            NotFoundError: no such track to extend, or not yours.
            ConflictError: that track cannot go on: it is not on record what was played in it.
            RateLimitError: too many calls.
            ConfigurationError: a value that JSON cannot carry, such as NaN.
        """
        body = composition(
            prompt=prompt,
            duration_seconds=duration_seconds,
            title=title,
            style=style,
            lyrics=lyrics,
            tags=tags,
            negative_tags=negative_tags,
            instrumental=instrumental,
            tempo_bpm=tempo_bpm,
            key=key,
            seed=seed,
            variants=variants,
            engine=engine,
            plan=plan,
            sections=sections,
            extend_track_id=None if extend is None else id_of(extend),
            extend_from_seconds=extend_from_seconds,
        )
        return await self._send("POST", "/generate", _GENERATION, body=body, options=options)

    async def plan(
        self,
        prompt: str | None = None,
        *,
        duration_seconds: float | None = None,
        title: str | None = None,
        style: str | None = None,
        lyrics: str | None = None,
        tags: Iterable[str] = (),
        negative_tags: Iterable[str] = (),
        instrumental: bool = True,
        tempo_bpm: float | None = None,
        key: str | None = None,
        seed: int | None = None,
        variants: int = 1,
        engine: str | None = None,
        plan: Plan | PlanEdit | dict[str, Any] | None = None,
        sections: Iterable[PlanSection | PlanSectionEdit | dict[str, Any]] = (),
        extend: Track | str | None = None,
        extend_from_seconds: float | None = None,
        options: RequestOptions | None = None,
    ) -> Plan:
        """What an engine understands by a prompt, and would do. Makes no music; arguments as of `create`.

        Raises:
            UnprocessableEntityError: the server does not accept a value; `problem.errors` says which.
        """
        body = composition(
            prompt=prompt,
            duration_seconds=duration_seconds,
            title=title,
            style=style,
            lyrics=lyrics,
            tags=tags,
            negative_tags=negative_tags,
            instrumental=instrumental,
            tempo_bpm=tempo_bpm,
            key=key,
            seed=seed,
            variants=variants,
            engine=engine,
            plan=plan,
            sections=sections,
            extend_track_id=None if extend is None else id_of(extend),
            extend_from_seconds=extend_from_seconds,
        )
        return await self._send("POST", "/generate/plan", _PLAN, body=body, options=options)

    async def get(
        self,
        generation: Generation | str,
        *,
        wait: int | None = None,
        options: RequestOptions | None = None,
    ) -> Generation:
        """How it is now. With `wait` (seconds, 0–60) the answer comes when it is final or the time is up.

        Raises:
            NotFoundError: no such generation, or not yours.
        """
        path = f"/generations/{id_of(generation)}"
        return await self._send("GET", path, _GENERATION, query={"wait": wait}, options=options, held=wait)

    def list(
        self, *, status: str | None = None, limit: int = 50, options: RequestOptions | None = None
    ) -> AsyncPager[Generation]:
        """Generations, newest first. `await` gives the first page, `async for` all of them.

        Args:
            status: only those in it: `queued`, `processing`, `completed`, `failed` or `cancelled`.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {"status": status, "limit": limit}
        return self._page("/generations", Generation, query=query, options=options)

    async def cancel(
        self, generation: Generation | str, *, options: RequestOptions | None = None
    ) -> Generation:
        """Stop working on it.

        Raises:
            NotFoundError: no such generation, or not yours.
            ConflictError: it is final already.
        """
        path = f"/generations/{id_of(generation)}/cancel"
        return await self._send("POST", path, _GENERATION, options=options)

    async def wait(
        self,
        generation: Generation | str,
        *,
        timeout: float | None = None,
        progress: Callable[[Generation], None] | None = None,
        options: RequestOptions | None = None,
    ) -> Generation:
        """Wait until it is completed, and return it as it is then.

        Args:
            generation: from `create`, or its id.
            timeout: seconds; None waits for as long as it takes.
            progress: called with the generation whenever it has moved on. What it raises ends the wait.
            options: for each of the calls. Each costs one of the key's allowance; without `progress` they
                are 30 seconds apart.

        Raises:
            JobFailedError: it failed or was cancelled; `.object` is the generation.
            APITimeoutError: it is not final in the time allowed. The server goes on working.
        """
        name = id_of(generation)
        patience = Patience(timeout, watched=progress is not None)
        current = generation if isinstance(generation, Generation) else None
        shown = None
        while True:
            if current is not None:
                state = (current.status, current.stage, current.progress)
                if progress is not None and state != shown:
                    progress(current)
                    shown = state
                if current.is_final:
                    return _completed(current)
            await async_sleep(patience.breath())
            if patience.is_over:
                raise patience.exhausted(name, current)
            current = await self._poll(name, patience, options) or current

    async def _poll(self, name: str, patience: Patience, options: RequestOptions | None) -> Generation | None:
        """How it is after a while; None when the time of the wait ended before the answer came."""
        held = patience.next_poll(rate_limit_of(self._engine.last_headers))
        within = patience.options(options, self._engine.settings.timeout + held)
        try:
            return await self.get(name, wait=held, options=within)
        except APITimeoutError:
            if not patience.is_over:
                raise
        return None

    async def engines(self, *, options: RequestOptions | None = None) -> Engines:
        """The engines of the server, and what each of them can do."""
        return (await self._send("GET", "/engines", _ENGINES, options=options)).data


def _completed(generation: Generation) -> Generation:
    if generation.status == "completed":
        return generation
    problem = generation.problem
    reason = f": {problem.detail or problem.title}" if problem else ""
    raise JobFailedError(f"{generation.id} {generation.status}{reason}", object=generation)
