"""A backup in the place of what a database holds, while others read it."""

import datetime
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.database.database import Database
from app.database.schema_version import NEWEST_VERSION, DatabaseForeign
from app.operations.backup.backup import copy_to_file
from app.operations.backup.copying import connected, copy_pages, page_size
from app.operations.backup.files import finish, require_room, unfinished_file
from app.operations.backup.verify import BackupUnusable, Contents, unusable, verify
from app.operations.migrate import migrate
from app.settings import Settings


class ReplacementUnconfirmed(Exception):
    """The database holds something, which the backup would take the place of."""


@dataclass(frozen=True)
class Restoration:
    """What was restored, and the file that what it replaced is kept in; None where there was nothing."""

    contents: Contents
    kept: Path | None


def restore_backup(
    backup: Path, database: Path, settings: Settings, *, replace: bool, advance: Callable[[int], None]
) -> Restoration:
    """Verify a backup, and put it in the place of what the database holds, in one transaction.

    What it holds is kept in a file beside it, exactly as it is when the transaction begins: nothing that was acknowledged
    by then is lost. The restored dataset gets another name, since it will give numbers of lost revisions to other changes.
    Raises BackupUnusable, ReplacementUnconfirmed, DatabaseForeign, RoomMissing, DatabaseBusy,
    OSError and sqlite3.Error; then nothing is changed.
    """
    require_room(database.absolute().parent, 2 * backup.stat().st_size + _size(database))
    with unfinished_file(database) as staged:
        contents = _stage(backup, staged, settings)
        keeping = _Keeping(database, replace=replace)
        with connected(staged, "rw") as source, connected(database, "rwc", settings.database_wait_seconds) as target:
            keeping.require_confirmation(target)
            target.execute("PRAGMA journal_mode=WAL")
            if page_size(source) != page_size(target):
                raise BackupUnusable(f"its pages have {page_size(source)} bytes, those of the database {page_size(target)}")
            copy_pages(source, target, advance=advance, when_locked=keeping.keep)
            target.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return Restoration(contents, keeping.kept)


def _size(database: Path) -> int:
    return database.stat().st_size if database.exists() else 0


def _stage(backup: Path, staged: Path, settings: Settings) -> Contents:
    """Make what will be restored of a backup: verified, of the newest schema and under a new name. The backup stays as it is."""
    try:
        with connected(backup, "ro") as source:
            copy_to_file(source, staged)
    except sqlite3.OperationalError:
        raise  # of the place that is copied to
    except sqlite3.DatabaseError as error:
        raise unusable(error) from None
    with connected(staged, "rw") as copy:
        contents = verify(copy)
    if contents.schema_version != NEWEST_VERSION:
        older = Database(settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{staged.absolute()}")}))
        migrate(older)
        older.engine.dispose()
    with connected(staged, "rw") as copy:
        copy.execute("UPDATE revision_head SET dataset = ?", [secrets.token_hex(4)])
    return contents


class _Keeping:
    """The file that what is replaced is kept in, where there is something."""

    def __init__(self, database: Path, *, replace: bool) -> None:
        self._database = database
        self._replace = replace
        self.kept: Path | None = None

    def require_confirmation(self, connection: sqlite3.Connection) -> None:
        """Raises ReplacementUnconfirmed, and DatabaseForeign: what is another program's is not replaced at all."""
        tables = _tables(connection)
        if tables and "alembic_version" not in tables:
            raise DatabaseForeign(f"the database holds tables of another program: {', '.join(sorted(tables)[:5])}")
        if not self._replace and _holds_something(connection):
            raise ReplacementUnconfirmed

    def keep(self) -> None:
        """With the database's lock held: what others wrote until then is seen, and nothing more comes."""
        with connected(self._database, "rw") as replaced:
            self.require_confirmation(replaced)
            if _holds_something(replaced):
                time = datetime.datetime.now(datetime.UTC)
                path = self._database.with_name(f"{self._database.name}.before-restore-{time:%Y%m%dT%H%M%S.%fZ}")
                with unfinished_file(path) as unfinished:
                    copy_to_file(replaced, unfinished)
                    finish(unfinished, path)
                self.kept = path


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _holds_something(connection: sqlite3.Connection) -> bool:
    """Whether there is a revision or a key in it."""
    tables = _tables(connection)
    newest: int = connection.execute("SELECT newest FROM revision_head").fetchone()[0] if "revision_head" in tables else 0
    return newest > 0 or ("api_keys" in tables and connection.execute("SELECT 1 FROM api_keys").fetchone() is not None)
