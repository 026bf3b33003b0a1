"""What to tell a person at the command line when something outside the program is wrong."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from app.database.dialects import SQLITE


def public_name(url: URL) -> str:
    """A database URL without what may be secret: the password, and the options, which may hold one too."""
    return url.set(query={}).render_as_string(hide_password=True).replace("+psycopg", "", 1)


def explain_database(error: DBAPIError, url: URL) -> str:
    """Why the database cannot be used, and what to do about it."""
    if url.get_backend_name() != SQLITE:
        if type(error.orig).__name__ == "LockNotAvailable":
            return (
                f"{public_name(url)} is busy: another session holds a lock that is needed; nothing was changed; try again later"
            )
        reason = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
        return f"cannot use the database at {public_name(url)}: {reason}"
    path = Path(url.database or "")
    return f"cannot use the database file {path}: {explain_sqlite(error.orig, path)}"


def explain_sqlite(error: BaseException | None, path: Path) -> str:
    """What an error of SQLite's means for a database file, and what to do about it."""
    message = str(error)
    try:
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
        if path.is_dir():
            return "it is a folder; name a file in it"
    except OSError as fault:
        return (fault.strerror or str(fault)).lower()
    if "unable to open" in message or "readonly" in message:
        blocked = path if path.exists() and not os.access(path, os.W_OK) else path.parent
        return f"{blocked} cannot be written to; change its permissions or name another file in PROFILES_DATABASE_URL"
    if "not a database" in message:
        return "it is not an SQLite database; name another file in PROFILES_DATABASE_URL"
    if "malformed" in message:
        return "it is damaged; restore it from a backup"
    if "locked" in message:
        return "another program holds its lock; try again when that has finished"
    if "full" in message:
        return "the disk is full; nothing was changed"
    return message if isinstance(error, sqlite3.Error) else "an unexpected error"
