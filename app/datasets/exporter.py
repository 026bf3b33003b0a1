"""Writing a dataset out, in bounded memory, so that loading it again gives the same content.

Read inside one transaction that sees one state throughout. Sources come first, then each company with its facts,
all by slug; what is null or the default is left out.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

import yaml
from sqlalchemy import Connection, or_, select

from app.datasets.yaml_nodes import is_plain_text
from app.records.from_document import Fields, record_fields
from app.records.writer import TABLES
from app.values.resources import FACT_KINDS, PLURALS, Kind

_BATCH = 500
_SOURCES_BATCH = 10
"""A source may hold a text of ten million characters."""


class _Exported(NamedTuple):
    company: str
    fields: Fields


def export_ndjson(connection: Connection) -> Iterator[str]:
    """One JSON object a line, each with its line feed."""
    for source in _sources(connection):
        yield _line({"kind": "source", **source})
    for company, facts in _companies(connection):
        yield _line({"kind": "company", **company})
        for kind, fields in facts:
            yield _line({"kind": kind, "company": company["slug"], **fields})


def export_yaml(connection: Connection) -> Iterator[str]:
    """A YAML mapping of sources and companies, in pieces of one item each."""
    yield from _list("sources", _sources(connection))
    yield from _list("companies", (_nested(company, facts) for company, facts in _companies(connection)))


def _line(fields: Fields) -> str:
    # A number has at most 15 digits, so the double that json reads and writes prints the same ones.
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"


def _list(name: str, items: Iterator[Fields]) -> Iterator[str]:
    first = next(items, None)
    if first is None:
        yield f"{name}: []\n"
        return
    yield f"{name}:\n"
    for item in chain([first], items):
        yield yaml.dump([item], Dumper=_DatasetDumper, allow_unicode=True, sort_keys=False, width=2**30)


def _nested(company: Fields, facts: Iterator[tuple[Kind, Fields]]) -> Fields:
    item = dict(company)
    for kind, fields in facts:
        item.setdefault(PLURALS[kind], []).append(fields)
    return item


def _sources(connection: Connection) -> Iterator[Fields]:
    table, last = TABLES["source"], ""
    query = select(table.c.slug, table.c.document, table.c.text).order_by(table.c.slug).limit(_SOURCES_BATCH)
    while rows := connection.execute(query.where(table.c.slug > last)).all():
        for row in rows:
            fields = record_fields("source", json.loads(row.document))
            yield fields if row.text is None else fields | {"text": row.text}
        last = rows[-1].slug


def _companies(connection: Connection) -> Iterator[tuple[Fields, Iterator[tuple[Kind, Fields]]]]:
    """Each company with its facts. The facts must be used up before the next company."""
    table, last = TABLES["company"], ""
    streams = {kind: _Facts(connection, kind) for kind in FACT_KINDS}
    query = select(table.c.slug, table.c.document).order_by(table.c.slug).limit(_BATCH)
    while rows := connection.execute(query.where(table.c.slug > last)).all():
        for row in rows:
            facts = ((kind, fields) for kind in FACT_KINDS for fields in streams[kind].of(row.slug))
            yield record_fields("company", json.loads(row.document)), facts
        last = rows[-1].slug


class _Facts:
    """The facts of one kind by company and slug, read in batches and handed out company by company."""

    def __init__(self, connection: Connection, kind: Kind) -> None:
        self._facts = _facts(connection, kind)
        self._next = next(self._facts, None)

    def of(self, company: str) -> Iterator[Fields]:
        while self._next and self._next.company == company:
            yield self._next.fields
            self._next = next(self._facts, None)


def _facts(connection: Connection, kind: Kind) -> Iterator[_Exported]:
    table, companies = TABLES[kind], TABLES["company"]
    query = (
        select(companies.c.slug.label("company"), table.c.slug, table.c.document)
        .join(companies, companies.c.id == table.c.company_id)
        .order_by(companies.c.slug, table.c.slug)
        .limit(_BATCH)
    )
    company, last = "", ""
    # The first condition, alone, is one that the engines can start from in an index.
    while rows := connection.execute(
        query.where(companies.c.slug >= company, or_(companies.c.slug > company, table.c.slug > last))
    ).all():
        for row in rows:
            yield _Exported(row.company, record_fields(kind, json.loads(row.document)))
        company, last = rows[-1].company, rows[-1].slug


class _DatasetDumper(yaml.CSafeDumper):
    """Quotes what the dataset reader would not take for text, and keeps lines of a text as lines."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if is_plain_text(text) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_number(dumper: yaml.CSafeDumper, number: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(Decimal(repr(number)), "f"))


_DatasetDumper.add_representer(str, _represent_text)
_DatasetDumper.add_representer(float, _represent_number)
