"""The databases that the bench reads from: made once, and kept in a folder outside the checkout."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import update

from app.database.database import Database
from app.database.dialects import POSTGRESQL, SQLITE
from app.database.models import RevisionHead
from app.database.schema_version import NEWEST_VERSION
from app.operations.migrate import migrate
from app.search.index import add_spellings
from app.settings import Settings
from tests.bench.postgres import KeptPostgres
from tests.bench.rows import total_records
from tests.bench.writing import sink_of, write_everything

MADE_AS = 1
"""To be raised when the made-up companies change, so that no run reads old ones."""
BYTES_PER_COMPANY = 50_000
"""On disk, at most, on either engine."""


class SpaceMissing(Exception):
    """The disk has no room for the data; the message says how much it takes."""


def settings_of(url: str) -> Settings:
    return Settings(_env_file=None, database_url=SecretStr(url), seed=False, log_level="critical")


def _name(companies: int) -> str:
    return f"companies_{companies}_{NEWEST_VERSION}_{MADE_AS}"


@dataclass(frozen=True)
class Databases:
    """Databases with as many made-up companies as are asked for, on both engines."""

    folder: Path
    postgres: KeptPostgres | None
    say: Callable[[str], None]

    def url(self, engine: str, companies: int) -> str:
        """The URL of a database, which is created first if it does not exist."""
        name = _name(companies)
        return self._sqlite(name, companies) if engine == SQLITE else self._postgresql(name, companies)

    def blank(self, engine: str, name: str) -> str:
        """The address of a database that holds nothing, in place of what was there."""
        self.remove(engine, name)
        return f"sqlite:///{self.folder / name}.db" if engine == SQLITE else self._server().create_database(name)

    def has_room_for(self, companies: int) -> bool:
        return companies * BYTES_PER_COMPANY <= shutil.disk_usage(self.folder).free

    def discard(self, engine: str, companies: int) -> None:
        """Frees the disk space of a database."""
        self.remove(engine, _name(companies))

    def remove(self, engine: str, name: str) -> None:
        if engine == POSTGRESQL:
            self._server().execute(f'DROP DATABASE IF EXISTS "{name}"')
            return
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"{name}.db{suffix}").unlink(missing_ok=True)

    def _server(self) -> KeptPostgres:
        if self.postgres is None:
            raise RuntimeError("no PostgreSQL was started")
        return self.postgres

    def _sqlite(self, name: str, companies: int) -> str:
        path = self.folder / f"{name}.db"
        if not path.exists():
            self._make(SQLITE, self.blank(SQLITE, f"{name}_unfinished"), companies)
            (self.folder / f"{name}_unfinished.db").rename(path)
        return f"sqlite:///{path}"

    def _postgresql(self, name: str, companies: int) -> str:
        server = self._server()
        if name not in server.databases():
            self._make(POSTGRESQL, self.blank(POSTGRESQL, f"{name}_unfinished"), companies)
            server.execute(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')
        return server.url(name)

    def _make(self, engine: str, url: str, companies: int) -> None:
        if not self.has_room_for(companies):
            raise SpaceMissing(
                f"{companies:,} companies on {engine} take up to {companies * BYTES_PER_COMPANY / 1e9:,.0f} GB, and {self.folder}"
                " has less. Name another folder with --data, or run one engine at a time with --engines and --discard."
            )
        self.say(f"Making {companies:,} companies with 15 facts each on {engine} …")
        make_database(url, companies)


def make_database(url: str, companies: int) -> None:
    """Fills a blank database with as many made-up companies."""
    database = Database(settings_of(url))
    migrate(database)
    database.engine.dispose()
    sink = sink_of(database.url)
    words = write_everything(sink, companies, database.url.get_backend_name())
    sink.finish()
    with database.writing() as connection:
        add_spellings(connection, words)
        connection.execute(update(RevisionHead).values(newest=total_records(companies)))
    database.engine.dispose()
