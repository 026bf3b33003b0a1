"""Maintenance of the search index, in the transaction that writes the resource."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, delete, select, update

from app.database.bulk_insert import insert_rows
from app.database.models import Base, SearchEntry, SearchSpelling
from app.search.fields import PARTS, searched_fields, title_of
from app.search.full_text import clear_text_index, write_text_index
from app.search.words import GAP, can_be_misspelt, spelling_variants, word_texts
from app.values.text import fold

MOST_WORDS = 3000
"""Maximum number of indexed words of each part of a resource."""

_BATCH = 1000
_ENTRIES = Base.metadata.tables["search_entries"]


class Indexed(NamedTuple):
    """A resource to index: its id, its company's id, its document, the bounds of its date.

    ``previous`` is the document that was indexed before; None if there is none.
    """

    id: int
    company_id: int | None
    document: str
    dated: dict[str, object]
    previous: str | None = None


Words = dict[str, list[str]]
"""The words of a resource, by the part of the index that they belong to."""


def index_resources(connection: Connection, kind: str, resources: Sequence[Indexed]) -> set[str]:
    """Index resources of one kind, in place of their previous entries. Unchanged words are not written again.

    Returns the words of names and titles that may be new, for ``add_spellings``.
    """
    created: list[dict[str, object]] = []
    updated: list[dict[str, object]] = []
    texts: list[tuple[int, Words]] = []
    replaced: list[int] = []
    added: set[str] = set()
    for resource in resources:
        content = orjson.loads(resource.document)
        words = _words_by_part(kind, content)
        before = _words_by_part(kind, orjson.loads(resource.previous)) if resource.previous else None
        (created if before is None else updated).append(_entry(kind, resource, title_of(content)))
        if words != before:
            texts.append((resource.id, words))
            added |= _named(words) - (_named(before) if before else set())
            replaced += [resource.id] if before else []
    insert_rows(connection, _ENTRIES, created)
    _update_entries(connection, updated)
    clear_text_index(connection, replaced)
    write_text_index(connection, texts)
    return added


def _entry(kind: str, resource: Indexed, title: str) -> dict[str, object]:
    company_id = resource.id if kind == "company" else resource.company_id
    return {"id": resource.id, "kind": kind, "company_id": company_id, "title_key": fold(title), **resource.dated}


def _update_entries(connection: Connection, entries: Sequence[dict[str, object]]) -> None:
    if entries:
        values = [{"entry_id" if name == "id" else name: value for name, value in entry.items()} for entry in entries]
        connection.execute(update(_ENTRIES).where(_ENTRIES.c.id == bindparam("entry_id")), values)


def unindex_resources(connection: Connection, identities: Sequence[int]) -> None:
    """Remove resources from the index."""
    if identities:
        connection.execute(delete(SearchEntry).where(SearchEntry.id.in_(identities)))
        clear_text_index(connection, identities)


def _words_by_part(kind: str, resource: Mapping[str, Any]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    for field in searched_fields(kind, resource):
        parts[field.part] += [*word_texts(field.text), GAP]
    return {part: found[:MOST_WORDS] for part, found in parts.items()}


def _named(words: Words) -> set[str]:
    """The words of names and titles."""
    return {word for part in ("names", "titles") for word in words[part]}


def add_spellings(connection: Connection, found: set[str]) -> None:
    """Add the words that are missing. No other writer does so at the same time: a writer holds the lock of the revision head."""
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
