"""Prometheus figures on a port of their own: the sum over all workers, and what the database itself says.

A thread of the process in which ``serve`` began answers. The workers write their figures to files, which that thread
adds up; so a worker that is busy or has ended is counted too.
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
"""For the database, at each scrape."""


class ExporterPortTaken(Exception):
    """The address for Prometheus cannot be listened on; the message says why and what to do."""


@contextmanager
def exported(settings: Settings) -> Iterator[None]:
    """Serves ``/metrics`` to the end of the block, if the settings want that. Raises ExporterPortTaken."""
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
    """Starts the thread; returns what ends it."""
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - it takes memory that only this needs

    registry = CollectorRegistry()
    registry.register(WorkerFigures(folder))
    registry.register(DatabaseFigures(settings))
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


class WorkerFigures:
    """The sum of what the workers have written, without what a worker that ended had under way. A collector of Prometheus'."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one_at_a_time = threading.Lock()  # one scrape may not read what another removes

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead  # noqa: PLC0415 - as above

        with self._one_at_a_time:
            for process in {int(path.stem.rpartition("_")[2]) for path in self._folder.glob("gauge_live*.db")}:
                if not _runs(process):
                    mark_process_dead(process, str(self._folder))  # type: ignore[no-untyped-call] # the library has no types
            # A file that a worker has only just made is empty for a moment, and the library cannot read it.
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


class DatabaseFigures:
    """What the primary says when it is asked. A collector of Prometheus'."""

    def __init__(self, settings: Settings) -> None:
        hasty = {"database_pool_size": 1, "database_wait_seconds": min(_WAIT_SECONDS, settings.database_wait_seconds)}
        self._database = Database(settings.model_copy(update=hasty))

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - as above

        figures = self._read()
        yield GaugeMetricFamily("company_profiles_database_up", "Whether the primary answers.", int(figures is not None))
        if figures is not None:
            yield GaugeMetricFamily("company_profiles_newest_revision", "Number of the newest revision.", figures[0])
            yield GaugeMetricFamily("company_profiles_database_bytes", "Size of the database.", figures[1])

    def _read(self) -> tuple[int, int] | None:
        """The newest revision and the size in bytes; None where the database does not answer."""
        try:
            with self._database.reading() as connection:
                return _read_figures(connection)
        except DATABASE_ERRORS:
            return None
        finally:
            self._database.engine.dispose()


def _read_figures(connection: Connection) -> tuple[int, int]:
    return connection.execute(select(RevisionHead.newest)).scalar_one(), database_bytes(connection)
