"""Exporting everything as a dataset, in bounded memory. Loading the export gives the same content.

The export is read in one transaction, which sees a single state. Sources come first, then each company with its facts, all
sorted by slug. Fields that are null or have their default value are left out.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Final, NamedTuple

import yaml
from sqlalchemy import Connection, or_, select

from app.datasets.yaml_nodes import is_plain_text
from app.records.from_document import Fields, record_fields
from app.records.writer import TABLES
from app.values.resources import FACT_KINDS, PLURALS, Kind

_BATCH = 500
_SOURCES_BATCH = 10
"""Smaller, because a source may contain a text of ten million characters."""


class _Exported(NamedTuple):
    company: str
    fields: Fields


def export_ndjson(connection: Connection) -> Iterator[str]:
    """One JSON object per line, each with its line feed."""
    for source in _sources(connection):
        yield _line({"kind": "source", **source})
    for company, facts in _companies(connection):
        yield _line({"kind": "company", **company})
        for kind, fields in facts:
            yield _line({"kind": kind, "company": company["slug"], **fields})


def export_yaml(connection: Connection) -> Iterator[str]:
    """A YAML mapping of sources and companies, one item at a time."""
    yield from _list("sources", _sources(connection))
    yield from _list("companies", (_nested(company, facts) for company, facts in _companies(connection)))


EXPORTERS: Final[Mapping[str, Callable[[Connection], Iterator[str]]]] = {"yaml": export_yaml, "ndjson": export_ndjson}


def _line(fields: Fields) -> str:
    # A number has at most 15 digits, so json, which reads and writes doubles, preserves them.
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
    """Each company with its facts. Consume the facts before asking for the next company."""
    table, last = TABLES["company"], ""
    streams = {kind: _Facts(connection, kind) for kind in FACT_KINDS}
    query = select(table.c.slug, table.c.document).order_by(table.c.slug).limit(_BATCH)
    while rows := connection.execute(query.where(table.c.slug > last)).all():
        for row in rows:
            facts = ((kind, fields) for kind in FACT_KINDS for fields in streams[kind].of(row.slug))
            yield record_fields("company", json.loads(row.document)), facts
        last = rows[-1].slug


class _Facts:
    """The facts of one kind, sorted by company and slug: read in batches, returned company by company."""

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
    # The first condition is redundant, but it is the one for which both engines use an index.
    while rows := connection.execute(
        query.where(companies.c.slug >= company, or_(companies.c.slug > company, table.c.slug > last))
    ).all():
        for row in rows:
            yield _Exported(row.company, record_fields(kind, json.loads(row.document)))
        company, last = rows[-1].company, rows[-1].slug


class _DatasetDumper(yaml.CSafeDumper):
    """Quotes text that the YAML reader would take for something else, and writes multi-line text as a block."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if is_plain_text(text) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_number(dumper: yaml.CSafeDumper, number: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(Decimal(repr(number)), "f"))


_DatasetDumper.add_representer(str, _represent_text)
_DatasetDumper.add_representer(float, _represent_number)
