"""What is measured, in the words of Prometheus. This module imports prometheus-client: load it when asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from aimusicverse._version import __version__
from aimusicverse.server.health.service import Rows
from aimusicverse.server.services import Services
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.usage.latency import EDGES
from aimusicverse.server.usage.service import NO_ROUTE
from aimusicverse.server.usage.tally import BYTES, FIRST_STEP, LIMITED, MICROS, Counts, requests
from aimusicverse.server.usage.totals import Route

#: The ends of the histogram's buckets, in seconds, and how many of our steps lie below: 1, 2 and 5 of each
#: power of ten.
_BUCKETS: Final = tuple(
    (f"{edge / 1e6:g}", step + 1)
    for step, edge in enumerate(EDGES)
    if str(edge).rstrip("0") in ("1", "2", "5")
)


def exposition(services: Services, rows: Rows | None, accept: str) -> tuple[bytes, str]:
    """All metrics as text, and of which type that is.

    Args:
        services: of this process.
        rows: what the database says; `None` if it does not answer.
        accept: the header, which may ask for OpenMetrics.
    """
    registry = CollectorRegistry()
    for source in (_Ours(services, rows), ProcessCollector(registry=None), PlatformCollector(registry=None)):
        registry.register(_Named(source, services.process))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _Named(Collector):
    """Says of each sample of which process it is."""

    def __init__(self, source: Collector, process: str) -> None:
        self._source = source
        self._process = process

    def collect(self) -> Iterable[Metric]:
        """With their label."""
        for family in self._source.collect():
            family.samples = [
                sample._replace(labels={**sample.labels, "process": self._process})
                for sample in family.samples
            ]
            yield family

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand."""
        return []


class _Ours(Collector):
    """What this server knows of itself."""

    def __init__(self, services: Services, rows: Rows | None) -> None:
        self._services = services
        self._rows = rows

    def collect(self) -> Iterator[Metric]:
        """Everything."""
        yield InfoMetricFamily("amv", "This version.", {"version": __version__})
        yield from _requests(self._services.usage.totals.all())
        yield from _of_process(self._services)
        up = GaugeMetricFamily("amv_database_up", "Whether the database answered.")
        up.add_metric([], float(self._rows is not None))
        yield up
        if self._rows is not None:
            yield from _of_database(self._rows)


def _requests(totals: dict[Route, Counts]) -> Iterator[Metric]:
    answered = CounterMetricFamily(
        "amv_requests", "Requests, by the template of their route.", labels=["route", "method", "status"]
    )
    together: dict[tuple[str, str], list[Counts]] = defaultdict(list)
    for kind, counts in sorted(totals.items()):
        answered.add_metric([_route(kind.route), kind.method, str(kind.status)], requests(counts))
        together[_route(kind.route), kind.method].append(counts)
    took = HistogramMetricFamily(
        "amv_request_seconds",
        "How long they took, without what a long poll waits.",
        labels=["route", "method"],
    )
    limited = CounterMetricFamily(
        "amv_rate_limited", "Requests that were refused because of a rate limit.", labels=["route", "method"]
    )
    sent = CounterMetricFamily("amv_sent_bytes", "Bytes of the answers' bodies.", labels=["route", "method"])
    for labels, several in together.items():
        summed = [sum(column) for column in zip(*several, strict=True)]
        took.add_metric(list(labels), _buckets(summed[FIRST_STEP:]), summed[MICROS] / 1e6)
        limited.add_metric(list(labels), summed[LIMITED])
        sent.add_metric(list(labels), summed[BYTES])
    yield from (answered, took, limited, sent)


def _buckets(steps: Sequence[int]) -> list[tuple[str, float]]:
    return [*((edge, float(sum(steps[:below]))) for edge, below in _BUCKETS), ("+Inf", float(sum(steps)))]


def _route(template: str) -> str:
    return template.removeprefix(PREFIX) or NO_ROUTE


def _of_process(services: Services) -> Iterator[Metric]:
    queue = GaugeMetricFamily("amv_store_queue", "Calls that wait for the database.", labels=["operation"])
    queued = services.store.queued
    queue.add_metric(["write"], queued.writes)
    queue.add_metric(["read"], queued.reads)
    waiting = GaugeMetricFamily("amv_usage_waiting", "Requests that are not counted yet.")
    waiting.add_metric([], services.usage.waiting)
    dropped = CounterMetricFamily("amv_usage_dropped", "Requests that will never be counted.")
    dropped.add_metric([], services.usage.dropped)
    yield from (queue, waiting, dropped)


def _of_database(rows: Rows) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("amv_jobs", "Work that is not done.", labels=["kind", "state"])
    oldest = GaugeMetricFamily("amv_job_due_seconds", "How long the oldest has been due.", labels=["kind"])
    for kind in rows.jobs:
        jobs.add_metric([kind.kind, "later"], kind.later)
        jobs.add_metric([kind.kind, "due"], kind.due)
        jobs.add_metric([kind.kind, "running"], kind.running)
        oldest.add_metric([kind.kind], kind.oldest_due_seconds or 0.0)
    alive = GaugeMetricFamily("amv_processes", "Processes that are alive.", labels=["does"])
    alive.add_metric(["answers"], sum(process.answers for process in rows.processes))
    alive.add_metric(["jobs"], sum(process.slots > 0 for process in rows.processes))
    deliveries = GaugeMetricFamily(
        "amv_deliveries", "Webhooks' deliveries that are pending.", labels=["state"]
    )
    deliveries.add_metric(["due"], rows.deliveries.due)
    deliveries.add_metric(["later"], rows.deliveries.later)
    yield from (jobs, oldest, alive, deliveries)
