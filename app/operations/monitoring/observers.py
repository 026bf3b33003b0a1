"""The observers of requests, by the settings. Without any, no request is observed."""

from app.database.database import Database
from app.middleware.cache import ResponseCache
from app.operations.monitoring.access_log import AccessLog
from app.operations.monitoring.requests import Observer
from app.operations.monitoring.traces import CachedSpans
from app.settings import Settings


def observers_of(settings: Settings, cache: ResponseCache | None) -> list[Observer]:
    """In the order in which they are called: a span gives a request the trace that its line in the log names."""
    observers: list[Observer] = []
    if settings.telemetry:
        observers.append(CachedSpans())
    if settings.log_level in ("info", "debug"):
        observers.append(AccessLog())
    if settings.metrics_port:
        from app.operations.monitoring.metrics import RequestFigures  # noqa: PLC0415 - what it imports takes memory

        observers.append(RequestFigures(cache))
    return observers


def watch_database(settings: Settings, database: Database) -> None:
    """Counts its connections, where Prometheus is served."""
    if settings.metrics_port:
        from app.operations.monitoring.metrics import watch_pools  # noqa: PLC0415 - as above

        watch_pools(database)
