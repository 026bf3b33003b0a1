"""Prometheus metrics on a port of their own: the sum over all workers, and those of the database.

A thread of the ``serve`` process serves them. The workers write their metrics to files, and this thread adds those up, so
a worker that is busy or has ended counts too.
"""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from app.database.database import Database
from app.database.diagnostics import database_bytes
from app.database.failures import DATABASE_ERRORS
from app.database.models import RevisionHead
from app.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_WAIT_SECONDS = 2.0
"""For a connection to the database, at each scrape."""


class ExporterPortTaken(Exception):
    """The host and port for Prometheus cannot be used. The message says why and what to do."""


@contextmanager
def exported(settings: Settings) -> Iterator[None]:
    """Serves ``/metrics`` to the end of the block, if the settings ask for it. Raises ExporterPortTaken."""
    if not settings.metrics_port:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="company-profiles-metrics-") as folder:
        os.environ[_FOLDER] = folder  # for this process and its workers, before the library is imported
        stop = _start(settings, Path(folder))
        try:
            yield
        finally:
            stop()
            os.environ.pop(_FOLDER, None)


def _start(settings: Settings, folder: Path) -> Callable[[], None]:
    """Starts the thread, and returns a function that stops it."""
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - only this needs the memory that it takes

    registry = CollectorRegistry()
    registry.register(WorkerMetrics(folder))
    registry.register(DatabaseMetrics(settings))
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as error:
        raise ExporterPortTaken(
            f"cannot serve Prometheus on {settings.metrics_host} port {settings.metrics_port}: {error.strerror or error};"
            " set PROFILES_METRICS_HOST and PROFILES_METRICS_PORT"
        ) from None

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop


class WorkerMetrics:
    """A Prometheus collector: the sum over the workers, without the requests in progress of workers that have ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one_at_a_time = threading.Lock()  # a scrape must not read a file that another one removes

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead  # noqa: PLC0415 - as above

        with self._one_at_a_time:
            for process in {int(path.stem.rpartition("_")[2]) for path in self._folder.glob("gauge_live*.db")}:
                if not _runs(process):
                    mark_process_dead(process, str(self._folder))  # type: ignore[no-untyped-call] # the library has no types
            # A file is empty for a moment after a worker has created it, and the library cannot read it then.
            begun = [str(path) for path in self._folder.glob("*.db") if path.stat().st_size]
            found = list(MultiProcessCollector.merge(begun))  # type: ignore[no-untyped-call] # as above
        yield from found


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class DatabaseMetrics:
    """A Prometheus collector: metrics of the primary, read at each scrape."""

    def __init__(self, settings: Settings) -> None:
        hasty = {"database_pool_size": 1, "database_wait_seconds": min(_WAIT_SECONDS, settings.database_wait_seconds)}
        self._database = Database(settings.model_copy(update=hasty))

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - as above

        found = self._read()
        yield GaugeMetricFamily("company_profiles_database_up", "Whether the primary is reachable.", int(found is not None))
        if found is not None:
            yield GaugeMetricFamily("company_profiles_newest_revision", "Number of the newest revision.", found[0])
            yield GaugeMetricFamily("company_profiles_database_bytes", "Size of the database.", found[1])

    def _read(self) -> tuple[int, int] | None:
        """The newest revision and the size in bytes; None if the database is not reachable."""
        try:
            with self._database.reading() as connection:
                return _read_metrics(connection)
        except DATABASE_ERRORS:
            return None
        finally:
            self._database.engine.dispose()


def _read_metrics(connection: Connection) -> tuple[int, int]:
    return connection.execute(select(RevisionHead.newest)).scalar_one(), database_bytes(connection)
