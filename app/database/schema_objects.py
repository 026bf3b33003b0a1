"""The objects of a database's schema: which of them this program did not make, and which are missing.

A trigger, a rule, a unique index or a computed column that somebody else made acts on our rows: it can undo the revocation of
a key, or refuse writes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, UniqueConstraint, text

from app.database.dialects import POSTGRESQL
from app.database.history_tables import HISTORY_TABLES
from app.database.models import Base


class SchemaObject(NamedTuple):
    """An object: its kind, its name, and the table that it belongs to."""

    kind: str
    name: str
    table: str

    @property
    def acts(self) -> bool:
        """Whether it changes what is written to its table, what is read from it, or what is refused."""
        return self.kind not in ("table", "view", "index", "partial index")

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" of {self.table}" if self.table != self.name else "")


class Differences(NamedTuple):
    """Objects that are not this program's, and those of its newest schema that are not there."""

    foreign: list[SchemaObject]
    missing: list[SchemaObject]


ON_SQLITE = """
SELECT type, name, tbl_name FROM sqlite_master WHERE type <> 'index' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
UNION ALL
SELECT CASE WHEN i."unique" THEN 'unique index' WHEN i.partial THEN 'partial index' ELSE 'index' END, i.name, t.name
FROM sqlite_master AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table' AND i.origin = 'c'
UNION ALL
SELECT CASE c.hidden WHEN 0 THEN 'column' ELSE 'computed column' END, c.name, t.name
FROM sqlite_master AS t, pragma_table_xinfo(t.name) AS c WHERE t.type = 'table' AND t.name NOT LIKE 'search\\_text%' ESCAPE '\\'
"""
_ON_POSTGRESQL = """
WITH ours AS (
    SELECT c.oid, c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
)
SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, relname, relname
FROM ours WHERE relkind NOT IN ('i', 'I', 'S', 'c')
UNION ALL
SELECT CASE WHEN indisunique THEN 'unique index' WHEN indpred IS NOT NULL THEN 'partial index' ELSE 'index' END,
    (SELECT relname FROM pg_class WHERE oid = indexrelid), relname FROM ours JOIN pg_index ON indrelid = ours.oid
UNION ALL
SELECT CASE WHEN attgenerated <> '' THEN 'computed column' ELSE 'column' END, attname, relname
FROM ours JOIN pg_attribute ON attrelid = ours.oid WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'f')
UNION ALL SELECT 'trigger', tgname, relname FROM ours JOIN pg_trigger ON tgrelid = ours.oid WHERE NOT tgisinternal
UNION ALL SELECT 'rule', rulename, relname FROM ours JOIN pg_rewrite ON ev_class = ours.oid WHERE rulename <> '_RETURN'
UNION ALL SELECT 'policy', polname, relname FROM ours JOIN pg_policy ON polrelid = ours.oid
"""
_TABLES: frozenset[Table] = frozenset((*Base.metadata.tables.values(), *HISTORY_TABLES.values()))
_MOST_LISTED = 5
_TEXT_INDEX = ("", "_data", "_idx", "_content", "_docsize", "_config")
"""What FTS5 adds to the names of its tables."""


def differences(connection: Connection) -> Differences:
    """How a database differs from the newest schema."""
    is_postgresql = connection.dialect.name == POSTGRESQL
    rows = connection.execute(text(_ON_POSTGRESQL) if is_postgresql else text(ON_SQLITE))
    return differences_of(map(tuple, rows), set(_on_postgresql() if is_postgresql else _on_sqlite()))


def foreign_to_sqlite(rows: Iterable[tuple[str, str, str]]) -> list[SchemaObject]:
    """Those of the rows of ``ON_SQLITE`` that no version of the schema has. A later version only adds objects."""
    return differences_of(rows, set(_on_sqlite())).foreign


def differences_of(rows: Iterable[tuple[str, ...]], expected: set[SchemaObject]) -> Differences:
    found = {SchemaObject(*row) for row in rows}
    foreign = found - expected
    others = {item.name for item in foreign if item.kind == "table"}
    mentioned = {item for item in foreign if item.kind == "table" or item.table not in others}  # not what is of another's table
    return Differences(sorted(mentioned), sorted(expected - found))


def listed(objects: Sequence[SchemaObject]) -> str:
    """A few of the objects, and the number of the others."""
    more = len(objects) - _MOST_LISTED
    return ", ".join(map(str, objects[:_MOST_LISTED])) + (f" and {more:,} more" if more > 0 else "")


def _in_models() -> Iterator[SchemaObject]:
    for table in _TABLES:
        yield SchemaObject("table", table.name, table.name)
        yield from (SchemaObject("column", column.name, table.name) for column in table.columns)
        yield from (SchemaObject("unique index" if i.unique else "index", str(i.name), table.name) for i in table.indexes)
    yield SchemaObject("table", "alembic_version", "alembic_version")
    yield SchemaObject("column", "version_num", "alembic_version")


def _on_sqlite() -> Iterator[SchemaObject]:
    yield from _in_models()
    yield from (SchemaObject("table", f"search_text{ending}", f"search_text{ending}") for ending in _TEXT_INDEX)


def _on_postgresql() -> Iterator[SchemaObject]:
    yield from _in_models()
    for table in _TABLES:
        unique = (item for item in table.constraints if isinstance(item, UniqueConstraint))
        yield from (SchemaObject("unique index", str(item.name), table.name) for item in (table.primary_key, *unique))
    yield SchemaObject("unique index", "alembic_version_pkc", "alembic_version")
    yield SchemaObject("table", "search_text", "search_text")
    yield from (SchemaObject("column", name, "search_text") for name in ("id", "terms"))
    yield SchemaObject("unique index", "search_text_pkey", "search_text")
    yield from (SchemaObject("index", f"ix_search_text_{name}", "search_text") for name in ("terms", "names"))
