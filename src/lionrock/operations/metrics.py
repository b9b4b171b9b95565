"""Figures for Prometheus: what processes have counted, and what the database knows when it is asked.

No label holds a name, an address or a number of anybody: pages are named as `config/urls.py` names them,
things that are due as their table does, clusters by their code.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db import connection
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from lionrock.database.failures import broke_off

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Named by whoever starts several processes, before they start: each keeps its counts in a file there."""
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)
_REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Histogram(
    "lionrock_request_seconds",
    "Requests by page, method and status, and how long they took.",
    ["page", "method", "status"],
    buckets=BUCKETS,
    registry=_REGISTRY,
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(page: str, method: str | None, status: int, seconds: float) -> None:
    """Count a request; a method that nobody has heard of is one more of "other"."""
    REQUESTS.labels(page, method if method in _METHODS else "other", str(status)).observe(seconds)


def written(now: datetime) -> bytes:
    """Return all figures as Prometheus reads them; without the database's where that is away."""
    registry = _REGISTRY
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    of_database = CollectorRegistry()
    of_database.register(_Known(now))
    return generate_latest(registry) + generate_latest(of_database)


class _Known:
    """What the database knows, as a collector."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Yield each figure, every one by a question of its own."""
        up = GaugeMetricFamily("lionrock_database_up", "Whether the database answers.")
        try:
            found = [*_of_rows(), *_of_queues(), *_of_sites(), *_of_server()]
        except Exception as error:
            if not broke_off(error):
                raise
            found = []
        up.add_metric([], 1.0 if found else 0.0)
        yield up
        yield from found


def _ask(question: str) -> list[tuple[str, float]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [(str(label), float(value)) for label, value in cursor.fetchall()]


def _gauge(name: str, said: str, label: str, question: str) -> Metric:
    metric = GaugeMetricFamily(name, said, labels=[label])
    for value, figure in _ask(question):
        metric.add_metric([value], figure)
    return metric


def _of_rows() -> Iterable[Metric]:
    runs = CounterMetricFamily("lionrock_due_runs", "How often each thing that is due was begun.", labels=["row"])
    failed = CounterMetricFamily("lionrock_due_failures", "How often each thing that is due failed.", labels=["row"])
    for metric, column in ((runs, "runs"), (failed, "failures")):
        for row, figure in _ask(f"SELECT name, {column} FROM operations_run ORDER BY name"):  # noqa: S608 - two names of ours
            metric.add_metric([row], figure)
    ended = "SELECT name, extract(epoch FROM ended_at) FROM operations_run WHERE ended_at IS NOT NULL ORDER BY name"
    return [
        runs,
        failed,
        _gauge("lionrock_due_last_success_seconds", "When each thing that is due last went well.", "row", ended),
    ]


def _of_queues() -> Iterable[Metric]:
    waiting = """
        SELECT 'mail', count(*) FROM notices_mail WHERE sent_at IS NULL AND given_up_at IS NULL
        UNION ALL SELECT 'notices', count(*) FROM notices_notice WHERE pending
        UNION ALL SELECT 'webhooks', count(*) FROM api_delivery WHERE taken_at IS NULL AND given_up_at IS NULL"""
    given_up = """
        SELECT 'mail', count(*) FROM notices_mail WHERE given_up_at IS NOT NULL
        UNION ALL SELECT 'webhooks', count(*) FROM api_delivery WHERE given_up_at IS NOT NULL"""
    return [
        _gauge("lionrock_waiting", "What waits to go out.", "queue", waiting),
        _gauge("lionrock_given_up", "What was tried in vain until nobody tries any more.", "queue", given_up),
    ]


def _of_sites() -> Iterable[Metric]:
    heard = """
        SELECT s.code, extract(epoch FROM l.seen_at) FROM usage_lastseen l JOIN sites_site s ON s.id = l.site_id
        WHERE l.seen_at IS NOT NULL ORDER BY s.code"""
    closed = """
        SELECT programme, extract(epoch FROM max(month)::timestamptz) FROM charging_monthclose
        GROUP BY programme ORDER BY programme"""
    return [
        _gauge("lionrock_site_heard_seconds", "When each cluster last answered.", "site", heard),
        _gauge("lionrock_last_closed_month_seconds", "The first day of the last closed month.", "programme", closed),
    ]


def _of_server() -> Iterable[Metric]:
    sessions = """
        SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database()
        GROUP BY 1 ORDER BY 1"""
    limit = "SELECT 'sessions', current_setting('max_connections')::int"
    size = "SELECT 'database', pg_database_size(current_database())"
    return [
        _gauge("lionrock_database_sessions", "Sessions with the database by what they do.", "state", sessions),
        _gauge("lionrock_database_most", "How many sessions there may be.", "what", limit),
        _gauge("lionrock_database_bytes", "How large the database is.", "what", size),
    ]
