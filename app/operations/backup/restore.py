"""Restoring a backup: it replaces the content of a database while others read it."""

import datetime
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.database.database import Database
from app.database.schema_objects import ON_SQLITE, foreign_to_sqlite
from app.database.schema_version import NEWEST_VERSION, DatabaseForeign
from app.operations.backup.backup import copy_to_file
from app.operations.backup.copying import connected, copy_pages, page_size
from app.operations.backup.files import finish, require_room, unfinished_file
from app.operations.backup.verify import BackupUnusable, Contents, require_own_objects, unusable, verify
from app.operations.migrate import migrate
from app.settings import Settings


class ReplacementUnconfirmed(Exception):
    """The database has content that the backup would replace."""


@dataclass(frozen=True)
class Restoration:
    """What was restored, and the file with the previous content; None if there was none."""

    contents: Contents
    kept: Path | None


def restore_backup(
    backup: Path, database: Path, settings: Settings, *, replace: bool, advance: Callable[[int], None]
) -> Restoration:
    """Verify a backup, and replace the content of the database with it, in one transaction.

    The previous content is saved to a file beside the database, exactly as it is when the transaction begins: nothing that
    was acknowledged by then is lost. The restored dataset gets another name, because it will assign the numbers of lost
    revisions to other changes.
    Raises BackupUnusable, ReplacementUnconfirmed, DatabaseForeign, RoomMissing, DatabaseBusy,
    OSError and sqlite3.Error; then nothing is changed.
    """
    require_room(database.absolute().parent, 2 * backup.stat().st_size + _size(database))
    with unfinished_file(database) as staged:
        contents = _stage(backup, staged, settings)
        saving = _PreviousContent(database, replace=replace)
        with connected(staged, "rw") as source, connected(database, "rwc", settings.database_wait_seconds) as target:
            saving.require_confirmation(target)
            target.execute("PRAGMA journal_mode=WAL")
            if page_size(source) != page_size(target):
                raise BackupUnusable(f"its pages have {page_size(source)} bytes, those of the database {page_size(target)}")
            copy_pages(source, target, advance=advance, when_locked=saving.save)
            target.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return Restoration(contents, saving.saved)


def _size(database: Path) -> int:
    return database.stat().st_size if database.exists() else 0


def _stage(backup: Path, staged: Path, settings: Settings) -> Contents:
    """Make a verified copy of a backup, with the newest schema and a new name. The backup itself stays unchanged."""
    try:
        with connected(backup, "ro") as source:
            copy_to_file(source, staged)
    except sqlite3.OperationalError:
        raise  # the target of the copy is at fault
    except sqlite3.DatabaseError as error:
        raise unusable(error) from None
    with connected(staged, "rw") as copy:
        contents = verify(copy)
        require_own_objects(contents)
    if contents.schema_version != NEWEST_VERSION:
        older = Database(settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{staged.absolute()}")}))
        migrate(older)
        older.engine.dispose()
    with connected(staged, "rw") as copy:
        copy.execute("UPDATE revision_head SET dataset = ?", [secrets.token_hex(4)])
    return contents


class _PreviousContent:
    """Saves the content that is replaced to a file, if there is any."""

    def __init__(self, database: Path, *, replace: bool) -> None:
        self._database = database
        self._replace = replace
        self.saved: Path | None = None

    def require_confirmation(self, connection: sqlite3.Connection) -> None:
        """Raises ReplacementUnconfirmed, and DatabaseForeign: another program's tables are never replaced."""
        others = [item.name for item in foreign_to_sqlite(connection.execute(ON_SQLITE).fetchall()) if item.kind == "table"]
        tables = _tables(connection)
        if others or (tables and "alembic_version" not in tables):
            raise DatabaseForeign(f"the database holds tables of another program: {', '.join((others or sorted(tables))[:5])}")
        if not self._replace and _has_content(connection):
            raise ReplacementUnconfirmed

    def save(self) -> None:
        """Save the content while the database is locked: it has everything that others wrote, and nothing can be added."""
        with connected(self._database, "rw") as replaced:
            self.require_confirmation(replaced)
            if _has_content(replaced):
                time = datetime.datetime.now(datetime.UTC)
                path = self._database.with_name(f"{self._database.name}.before-restore-{time:%Y%m%dT%H%M%S.%fZ}")
                with unfinished_file(path) as unfinished:
                    copy_to_file(replaced, unfinished)
                    finish(unfinished, path)
                self.saved = path


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _has_content(connection: sqlite3.Connection) -> bool:
    """Whether the database has a revision or a key."""
    tables = _tables(connection)
    newest: int = connection.execute("SELECT newest FROM revision_head").fetchone()[0] if "revision_head" in tables else 0
    return newest > 0 or ("api_keys" in tables and connection.execute("SELECT 1 FROM api_keys").fetchone() is not None)
