"""Making the search index anew from the rows, to compare with the one that writers kept."""

from sqlalchemy import Connection, select

from app.records.writer import TABLES
from app.search.index import Indexed, add_spellings, index_resources

_DATED = ("earliest", "latest", "date_uncertain")


def index_everything(connection: Connection) -> None:
    """Indexes every resource in an index that is empty."""
    for kind, table in TABLES.items():
        rows = connection.execute(select(table)).mappings().all()
        resources = [
            Indexed(row["id"], row.get("company_id"), row["document"], {name: row[name] for name in _DATED}) for row in rows
        ]
        add_spellings(connection, index_resources(connection, kind, resources))
