"""Whether a database is whole: its log has no gap, and every table tells what the log tells."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Row, select, text

from app.database.database import Database
from app.database.history_tables import RESOURCES
from app.database.models import Base, Citation, Revision, RevisionHead, SearchEntry
from app.search.fields import title_of
from app.values.text import fold
from tests.databases import settings_for

_OWNERS = ("company_id", "milestone_id", "product_id", "metric_id")
_PLACE = ("paragraph", "sentence", "start", "end", "sha256")


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database past the server, to look into."""
    database = Database(settings_for(url))
    try:
        yield database
    finally:
        database.engine.dispose()


def revisions(url: str) -> list[Row[tuple[Revision]]]:
    with opened(url) as database, database.reading() as connection:
        columns = Revision.__table__.columns
        return list(connection.execute(select(*columns).order_by(columns.number)).all())


def require_whole(url: str) -> None:
    with opened(url) as database, database.reading() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        documents = _require_log(connection)
        _require_tables(connection, documents)
        _require_citations(connection, documents)
        _require_search(connection, documents)


def _require_log(connection: Connection) -> dict[int, str]:
    """Revisions are numbered without a gap up to the head. The newest document of each resource that is there, by its id."""
    log = connection.execute(select(Revision.number, Revision.resource_id, Revision.document).order_by(Revision.number)).all()
    head = connection.execute(select(RevisionHead.newest)).scalar_one()
    assert [number for number, _, _ in log] == list(range(1, head + 1))
    newest = {identity: document for _, identity, document in log}
    return {identity: document for identity, document in newest.items() if document is not None}


def _require_tables(connection: Connection, documents: dict[int, str]) -> None:
    found: dict[int, str] = {}
    for name in RESOURCES:
        table = Base.metadata.tables[name]
        found |= {row.id: row.document for row in connection.execute(select(table.c.id, table.c.document))}
    assert found == documents


def _require_citations(connection: Connection, documents: dict[int, str]) -> None:
    found: dict[int, list[tuple[object, ...]]] = {}
    for row in connection.execute(select(Citation.__table__).order_by(Citation.position)).mappings():
        owner = next(row[name] for name in _OWNERS if row[name] is not None)
        place = (row["paragraph"], row["sentence"], row["start_character"], row["end_character"], row["sha256"])
        found.setdefault(owner, []).append(place)
    cited = {identity: json.loads(document).get("citations") for identity, document in documents.items()}
    assert found == {
        identity: [tuple(one[name] for name in _PLACE) for one in citations] for identity, citations in cited.items() if citations
    }


def _require_search(connection: Connection, documents: dict[int, str]) -> None:
    entries = {row.id: row.title_key for row in connection.execute(select(SearchEntry.id, SearchEntry.title_key))}
    assert entries == {identity: fold(title_of(json.loads(document))) for identity, document in documents.items()}
    column = "rowid" if connection.dialect.name == "sqlite" else "id"
    assert set(connection.scalars(text(f"SELECT {column} FROM search_text"))) == set(documents)  # noqa: S608
