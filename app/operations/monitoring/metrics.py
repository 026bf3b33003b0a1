"""The figures that a worker process counts, for Prometheus.

They are kept in files of the folder that ``PROMETHEUS_MULTIPROC_DIR`` names, which must be set before this is imported;
app/operations/monitoring/exporter.py adds up those of every worker. No label takes a value that clients choose freely.
"""

import platform

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event

from app import __version__
from app.database.database import Database
from app.middleware.cache import ResponseCache
from app.operations.monitoring.requests import ObservedRequest

_METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "company_profiles_requests", "Requests that were answered, by the template of their address.", ["method", "route", "status"]
)
DURATION = Histogram(
    "company_profiles_request_duration_seconds", "From a request to the end of its answer.", ["method", "route"], buckets=_BUCKETS
)
IN_FLIGHT = Gauge("company_profiles_requests_in_flight", "Requests under way.", multiprocess_mode="livesum")
CACHE = Counter("company_profiles_cache_requests", "Requests by whether the cache had their answer.", ["result"])
CACHE_BYTES = Gauge("company_profiles_cache_bytes", "Memory that kept answers take.", multiprocess_mode="livesum")
CACHE_ENTRIES = Gauge("company_profiles_cache_entries", "Answers that are kept.", multiprocess_mode="livesum")
POOL_SIZE = Gauge(
    "company_profiles_database_pool_size", "Most connections that the pools of all workers hold.", multiprocess_mode="livesum"
)
CHECKED_OUT = Gauge(
    "company_profiles_database_connections_in_use", "Connections that are taken from the pools.", multiprocess_mode="livesum"
)
BUILD = Gauge(
    "company_profiles_build_info", "1, with the versions as labels.", ["version", "python"], multiprocess_mode="livemax"
)


class RequestFigures:
    """Counts requests, and what the cache holds after each that it could not answer."""

    def __init__(self, cache: ResponseCache | None) -> None:
        self._cache = cache
        BUILD.labels(__version__, platform.python_version()).set(1)

    def begin(self) -> None:
        IN_FLIGHT.inc()

    def end(self, request: ObservedRequest) -> None:
        IN_FLIGHT.dec()
        method = request.method if request.method in _METHODS else "other"
        route = request.route or "unmatched"
        REQUESTS.labels(method, route, str(request.status or "none")).inc()
        DURATION.labels(method, route).observe(request.seconds)
        if request.state.cache is not None:
            CACHE.labels(request.state.cache).inc()
        if request.state.cache == "miss" and self._cache is not None:
            CACHE_BYTES.set(self._cache.size)
            CACHE_ENTRIES.set(self._cache.entries)


def watch_pools(database: Database) -> None:
    """Counts the connections that are taken from the pools of a database, at the moment when they are."""
    for engine in database.engines:
        POOL_SIZE.inc(database.pool_size)
        event.listen(engine, "checkout", lambda *_: CHECKED_OUT.inc())
        event.listen(engine, "checkin", lambda *_: CHECKED_OUT.dec())
