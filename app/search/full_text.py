"""The full-text index: FTS5 on SQLite, a ``tsvector`` on PostgreSQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    Subquery,
    bindparam,
    column,
    exists,
    select,
    table,
    text,
)

from app.database.bulk_insert import insert_rows
from app.database.column_types import BigInt
from app.database.dialects import SQLITE

_NAMED = frozenset(("names", "titles"))
_NAMES_AND_TITLES = "ts_filter(terms, '{a,b}')"
"""Has an index of its own. The index on all parts does not know which part a word is in: to find out that no name has a word that
many texts have, it would read each of them."""


TextRow = tuple[int, Mapping[str, Sequence[str]]]
"""The id of a resource, and the words of each part of it: names, titles, texts."""

_WEIGHTS = {"names": "A", "titles": "B", "texts": "C"}


def clear_text_index(connection: Connection, identities: Sequence[int]) -> None:
    """Remove resources from the text index."""
    if not identities:
        return
    column = "rowid" if connection.dialect.name == SQLITE else "id"
    connection.execute(text(f"DELETE FROM search_text WHERE {column} = :id"), [{"id": identity} for identity in identities])  # noqa: S608


def write_text_index(connection: Connection, rows: Sequence[TextRow]) -> None:
    """Add resources to the text index."""
    if not rows:
        return
    values: list[dict[str, object]]
    if connection.dialect.name == SQLITE:
        values = [{"rowid": identity, **{part: " ".join(parts[part]) for part in _WEIGHTS}} for identity, parts in rows]
    else:
        values = [{"id": identity, "terms": _tsvector(parts)} for identity, parts in rows]
    insert_rows(connection, table("search_text", *map(column, values[0])), values)


def _tsvector(parts: Mapping[str, Sequence[str]]) -> str:
    """A tsvector as text. A gap between parts keeps phrases from spanning two of them."""
    entries = []
    position = 0
    for part, weight in _WEIGHTS.items():
        for word in parts[part]:
            position += 1
            entries.append(f"'{word}':{position}{weight}")
        position += 1
    return " ".join(entries)


TextTerm = tuple[Sequence[str], bool]
"""Words that follow each other, and whether the last one may go on. They are letters and digits only, so nothing in
them is syntax of either engine."""


def text_query(dialect: str, terms: Sequence[TextTerm], parts: Sequence[str]) -> str:
    """The engine's own query for every term within the parts."""
    if dialect == SQLITE:
        phrases = (f'"{" ".join(words)}"{"*" if open_ended else ""}' for words, open_ended in terms)
        return f"{{{' '.join(parts)}}} : ({' AND '.join(phrases)})"
    weights = "" if set(parts) in (_NAMED, set(_WEIGHTS)) else "".join(_WEIGHTS[part] for part in parts)
    lexemes = ([f"'{word}'{_marks(weights, is_begun=open_ended)}" for word in words] for words, open_ended in terms)
    return " & ".join(f"({' <-> '.join(term)})" for term in lexemes)


def _marks(weights: str, *, is_begun: bool) -> str:
    """The suffix of a lexeme. Without weights the index alone decides: no row is read to see where the word is."""
    marks = "*" * is_begun + weights
    return f":{marks}" if marks else ""


def matching_sql(dialect: str, query: str, parts: Sequence[str]) -> str:
    """SQL of the ids of resources that match a ``text_query`` within the parts. The query is an SQL expression."""
    if dialect == SQLITE:
        return f"SELECT rowid AS id FROM search_text WHERE search_text MATCH {query}"  # noqa: S608
    searched = _NAMES_AND_TITLES if _NAMED.issuperset(parts) else "terms"
    return f"SELECT id FROM search_text WHERE {searched} @@ CAST({query} AS tsquery)"  # noqa: S608


def matching_given(dialect: str, name: str, parts: Sequence[str], *, alone: bool = True) -> Subquery:
    """The same, for a prepared statement: the value of the parameter is a ``text_query`` within the same parts.

    Not ``alone`` means that other conditions may be more selective than the words.
    """
    return _matching(dialect, bindparam(name, type_=String), parts, alone=alone)


def is_matched(dialect: str, name: str, parts: Sequence[str]) -> ColumnElement[bool]:
    """Whether anything matches the value of the parameter, within the parts."""
    return exists(select(matching_given(dialect, name, parts).c.id))


def _matching(dialect: str, query: BindParameter[str], parts: Sequence[str], *, alone: bool = False) -> Subquery:
    """Without statistics PostgreSQL assumes that a word is in one row of 200, and for a prepared statement it knows no word at
    all. So it would scan the table in the hope of meeting the first rows soon, and read all of it if there are none. A
    materialized expression is planned as if every row were wanted, so by the index, and still reads only the rows in use
    (https://www.postgresql.org/docs/current/queries-with.html).
    """
    statement = matching_sql(dialect, f":{query.key}", parts)
    if alone and dialect != SQLITE:
        statement = f"WITH matching AS MATERIALIZED ({statement}) SELECT id FROM matching"  # noqa: S608
    return text(statement).bindparams(query).columns(column("id", BigInt)).subquery()
