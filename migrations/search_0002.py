"""How migration 0002 fills the search index: a frozen copy of what the application did at that version.

Do not change it with the application. A later migration that indexes differently brings a copy of its own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import orjson
import sqlalchemy as sa

_BATCH = 1000
_MOST_WORDS = 3000
_LONGEST_KEY = 300
_LONGEST_WORD = 60
_GAP = "⁂"
_PARTS = ("names", "titles", "texts")
_TABLES = {
    "source": "sources", "company": "companies", "milestone": "milestones", "product": "products", "metric": "metrics"
}  # fmt: skip
_FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "company": {"names": ("name", "other_names", "slug"), "texts": ("summary", "identifiers", "note")},
    "milestone": {"titles": ("title",), "texts": ("description", "category", "scope", "note")},
    "product": {"titles": ("name",), "texts": ("description", "category", "note")},
    "metric": {"titles": ("name",), "texts": ("metric", "stated_as", "scope", "unit", "note")},
    "source": {"titles": ("title",), "texts": ("authors", "publisher", "type", "note")},
}
_CJK = "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
_CJK_CHARACTER = re.compile(f"[{_CJK}][\u3099\u309a\uff9e\uff9f]?")
_RUN = re.compile(f"(?:[{_CJK}][\u3099\u309a]?)+|[^\\W_{_CJK}](?:[^\\W_{_CJK}]|[{_MARKS}])*")
_ASCII_RUN = re.compile(r"[a-z0-9]+")
_IS_CJK = re.compile(f"[{_CJK}]")

Words = dict[str, list[str]]


def create_text_index(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE search_text USING fts5 (names, titles, texts, tokenize = 'ascii', prefix = '2 3')"
        )
    else:
        connection.execute(sa.text("CREATE TABLE search_text (id bigint PRIMARY KEY, terms tsvector NOT NULL)"))
        connection.execute(sa.text("CREATE INDEX ix_search_text_terms ON search_text USING gin (terms)"))


def index_everything(connection: sa.Connection) -> None:
    for kind, name in _TABLES.items():
        names = ("id", "document", "company_id") if kind in ("milestone", "product", "metric") else ("id", "document")
        table = sa.table(name, *map(sa.column, names), *_dated())
        query = sa.select(*table.c).order_by(table.c.id).limit(_BATCH)
        last = 0
        while rows := connection.execute(query.where(table.c.id > last)).mappings().all():
            _index(connection, kind, rows)
            last = rows[-1]["id"]


def _dated() -> list[sa.ColumnClause[Any]]:
    return [sa.column("earliest", sa.Date), sa.column("latest", sa.Date), sa.column("date_uncertain", sa.Boolean)]


def _index(connection: sa.Connection, kind: str, rows: Sequence[sa.RowMapping]) -> None:
    entries = sa.table("search_entries", *map(sa.column, ("id", "kind", "company_id", "title_key")), *_dated())
    values: list[dict[str, object]] = []
    texts: list[tuple[int, Words]] = []
    for row in rows:
        content = orjson.loads(row["document"])
        values.append(
            {
                "id": row["id"],
                "kind": kind,
                "company_id": row["id"] if kind == "company" else row.get("company_id"),
                "title_key": _fold(content.get("title") or content["name"]),
                **{name: row[name] for name in ("earliest", "latest", "date_uncertain")},
            }
        )
        texts.append((row["id"], _words_by_part(kind, content)))
    connection.execute(sa.insert(entries), values)
    _write_texts(connection, texts)
    _add_spellings(connection, {word for _, parts in texts for part in ("names", "titles") for word in parts[part]})


def _write_texts(connection: sa.Connection, texts: Sequence[tuple[int, Words]]) -> None:
    if connection.dialect.name == "sqlite":
        statement = "INSERT INTO search_text (rowid, names, titles, texts) VALUES (:id, :names, :titles, :texts)"
        values = [{"id": identity, **{part: " ".join(parts[part]) for part in _PARTS}} for identity, parts in texts]
    else:
        statement = "INSERT INTO search_text (id, terms) VALUES (:id, CAST(:terms AS tsvector))"
        values = [{"id": identity, "terms": _tsvector(parts)} for identity, parts in texts]
    connection.execute(sa.text(statement), values)


def _tsvector(parts: Words) -> str:
    found = []
    position = 0
    for part, weight in zip(_PARTS, "ABC", strict=True):
        for word in parts[part]:
            position += 1
            found.append(f"'{word}':{position}{weight}")
        position += 1
    return " ".join(found)


def _add_spellings(connection: sa.Connection, found: set[str]) -> None:
    spellings = sa.table("search_spellings", sa.column("variant"), sa.column("word"))
    wanted = sorted(word for word in found if len(word) > 3 and not _IS_CJK.match(word) and not word.isdigit())
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        query = sa.select(spellings.c.word).where(spellings.c.variant.in_(batch), spellings.c.word == spellings.c.variant)
        known = set(connection.scalars(query))
        rows = [
            {"variant": variant, "word": word}
            for word in batch
            if word not in known
            for variant in sorted({word, *(word[:i] + word[i + 1 :] for i in range(len(word)))})
        ]
        if rows:
            connection.execute(sa.insert(spellings), rows)


def _words_by_part(kind: str, resource: Mapping[str, Any]) -> Words:
    found: Words = {part: [] for part in _PARTS}
    for part, names in _FIELDS[kind].items():
        for name in names:
            value = resource[name]
            for text in map(_text, value if isinstance(value, list) else [value]):
                if text:
                    found[part] += [*_words(text), _GAP]
    return {part: words[:_MOST_WORDS] for part, words in found.items()}


def _text(value: str | dict[str, str] | None) -> str | None:
    return value.get("name") or value.get("value") if isinstance(value, dict) else value


def _words(text: str) -> Iterator[str]:
    if text.isascii():
        yield from (run[:_LONGEST_WORD] for run in _ASCII_RUN.findall(text.lower()))
        return
    for run in _RUN.finditer(text):
        start, end = run.span()
        characters = list(_CJK_CHARACTER.finditer(text, start, end)) if _IS_CJK.match(run[0]) else []
        if len(characters) > 1:
            yield from (_fold(text[first.start() : second.end()]) for first, second in pairwise(characters))
        elif folded := "".join(part for part in _fold(run[0]) if part.isalnum())[:_LONGEST_WORD]:
            yield folded


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()[:_LONGEST_KEY]
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare.casefold())[:_LONGEST_KEY]
