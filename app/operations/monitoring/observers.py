"""The observers of requests, by the settings. Without any, requests are not observed."""

from app.database.database import Database
from app.middleware.cache import ResponseCache
from app.operations.monitoring.access_log import AccessLog
from app.operations.monitoring.requests import Observer
from app.operations.monitoring.traces import CachedSpans
from app.settings import Settings


def observers_of(settings: Settings, cache: ResponseCache | None) -> list[Observer]:
    """In the order of their calls: a span gives a request the trace id that its log line shows."""
    observers: list[Observer] = []
    if settings.telemetry:
        observers.append(CachedSpans())
    if settings.log_level in ("info", "debug"):
        observers.append(AccessLog())
    if settings.metrics_port:
        from app.operations.monitoring.metrics import RequestMetrics  # noqa: PLC0415 - what it imports takes memory

        observers.append(RequestMetrics(cache))
    return observers


def instrument_database(settings: Settings, database: Database) -> None:
    """Counts the connections of a database, if metrics are served."""
    if settings.metrics_port:
        from app.operations.monitoring.metrics import instrument_pools  # noqa: PLC0415 - as above

        instrument_pools(database)
