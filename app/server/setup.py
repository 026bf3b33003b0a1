"""Prepares a database for serving: migrates it to the newest schema, and loads the seed or the demo into a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Select, select

import seed
from app.database.database import Database
from app.database.models import RevisionHead
from app.datasets.loader import LoadReport, load
from app.datasets.reader import read_dataset
from app.operations.migrate import migrate


class Initial(NamedTuple):
    """A dataset that a new database may start with."""

    name: str
    files: list[Path]


@dataclass(frozen=True)
class Preparation:
    """What was done: the schema versions before and after, and what each dataset loaded, by its name."""

    schema_before: str | None
    schema_after: str | None
    loaded: dict[str, LoadReport]

    def lines(self, name: str) -> list[str]:
        """The same in sentences. ``name`` is that of the database."""
        if self.schema_before is None:
            schema = f"Created the database {name}"
        elif self.schema_before != self.schema_after:
            schema = f"Migrated {name} from schema {self.schema_before} to {self.schema_after}"
        else:
            schema = f"Using the database {name}"
        return [schema, *(f"Loaded the {dataset}: {report}" for dataset, report in self.loaded.items())]


def prepare(database: Database, *, with_seed: bool, with_demo: bool = False) -> Preparation:
    """Migrate to the newest schema and, if there are no revisions, load the seed, the demo, or both.

    Several processes may run it at once: each step takes the write lock before it checks.
    A database whose companies were all deleted has revisions, so nothing is loaded again.
    """
    before, after = migrate(database)
    wanted = [Initial("seed", seed.files())] if with_seed else []
    if with_demo:
        wanted.append(Initial("demo", seed.demo_files()))
    return Preparation(before, after, load_initially(database, wanted) if wanted else {})


def load_initially(database: Database, datasets: Sequence[Initial]) -> dict[str, LoadReport]:
    """Load datasets, all or none of them, into a database without revisions. If there are any, it loads nothing."""
    newest: Select[int] = select(RevisionHead.newest)
    with database.reading() as connection:
        if connection.execute(newest).scalar_one() > 0:
            return {}
    with database.writing() as connection:
        if connection.execute(newest.with_for_update()).scalar_one() > 0:
            return {}
        return {
            name: load(connection, read_dataset(files), actor="company-profiles", reason=f"{name.capitalize()} of a new database")
            for name, files in datasets
        }
