"""Prepares a database in a process of its own: a server would never give back the memory that migrating and seeding take."""

import signal
from collections.abc import Callable
from multiprocessing import get_context

from sqlalchemy import select

from app.database.database import Database
from app.database.engines import enable_write_ahead_log
from app.database.models import RevisionHead
from app.database.schema_version import NEWEST_VERSION, current_version
from app.settings import Settings


def needs_preparation(database: Database, *, with_data: bool) -> bool:
    """Whether the database must be migrated, or get its first data, before it can serve."""
    enable_write_ahead_log(database.engine)
    with database.reading() as connection:
        if current_version(connection) != NEWEST_VERSION:
            return True
        return with_data and connection.execute(select(RevisionHead.newest)).scalar_one() == 0


def run_in_process(prepare: Callable[[Settings], None], settings: Settings, meanwhile: Callable[[], object]) -> None:
    """Run a function in a process of its own while this one does something else.

    That process reports its faults itself; its exit code then becomes that of this process. A signal that ends this
    process ends the other one too.
    """
    process = get_context("spawn").Process(target=_run, args=(prepare, settings))
    process.start()
    try:
        meanwhile()
        process.join()
    finally:
        process.terminate()
        process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def _run(prepare: Callable[[Settings], None], settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both processes, and the other one ends this one
    prepare(settings)
