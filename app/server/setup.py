"""Prepares a database for serving: migrates it to the newest schema, and seeds a new one."""

from dataclasses import dataclass

from sqlalchemy import select

import seed
from app.database.database import Database
from app.database.models import RevisionHead
from app.datasets.loader import LoadReport, load
from app.datasets.reader import read_dataset
from app.operations.migrate import migrate


@dataclass(frozen=True)
class Preparation:
    """What was done: the schema versions before and after, and what the seed loaded."""

    schema_before: str | None
    schema_after: str | None
    seeded: LoadReport | None

    def lines(self, name: str) -> list[str]:
        """The same in sentences. ``name`` is that of the database."""
        if self.schema_before is None:
            schema = f"Created the database {name}"
        elif self.schema_before != self.schema_after:
            schema = f"Migrated {name} from schema {self.schema_before} to {self.schema_after}"
        else:
            schema = f"Using the database {name}"
        return [schema] if self.seeded is None else [schema, f"Loaded the seed: {self.seeded}"]


def prepare(database: Database, *, with_seed: bool) -> Preparation:
    """Migrate to the newest schema and, if there are no revisions, load the seed.

    Several processes may run it at once: each step takes the write lock before it checks.
    A database whose companies were all deleted has revisions, so the seed is not loaded again.
    """
    before, after = migrate(database)
    return Preparation(before, after, load_seed(database) if with_seed else None)


def load_seed(database: Database) -> LoadReport | None:
    """Load the seed into a database without revisions. Returns None if there are any."""
    with database.reading() as connection:
        if connection.execute(select(RevisionHead.newest)).scalar_one() > 0:
            return None
    with database.writing() as connection:
        if connection.execute(select(RevisionHead.newest).with_for_update()).scalar_one() > 0:
            return None
        return load(connection, read_dataset(seed.files()), actor="company-profiles", reason="Seed of a new database")
