"""``company-profiles backup`` and ``restore``."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import COMMAND_FAULT, DATA_FAULT, ENVIRONMENT_FAULT, fail, opened, progress_bar, report, require_file
from app.database.database import Database
from app.database.dialects import SQLITE
from app.database.explain import explain_sqlite
from app.database.schema_objects import listed
from app.operations.backup.backup import FileThere, take_backup
from app.operations.backup.copying import DatabaseBusy
from app.operations.backup.files import RoomMissing, megabytes, sha256_of
from app.operations.backup.restore import ReplacementUnconfirmed, restore_backup
from app.operations.backup.verify import BackupUnusable, Contents
from app.settings import Settings

_POSTGRESQL = (
    "{command} is for SQLite. Use PostgreSQL's own tools: pg_dump and pg_restore for one database, "
    "pg_basebackup with archived WAL for point-in-time recovery; docs/operate/backup.md shows both"
)
_MOVE_IT = "Stop its servers, move it elsewhere together with its -wal and -shm files, and restore again"


def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Back up an SQLite database while it serves. The copy is verified, and FILE appears complete or not at all."""
    with _on_sqlite("backup") as (settings, database):
        require_file(database)
        try:
            with progress_bar("Copying pages") as advance:
                wait_seconds = settings.database_wait_seconds
                backup = take_backup(database, file, replace=force, wait_seconds=wait_seconds, advance=advance)
        except FileThere:
            fail(f"{file} exists; --force replaces it if it is a file", COMMAND_FAULT)
        except BackupUnusable as error:
            fail(f"no backup was made of {database}: {error}", DATA_FAULT)
    typer.echo(f"{backup.sha256}  {file}")
    report(f"Backed up {database}: {_summary(backup.contents)}; {megabytes(backup.size)} in {file}")
    if backup.contents.foreign:
        found = listed(backup.contents.foreign)
        report(f"restore will refuse it until you drop what this program did not make: {found}")


def restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Backup to restore.")],
    digest: Annotated[str | None, typer.Option(help="SHA-256 that backup printed. A file with another one is refused.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the contents, after saving them to a file.")] = False,
) -> None:
    """Verify a backup and restore it to an SQLite database while it serves."""
    with _on_sqlite("restore") as (settings, database):
        if not file.is_file():
            fail(f"there is no file {file}", COMMAND_FAULT)
        if database.exists() and file.samefile(database):
            fail(f"{file} is the database itself", COMMAND_FAULT)
        try:
            _require_digest(file, digest)
            with progress_bar("Restoring pages") as advance:
                restored = restore_backup(file, database, settings, replace=force, advance=advance)
        except BackupUnusable as error:
            fail(f"{file} was not restored: {error}", DATA_FAULT)
        except ReplacementUnconfirmed:
            fail(f"{database} is not empty; add --force to replace its contents, which are saved to a file first", COMMAND_FAULT)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            fail(f"{database} is damaged: {error}. {_MOVE_IT}", ENVIRONMENT_FAULT)
    if restored.kept is not None:
        report(f"The former contents are saved in {restored.kept}")
    report(f"Restored {_summary(restored.contents)} to {database} as a new dataset. The API keys are those of the backup.")


def _require_digest(file: Path, digest: str | None) -> None:
    """Raises BackupUnusable if a file does not have the given digest, and OSError if it cannot be read."""
    with file.open("rb"):
        found = None if digest is None else sha256_of(file)
    if digest is not None and found != digest.lower():
        raise BackupUnusable(f"its SHA-256 is {found}")


def _summary(contents: Contents) -> str:
    return f"revision {contents.revision:,} (companies: {contents.companies:,}, schema {contents.schema_version})"


@contextmanager
def _on_sqlite(command: str) -> Iterator[tuple[Settings, Path]]:
    """The settings and the file of the database. A fault ends the command with a message."""
    with opened() as (settings, database):
        path = _path(database, command)
        try:
            yield settings, path
        except DatabaseBusy:
            waited = f"{settings.database_wait_seconds:g} s"
            fail(f"another program has held the lock of {path} for more than {waited}; nothing was changed", ENVIRONMENT_FAULT)
        except RoomMissing as error:
            fail(f"nothing was written: {error}", ENVIRONMENT_FAULT)
        except sqlite3.Error as error:
            fail(f"cannot use the database file {path}: {explain_sqlite(error, path)}", ENVIRONMENT_FAULT)
        except OSError as error:
            fail(f"cannot use {error.filename}: {(error.strerror or str(error)).lower()}", ENVIRONMENT_FAULT)


def _path(database: Database, command: str) -> Path:
    if database.url.get_backend_name() != SQLITE:
        fail(_POSTGRESQL.format(command=command), COMMAND_FAULT)
    return Path(database.url.database or "")
