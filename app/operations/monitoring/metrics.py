"""The Prometheus metrics of a worker process.

They are stored in files in the folder that ``PROMETHEUS_MULTIPROC_DIR`` names, which must be set before this is imported;
app/operations/monitoring/exporter.py adds up those of all workers. No label takes a value that clients choose freely.
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

REQUESTS = Counter("company_profiles_requests", "Requests by method, route and status.", ["method", "route", "status"])
DURATION = Histogram(
    "company_profiles_request_duration_seconds",
    "Time from request to end of response.",
    ["method", "route"],
    buckets=_BUCKETS,
)
IN_FLIGHT = Gauge("company_profiles_requests_in_flight", "Requests in progress.", multiprocess_mode="livesum")
CACHE = Counter("company_profiles_cache_requests", "Requests by whether the cache had the response.", ["result"])
CACHE_BYTES = Gauge("company_profiles_cache_bytes", "Memory that cached responses take.", multiprocess_mode="livesum")
CACHE_ENTRIES = Gauge("company_profiles_cache_entries", "Cached responses.", multiprocess_mode="livesum")
POOL_SIZE = Gauge(
    "company_profiles_database_pool_size",
    "Maximum number of pooled connections of all workers.",
    multiprocess_mode="livesum",
)
CHECKED_OUT = Gauge("company_profiles_database_connections_in_use", "Connections in use.", multiprocess_mode="livesum")
BUILD = Gauge(
    "company_profiles_build_info", "1, with the versions as labels.", ["version", "python"], multiprocess_mode="livemax"
)


class RequestMetrics:
    """Counts requests, and the contents of the cache after each miss."""

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


def instrument_pools(database: Database) -> None:
    """Counts the connections in use of the pools of a database."""
    for engine in database.engines:
        POOL_SIZE.inc(database.pool_size)
        event.listen(engine, "checkout", lambda *_: CHECKED_OUT.inc())
        event.listen(engine, "checkin", lambda *_: CHECKED_OUT.dec())
