"""History tables: rows that a revision replaced or deleted, and how any query reads the dataset as it was (ADR 6).

A row is copied to its table's history table in the transaction that overwrites it. It was valid from ``revision`` (a part of a
resource, such as a citation, from ``since``) until before the revision ``until``.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import (
    CTE,
    Column,
    CompoundSelect,
    Connection,
    Executable,
    Index,
    Insert,
    PrimaryKeyConstraint,
    Select,
    Table,
    bindparam,
    insert,
    select,
    text,
)

from app.database.column_types import BigInt
from app.database.dialects import SQLITE
from app.database.functions import outside_ctes, read_in_place
from app.database.models import Base

RESOURCES = ("sources", "companies", "milestones", "products", "metrics")
FACTS = ("milestones", "products", "metrics")
PARTS: Mapping[str, tuple[str, ...]] = {
    "company_names": ("company_id",),
    "company_identifiers": ("company_id",),
    "citations": ("company_id", "milestone_id", "product_id", "metric_id"),
}
"""Tables of parts of resources, and the columns that name the resource."""

FOUND_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("sources", "companies"), ("slug",)),
    **dict.fromkeys(FACTS, ("company_id",)),
    **PARTS,
    "citations": ("source_id", *PARTS["citations"]),
}
"""The columns by which rows of a history table are found, each with an index."""

_NEVER = 2**63 - 1
_OWNERS = {"company_id": "companies", "milestone_id": "milestones", "product_id": "products", "metric_id": "metrics"}


def _past_of(name: str) -> Table:
    """A table's history table: its columns without its constraints, which the rows satisfied when they were written."""
    table = Base.metadata.tables[name]
    began = "revision" if name in RESOURCES else "since"
    columns: list[Column[object]] = [
        Column(column.name, column.type, nullable=column.nullable, server_default=column.server_default)
        for column in table.columns
    ]
    columns += [] if name in RESOURCES else [Column("since", BigInt, nullable=False)]
    found_by = FOUND_BY[name]
    return Table(
        f"past_{name}",
        Base.metadata,
        *columns,
        Column("until", BigInt, nullable=False),
        PrimaryKeyConstraint(*(column.name for column in table.primary_key.columns), began),
        *(Index(f"ix_past_{name}_{column}", column) for column in found_by),
    )


HISTORY_TABLES: Mapping[str, Table] = {name: _past_of(name) for name in (*RESOURCES, *PARTS)}


def archive(connection: Connection, name: str, replaced: Sequence[tuple[int, int]]) -> None:
    """Copies resources of a table, and their parts, before they are replaced: pairs of an id and the replacing revision."""
    if replaced:
        values = [{"row_id": identity, "ended": until} for identity, until in replaced]
        for statement in _copies(name):
            connection.execute(statement, values)


@cache
def _copies(name: str) -> Sequence[Insert]:
    """The statements that copy a resource of a table, and its parts. Building one takes longer than running it."""
    table, ended = Base.metadata.tables[name], bindparam("ended", type_=BigInt)
    row = table.c.id == bindparam("row_id")
    names = [column.name for column in table.columns]
    copies = [insert(HISTORY_TABLES[name]).from_select([*names, "until"], select(*table.columns, ended).where(row))]
    for part_name, owners in PARTS.items():
        part, owner = Base.metadata.tables[part_name], next((column for column in owners if _OWNERS[column] == name), None)
        if owner is not None:
            rows = select(*part.columns, table.c.revision, ended).join_from(part, table, part.c[owner] == table.c.id).where(row)
            names = [column.name for column in part.columns]
            copies.append(insert(HISTORY_TABLES[part_name]).from_select([*names, "since", "until"], rows))
    return copies


def with_history(connection: Connection, statement: Executable) -> Executable:
    """A select in which the names of the tables stand for their rows at the revision that the connection is set to."""
    revision = connection.get_execution_options()["profiles_as_of"]
    if not isinstance(statement, Select | CompoundSelect):
        raise TypeError("only a select reads the past")
    return statement.add_cte(*_tables_as_of(connection.dialect.name, revision))


def _tables_as_of(dialect: str, revision: int) -> list[CTE]:
    """Common table expressions that replace the tables, with the rows that a revision left."""
    bound = bindparam("as_of", revision, BigInt)
    head = f"SELECT id, :as_of AS newest, dataset, cursor_secret FROM {outside_ctes(dialect, 'revision_head')}"  # noqa: S608
    # Parts come first: they need their owners' current rows, and each expression sees those before it.
    statements = {"revision_head": head, **{name: _rows_as_of(dialect, name) for name in (*PARTS, *RESOURCES)}}
    return [
        read_in_place(dialect, text(statement).bindparams(bound).columns().cte(name)) for name, statement in statements.items()
    ]


@cache
def _rows_as_of(dialect: str, name: str) -> str:
    """The rows that were valid at ``as_of``.

    Each engine uses its indexes in one form only: PostgreSQL if the parts of the union have no condition of their own, SQLite
    if each has.
    """
    columns = ", ".join(column.name for column in Base.metadata.tables[name].columns)
    began = "revision" if name in RESOURCES else "since"
    held = began if name in RESOURCES else _revision_of_owner(dialect, name)
    present = f"FROM {outside_ctes(dialect, name)} AS {name}"
    if dialect == SQLITE:
        past = f"SELECT {columns} FROM past_{name} AS {name} WHERE {began} <= :as_of AND until > :as_of"  # noqa: S608
        return f"SELECT {columns} {present} WHERE {held} <= :as_of UNION ALL {past}"
    past = f"SELECT {columns}, {began} AS began, until FROM past_{name}"  # noqa: S608
    every = f"SELECT {columns}, {held} AS began, {_NEVER} AS until {present} UNION ALL {past}"
    return f"SELECT {columns} FROM ({every}) AS rows_of_{name} WHERE began <= :as_of AND until > :as_of"  # noqa: S608


def _revision_of_owner(dialect: str, part: str) -> str:
    """Looked up by the owner's key for each row, so that no engine reads every owner first, as it may for an EXISTS."""
    found = [
        f"(SELECT owner.revision FROM {outside_ctes(dialect, _OWNERS[key])} AS owner WHERE owner.id = {part}.{key})"  # noqa: S608
        for key in PARTS[part]
    ]
    return f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]
