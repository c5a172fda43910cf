"""Whatever is asked and whatever stores say, in any order: a delivery stands in a state that there is, with
one job at most, and what has ended does not come back. On a database without a server, a step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.clock import ServerClock
from aimusicverse.platforms.base import DeliveryError, Standing, StoreProblem
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.distributions import acting, editing, pace, progress, queries, service, submitting
from aimusicverse.server.distributions.judging import Judged
from aimusicverse.server.distributions.progress import Work
from aimusicverse.server.distributions.starting import DELIVER
from aimusicverse.server.distributions.states import ENDED, ORDER, STATUSES, Action, Step, together
from aimusicverse.server.distributions.submitting import Asked
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.allowance import Allowance
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import job as jobs
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import DistributionAct, DistributionConfirm, DistributionCreate, DistributionUpdate
from tests.release.sound_releases import SINGLE, changed

OWNER = Owner("usr_1")
KINDS = ("metadata", "auth", "quota", "transient", "policy", "unknown_outcome", "setup")
STANDS = ("processing", "ready", "live", "rejected", "failed", "action_required", "taken_down")
SEALER = Sealer(b"0" * 32, "journal")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock = ServerClock()
    store = open_store(None, tmp_path_factory.mktemp("states") / "amv.db", clock=clock)
    store.write_now(lambda tx: owners.insert_owner(tx, OWNER.id, name="x", tier="local"))
    yield store
    store.close()


def test_a_distribution_stands_as_the_first_of_its_deliveries_in_the_order_of_the_contract() -> None:
    assert sorted(ORDER) == sorted(STATUSES)
    for place, status in enumerate(ORDER):
        assert together([*ORDER[place:]]) == status
        assert together([status]) == status


def test_looks_come_soon_at_first_and_seldom_later() -> None:
    sandbox = [pace.look("sandbox", looks).total_seconds() for looks in range(7)]
    assert sandbox == [1, 2, 2, 3, 4, 4, 4]
    live = [pace.look("live", looks).total_seconds() for looks in range(9)]
    assert live == [5, 10, 20, 40, 60, 120, 300, 900, 900]
    tries = [pace.after_failure(failures).total_seconds() for failures in range(1, 7)]
    for least, seconds in zip((1, 4, 15, 60, 240, 900), tries, strict=True):
        assert least <= seconds <= 1.1 * least


class Simulated:
    """A delivery and its job, moved by hand."""

    def __init__(self, store: Store, via: str | None, release_in: int | None) -> None:
        self.store = store
        self.principal = Principal(
            OWNER, "key_1", "x", "live", frozenset(), None, Allowance("local", None, None)
        )
        self.id = store.write_now(self._make, via, release_in)
        self.running: tuple[outbox.Job, Work] | None = None

    def _make(self, tx: Transaction, via: str | None, release_in: int | None) -> str:
        body = DistributionCreate.model_validate({"metadata": SINGLE, "platforms": ["soundcloud"]})
        at = None if release_in is None else tx.now + timedelta(seconds=release_in)
        asked = Asked(body.metadata, at, [], ["soundcloud"], via, "sandbox")
        return submitting.create(tx, OWNER, body, asked, Judged(None, None, None)).id

    @property
    def row(self) -> Any:
        return self.store.read_now(queries.deliveries, OWNER, self.id)[0]

    def waiting(self) -> int:
        query = sa.select(sa.func.count()).where(jobs.c.ref == self.row.id, jobs.c.state == "waiting")
        return int(self.store.read_now(lambda tx: tx.scalar(query)))

    def act(self, action: Action) -> None:
        if action is Action.SUBMIT:
            return
        if action is Action.CONFIRM:
            body = DistributionConfirm(outcome="live")
            self.store.write_now(acting.confirm, OWNER, self.principal, self.id, body)
        else:
            self.store.write_now(acting.act, OWNER, self.principal, action, self.id, DistributionAct())

    def edit(self, number: int) -> None:
        at = (self.store.clock.now() + timedelta(days=number)).isoformat()
        metadata = changed(SINGLE, {"label": f"Label {number}"})
        body = {"metadata": metadata} if number % 2 else {"release_at": at}
        update = DistributionUpdate.model_validate(body)
        self.store.write_now(editing.update, OWNER, self.principal, self.id, update, None)

    def begin(self) -> None:
        """Its job is claimed, if it is due."""
        if self.running is None:
            for job in self.store.write_now(outbox.claim, who="me", limit=100, kinds=frozenset({DELIVER})):
                if job.ref != self.row.id:
                    continue
                work = self.store.write_now(progress.started, job, SEALER)
                self.running = None if work is None else (job, work)

    def end(self, said: Any) -> None:
        """The step ends, as the store says."""
        if self.running is None:
            return
        (job, work), self.running = self.running, None
        with suppress(outbox.ClaimLost):
            if isinstance(said, DeliveryError):
                self.store.write_now(progress.not_done, job, work, said)
            elif work.step is Step.VALIDATE:
                self.store.write_now(progress.validated, job, work, None)
            elif work.step is Step.ARTWORK:
                self.store.write_now(_past_the_cover, job, work)
            elif work.step is Step.WITHHOLD:
                self.store.write_now(progress.withheld, job, work)
            else:
                sealed = SEALER.seal('{"sent": 1}')
                if self.store.write_now(progress.keep_journal, job, work, sealed):
                    self.store.write_now(progress.done, job, work, said)
                else:
                    self.store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now))


def _past_the_cover(tx: Transaction, job: outbox.Job, work: Work) -> None:
    row = progress._held(tx, job, work)
    if row is not None:
        queries.change_delivery(tx, row.id, step=Step.DELIVER)
        outbox.put_back(tx, job, due_at=tx.now)


def standing(stands: str) -> Standing:
    return Standing(stands, external_id="x")  # type: ignore[arg-type]


def error(kind: str) -> DeliveryError:
    return DeliveryError(StoreProblem("some_code", "Something.", kind))  # type: ignore[arg-type]


SAID = st.one_of(st.sampled_from(STANDS).map(standing), st.sampled_from(KINDS).map(error))
MOVES = st.one_of(
    st.tuples(st.just("act"), st.sampled_from(list(Action))),
    st.tuples(st.just("begin"), st.none()),
    st.tuples(
        st.just("end"), st.one_of(st.sampled_from(STANDS).map(standing), st.sampled_from(KINDS).map(error))
    ),
    st.tuples(
        st.just("step"), st.one_of(st.sampled_from(STANDS).map(standing), st.sampled_from(KINDS).map(error))
    ),
    st.tuples(st.just("edit"), st.integers(1, 9)),
    st.tuples(st.just("later"), st.sampled_from([2, 1_000, 100_000])),
    st.tuples(st.just("connected"), st.none()),
    st.tuples(st.just("called"), st.none()),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MOVES, max_size=25), st.sampled_from([None, "distrokid"]), st.sampled_from([None, 500]))
def test_any_sequence_of_wishes_and_answers_leaves_a_delivery_that_stands_somewhere(
    store: Store, moves: list[tuple[str, Any]], via: str | None, release_in: int | None
) -> None:
    one = Simulated(store, via, release_in)
    for move, what in moves:
        before = one.row
        with suppress(Refusal):
            if move == "act":
                one.act(what)
            elif move == "edit":
                one.edit(what)
            elif move == "begin":
                one.begin()
            elif move == "end":
                one.end(what)
            elif move == "step":
                one.begin()
                one.end(what)
            elif move == "later":
                store.clock.set_offset(store.clock.offset + timedelta(seconds=what))
            elif move == "connected":
                store.write_now(service.account_connected, OWNER, "soundcloud", "sandbox")
            else:
                store.write_now(service.store_called, OWNER, "soundcloud", "sandbox", "x")
        row = one.row
        assert row.status in STATUSES
        assert row.step in set(Step)
        assert one.waiting() <= 1
        whole = store.read_now(queries.row, OWNER, one.id)
        assert whole.status == row.status
        if before.status == "taken_down":
            assert row.status == "taken_down"
        if before.status == "cancelled":  # a person has to be told where a store keeps it
            assert row.status in (*ENDED, "action_required")
        if row.status in ("queued", "validating", "uploading") and one.running is None:
            assert one.waiting() == 1, (row.status, row.step)
        if row.status == "scheduled":
            assert one.waiting() == 1
        if row.status in ("failed", "rejected", "action_required"):
            assert row.problem is not None
