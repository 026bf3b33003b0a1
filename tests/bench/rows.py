"""The rows that a load of the made-up companies writes, made in pieces that do not depend on each other.

A load of a million companies takes long, so the bench writes their rows itself: rendered by the product's own functions,
numbered as the load numbers them. A test holds them against a load.
"""

import datetime
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Table
from sqlalchemy.engine import Dialect, make_url

from app.database.dialects import SQLITE
from app.database.models import Base
from app.records.citations import ResolvedCitation, citations_of, unquoted
from app.records.company import CompanyRecord
from app.records.documents import Row, identifier_rows, name_rows, render, row_of
from app.records.located import RECORDS, FilePlace, LocatedRecord
from app.revisions.log import stamped
from app.search.fields import title_of
from app.search.full_text import _tsvector
from app.search.index import _words_by_part
from app.values.resources import KINDS, PLURALS, Kind
from app.values.text import fold
from tests.bench.companies import PER_COMPANY, Fields, records_of, slug_of, source_count, source_record

ACTOR, REASON = "tests.bench", "Made-up companies"
RECORDED_AT: Final = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=datetime.UTC)
TEXT_INDEX: Final = "search_text"
TEXT_COLUMNS: Final = {"sqlite": ("rowid", "names", "titles", "texts"), "postgresql": ("id", "terms")}
_RECORDS_A_PIECE = 4_000

Values = tuple[Any, ...]
"""Column values as the engine's driver takes them."""


class Piece(NamedTuple):
    """The records of one kind of the companies from ``first`` up to ``end``, of ``companies`` in all."""

    kind: Kind
    first: int
    end: int
    companies: int
    dialect: str


class Rows(NamedTuple):
    """The rows of a piece by table, and the words of its names and titles."""

    by_table: dict[str, list[Values]]
    words: set[str]


def first_number(kind: Kind, companies: int) -> int:
    """The revision of the first record of a kind: sources come first, then companies, then their facts."""
    before = KINDS[: KINDS.index(kind)]
    return 1 + sum(record_count(earlier, companies) for earlier in before)


def record_count(kind: Kind, companies: int) -> int:
    return source_count(companies) if kind == "source" else companies * PER_COMPANY[kind]


def total_records(companies: int) -> int:
    return sum(record_count(kind, companies) for kind in KINDS)


def pieces(companies: int, dialect: str) -> Iterator[Piece]:
    """All the work, in the order of the revisions."""
    for kind in KINDS:
        everything = source_count(companies) if kind == "source" else companies
        size = _RECORDS_A_PIECE // (1 if kind == "source" else PER_COMPANY[kind])
        for first in range(0, everything, size):
            yield Piece(kind, first, min(first + size, everything), companies, dialect)


def columns_of(table: str, dialect: str) -> tuple[str, ...]:
    return TEXT_COLUMNS[dialect] if table == TEXT_INDEX else tuple(Base.metadata.tables[table].columns.keys())


def make_rows(piece: Piece) -> Rows:
    rows = Rows({}, set())
    per_company = 1 if piece.kind == "source" else PER_COMPANY[piece.kind]
    number = first_number(piece.kind, piece.companies) + piece.first * per_company
    for company in range(piece.first, piece.end):
        given = [source_record(company)] if piece.kind == "source" else records_of(piece.kind, company)
        for fields in given:
            _add_record(rows, piece, company, number, fields)
            number += 1
    return rows


def _add_record(rows: Rows, piece: Piece, company: int, number: int, fields: Fields) -> None:
    is_fact = piece.kind not in ("source", "company")
    record = RECORDS[piece.kind].model_validate(fields)
    located = LocatedRecord(FilePlace("", 0), piece.kind, slug_of(company) if is_fact else None, record)
    citations = [unquoted(citation) for citation in citations_of(located)]
    document = stamped(render(located, citations), number, RECORDED_AT)
    company_id = first_number("company", piece.companies) + company if is_fact else None
    row = row_of(located) | {"id": number, "revision": number, "document": document, "company_id": company_id}
    _add(rows, piece, "revisions", _revision(piece.kind, number, located.url, document))
    _add(rows, piece, PLURALS[piece.kind], row)
    for position, citation in enumerate(citations):
        _add(rows, piece, "citations", _citation(piece, number, position, citation))
    if isinstance(record, CompanyRecord):
        for table, parts in (("company_names", name_rows(record)), ("company_identifiers", identifier_rows(record))):
            for part in parts:
                _add(rows, piece, table, part | {"company_id": number})
    _add_to_search(rows, piece, row | {"company_id": number if piece.kind == "company" else company_id})


def _revision(kind: Kind, number: int, url: str, document: str) -> Row:
    return {
        "number": number,
        "recorded_at": RECORDED_AT,
        "actor": ACTOR,
        "reason": REASON,
        "action": "create",
        "kind": kind,
        "resource_id": number,
        "url": url,
        "document": document,
    }


def _citation(piece: Piece, owner: int, position: int, citation: ResolvedCitation) -> Row:
    """Each company and fact has one citation and sources have none, so its number follows from its owner's."""
    return {
        "id": owner - source_count(piece.companies),
        **{f"{kind}_id": owner if kind == piece.kind else None for kind in KINDS[1:]},
        "position": position,
        "source_id": 1 + int(citation.source.rpartition("-")[2]),
        "paragraph": citation.paragraph,
        "sentence": citation.sentence,
        "start_character": citation.start,
        "end_character": citation.end,
        "sha256": citation.sha256,
        "edition": citation.edition,
        "checked": citation.checked,
    }


def _add_to_search(rows: Rows, piece: Piece, row: Row) -> None:
    resource = orjson.loads(row["document"])
    title_key = fold(title_of(resource))
    _add(rows, piece, "search_entries", row | {"kind": piece.kind, "title_key": title_key})
    parts = _words_by_part(piece.kind, resource)
    texts = [" ".join(parts[part]) for part in TEXT_COLUMNS["sqlite"][1:]] if piece.dialect == SQLITE else [_tsvector(parts)]
    rows.by_table.setdefault(TEXT_INDEX, []).append((row["id"], *texts))
    rows.words.update(word for part in ("names", "titles") for word in parts[part])


def _add(rows: Rows, piece: Piece, table: str, row: Row) -> None:
    values = tuple(convert(row[name]) if convert else row[name] for name, convert in _converters(table, piece.dialect))
    rows.by_table.setdefault(table, []).append(values)


@cache
def _converters(table: str, dialect: str) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """For each column what makes a driver's value of Python's, as SQLAlchemy itself does it."""
    made = _dialect(dialect)
    columns = _table(table).columns
    return tuple((column.name, column.type.dialect_impl(made).bind_processor(made)) for column in columns)


@cache
def _dialect(name: str) -> Dialect:
    return make_url("sqlite://" if name == SQLITE else "postgresql+psycopg://").get_dialect()()


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
