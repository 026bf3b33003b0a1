"""Ways to change a database while it is served."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.database.database import Database
from app.datasets.loader import load
from app.records.company import CompanyRecord
from app.records.located import FilePlace, LocatedRecord
from app.revisions.log import RevisionLog


def company(slug: str, name: str = "A company") -> LocatedRecord:
    return LocatedRecord(FilePlace("test", 1), "company", None, CompanyRecord(slug=slug, name=name))


def load_companies(connection: Connection, slugs: Sequence[str], name: str = "A company") -> None:
    """A tiny dataset: one revision for each company that is new or has another name."""
    load(connection, [company(slug, name) for slug in slugs], actor="tests", reason="Test")


def write(database: Database, *slugs: str, name: str = "A company") -> None:
    with database.writing() as connection:
        load_companies(connection, slugs, name)


def note_delete(database: Database, slug: str, identity: int) -> None:
    """A deletion in the revision log, which is all that the changes are read from."""
    with database.writing() as connection, RevisionLog(connection, actor="tests", reason="Closed") as log:
        log.append("delete", "company", f"/v1/companies/{slug}", None, identity)
