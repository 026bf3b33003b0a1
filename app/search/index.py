"""Keeping the search index: what a resource is found by is written in the transaction that writes the resource."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, select

from app.database.bulk_insert import insert_rows
from app.database.models import Base, Company, Metric, Milestone, Product, SearchEntry, SearchSpelling, Source
from app.search.fields import PARTS, searched_fields, title_of
from app.search.full_text import clear_text_index, write_text_index
from app.search.words import GAP, can_be_misspelt, spelling_variants, word_texts
from app.values.text import fold

MOST_WORDS = 3000
"""Words of a part of a resource that are indexed."""

_BATCH = 1000
_TABLES = {"source": Source, "company": Company, "milestone": Milestone, "product": Product, "metric": Metric}


class Indexed(NamedTuple):
    """A resource to put into the index: its id, its company's, its document and the bounds of its date."""

    id: int
    company_id: int | None
    document: str
    dated: dict[str, object]


def index_resources(connection: Connection, kind: str, resources: Sequence[Indexed], replaced: Sequence[int]) -> None:
    """Index resources of one kind, in place of what the index had of those of them that are replaced."""
    if not resources:
        return
    unindex_resources(connection, replaced)
    contents = [orjson.loads(resource.document) for resource in resources]
    texts = [(resource.id, _words_by_part(kind, content)) for resource, content in zip(resources, contents, strict=True)]
    entries = [
        {
            "id": resource.id,
            "kind": kind,
            "company_id": resource.id if kind == "company" else resource.company_id,
            "title_key": fold(title_of(content)),
            **resource.dated,
        }
        for resource, content in zip(resources, contents, strict=True)
    ]
    insert_rows(connection, Base.metadata.tables["search_entries"], entries)
    write_text_index(connection, texts)
    _add_spellings(connection, {word for _, parts in texts for part in ("names", "titles") for word in parts[part]})


def unindex_resources(connection: Connection, identities: Sequence[int]) -> None:
    """Take resources out of the index."""
    if identities:
        connection.execute(delete(SearchEntry).where(SearchEntry.id.in_(identities)))
        clear_text_index(connection, identities)


def _words_by_part(kind: str, resource: Mapping[str, Any]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    for field in searched_fields(kind, resource):
        parts[field.part] += [*word_texts(field.text), GAP]
    return {part: found[:MOST_WORDS] for part, found in parts.items()}


def _add_spellings(connection: Connection, found: set[str]) -> None:
    """Add the words that are not there yet. No one else adds them meanwhile: a writer holds the revision head's lock."""
    wanted = sorted(word for word in found if can_be_misspelt(word))
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        itself = SearchSpelling.word == SearchSpelling.variant
        known = set(connection.scalars(select(SearchSpelling.word).where(SearchSpelling.variant.in_(batch), itself)))
        rows = [
            {"variant": variant, "word": word}
            for word in batch
            if word not in known
            for variant in sorted(spelling_variants(word))
        ]
        insert_rows(connection, Base.metadata.tables["search_spellings"], rows)


def index_everything(connection: Connection) -> None:
    """Index every resource that there is: for a migration."""
    for kind in _TABLES:
        table = Base.metadata.tables[_TABLES[kind].__tablename__]
        company_id = table.c.company_id if "company_id" in table.c else None
        columns = (table.c.id, table.c.document, table.c.earliest, table.c.latest, table.c.date_uncertain)
        query = select(*columns, *([company_id] if company_id is not None else [])).order_by(table.c.id).limit(_BATCH)
        last = 0
        while rows := connection.execute(query.where(table.c.id > last)).mappings().all():
            resources = [
                Indexed(
                    row["id"],
                    row.get("company_id"),
                    row["document"],
                    {name: row[name] for name in ("earliest", "latest", "date_uncertain")},
                )
                for row in rows
            ]
            index_resources(connection, kind, resources, [])
            last = rows[-1]["id"]
