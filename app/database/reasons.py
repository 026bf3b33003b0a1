"""Why the database cannot be used, in a sentence that names no host, user, file or password: anyone may read it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors.reading import DatabaseUnavailable

UNREACHABLE = "The database cannot be reached."
_REASONS = (
    ("connection refused", "The database server refuses connections: it is stopped, or another port is meant."),
    ("resolve host", "The host name of the database server is not known."),
    ("translate host name", "The host name of the database server is not known."),
    ("timeout expired", "The database server does not answer in time."),
    ("password", "The database server refuses the user or the password."),
    ("pg_hba.conf", "The database server does not let this user in from this machine."),
    ("too many clients", "The database server has no connection left: lower the pool size or the number of workers."),
    ("connection slots", "The database server has no connection left: lower the pool size or the number of workers."),
    ("does not exist", "The database server has no such database or user."),
    ("starting up", "The database server is starting."),
    ("shutting down", "The database server is ending."),
    ("read-only", "None of the database servers takes writes."),
    ("unable to open", "The database file cannot be opened: its folder is missing, or this user may not use it."),
    ("not a database", "The database file is not an SQLite database."),
    ("malformed", "The database file is damaged; restore it from a backup."),
    ("locked", "Another program holds the lock of the database file."),
    ("disk i/o error", "The disk of the database file fails."),
)
"""Fragments of the drivers' messages, in lower case, and what they mean."""


@contextmanager
def explained() -> Iterator[None]:
    """Turns the errors of a database that is away or broken into the problem that says why."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseUnavailable(reason(error)) from error
    except PoolTimeout as error:
        raise DatabaseUnavailable("Every connection of this process to the database is in use.") from error


def reason(error: BaseException) -> str:
    """The sentence for an error of a driver, or for one that stems from it."""
    message = str(getattr(error, "orig", None) or error).lower()
    return next((sentence for fragment, sentence in _REASONS if fragment in message), UNREACHABLE)
