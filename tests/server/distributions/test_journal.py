"""What a connector notes is fenced by the claim of its job, and durable before it goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from aimusicverse.server.distributions import progress
from aimusicverse.server.distributions.journal import JOURNAL, KeptJournal
from aimusicverse.server.distributions.starting import DELIVER
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import job as jobs
from tests.server.conftest import Api
from tests.server.distributions.test_killed import set_out
from tests.server.security.keys import store_of

SEALER = Sealer(bytes(32), JOURNAL)


def journal_of_whoever_claims(store: Store, who: str) -> KeptJournal:
    store.write_now(lambda tx: tx.execute(jobs.update().values(lease_until=0.0)))  # the lease has run out
    [job] = store.write_now(outbox.claim, who=who, limit=10, kinds=frozenset({DELIVER}))
    work = store.write_now(progress.started, job, SEALER)
    assert work is not None
    return KeptJournal(store, SEALER, job, work, threading.Event())


def test_a_lost_claim_notes_nothing_though_the_step_is_the_same(start: Callable[..., Api]) -> None:
    api = start(jobs=False)
    set_out(api.http, "soundcloud")
    store = store_of(api)
    early = journal_of_whoever_claims(store, "early")
    late = journal_of_whoever_claims(store, "late")
    late.write(batch="of the one who took it over")
    with pytest.raises(outbox.ClaimLost):
        early.write(batch="of the one who stood still")
    with pytest.raises(outbox.ClaimLost):
        early.progress(0.5)
    assert journal_of_whoever_claims(store, "third").known == {"batch": "of the one who took it over"}
