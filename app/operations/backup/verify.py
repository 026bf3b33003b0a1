"""Verifying that a file is a complete and undamaged database of this program."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from app.database.schema_objects import ON_SQLITE, SchemaObject, foreign_to_sqlite, listed
from app.database.schema_version import VERSIONS


@dataclass(frozen=True)
class Contents:
    """The content of a database: its schema version, its newest revision, its number of companies, and what is not ours."""

    schema_version: str
    revision: int
    companies: int
    foreign: Sequence[SchemaObject] = ()


class BackupUnusable(Exception):
    """This program cannot restore the file; the message says why."""


def verify(connection: sqlite3.Connection) -> Contents:
    """Check every page, every reference, the schema version and the end of the log. Raises BackupUnusable."""
    try:
        _require_soundness(connection)
        version = _known_version(connection)
        foreign = foreign_to_sqlite(connection.execute(ON_SQLITE).fetchall())
        newest, last, companies = connection.execute(
            "SELECT newest, (SELECT coalesce(max(number), 0) FROM revisions), (SELECT count(*) FROM companies) FROM revision_head"
        ).fetchone()
    except sqlite3.DatabaseError as error:
        raise unusable(error) from None
    if newest != last:
        raise BackupUnusable(f"its newest revision is {newest}, but its log ends with {last}")
    return Contents(version, newest, companies, foreign)


def require_own_objects(contents: Contents) -> None:
    """Raises BackupUnusable if the schema has an object that this program did not make: a trigger could change every write."""
    if contents.foreign:
        found = listed(contents.foreign)
        raise BackupUnusable(f"its schema has what this program did not make: {found}. Drop that in a copy of the file")


def unusable(error: sqlite3.Error) -> BackupUnusable:
    """An error of SQLite about a file, in plain words."""
    if "not a database" in str(error):
        return BackupUnusable("it is not an SQLite database")
    return BackupUnusable(f"it is damaged: {error}" if "malformed" in str(error) else f"it cannot be read: {error}")


def _require_soundness(connection: sqlite3.Connection) -> None:
    found: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise BackupUnusable(f"it is damaged: {found.splitlines()[-1]}")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise BackupUnusable(f"it is damaged: a row of {broken[0]} refers to one of {broken[2]} that is not there")


def _known_version(connection: sqlite3.Connection) -> str:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall() if "alembic_version" in tables else []
    if not rows or "revision_head" not in tables:
        raise BackupUnusable("it holds no company profiles" if tables else "it is empty")
    version: str = rows[0][0]
    if version not in VERSIONS:
        raise BackupUnusable(f"it has schema version {version}, which this version of company-profiles does not know")
    return version
