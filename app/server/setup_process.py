"""Preparing a database for a server, in a process of its own: a server would hold for good what migrating and seeding take."""

import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pkgutil import resolve_name

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.database.database import Database
from app.database.engines import enable_write_ahead_log
from app.database.explain import public_name
from app.database.models import RevisionHead
from app.database.schema_version import NEWEST_VERSION, DatabaseForeign, DatabaseTooNew, current_version
from app.settings import Settings

_PREPARE = "app.server.setup:prepare_and_tell"
_FAULTS = (DatabaseForeign, DatabaseTooNew, DBAPIError)
"""What may be wrong with a database. Anything else is a fault of the program, which the other process tells itself."""


def prepare_apart(settings: Settings, database: Database, meanwhile: Callable[[], object]) -> list[str]:
    """Prepare a database, where it needs that, while something else is done here. Returns what was done, in lines for people.

    Raises what is wrong with the database. A signal that ends this process ends the other one too.
    """
    if not _needs_preparation(database, with_seed=settings.seed):
        return [f"Using the database {public_name(database.url)}"]
    processes = get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    process = processes.Process(target=_prepare, args=(settings, sender))
    process.start()
    sender.close()
    try:
        meanwhile()
        told: list[str] | Exception = receiver.recv()
    except EOFError:
        process.join()
        raise SystemExit(process.exitcode) from None
    finally:
        process.terminate()
        process.join()
        receiver.close()
    if isinstance(told, Exception):
        raise told
    return told


def _needs_preparation(database: Database, *, with_seed: bool) -> bool:
    enable_write_ahead_log(database.engine)
    with database.reading() as connection:
        if current_version(connection) != NEWEST_VERSION:
            return True
        return with_seed and connection.execute(select(RevisionHead.newest)).scalar_one() == 0


def _prepare(settings: Settings, sender: "Pipe[list[str] | Exception, object]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both processes, and the other one ends this one
    try:
        sender.send(resolve_name(_PREPARE)(settings))
    except _FAULTS as fault:
        sender.send(fault)
