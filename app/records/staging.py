"""A private working copy of a dataset, on disk, while it is checked and loaded.

With it, a dataset of any size may come in any order, from a pipe too, and is checked and written in the order of its
references, in bounded memory. It is an unnamed SQLite database, which SQLite deletes when the connection closes.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NamedTuple, Self

from app.records.located import RECORDS, DatasetFinding, FilePlace, LocatedRecord
from app.values.resources import Kind

BATCH_RECORDS = 1_000
_BATCH_CHARACTERS = 16 * 1024 * 1024
_SCHEMA = """
    create table staged (
        sequence integer primary key, kind text, company text, slug text,
        file text, line integer, path text, lines text, payload text,
        unique (kind, company, slug)
    );
"""
_INSERT = (
    "insert into staged (kind, company, slug, file, line, path, lines, payload) values (?, ?, ?, ?, ?, ?, ?, ?)"
    " on conflict do nothing"
)


class Staging:
    """The records of a dataset, by kind, company and slug."""

    def __enter__(self) -> Self:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(f"pragma journal_mode = off; {_SCHEMA} begin;")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._database.close()

    def add(self, located: LocatedRecord) -> DatasetFinding | None:
        """Adds a record. If it is repeated, returns a finding that names the first one."""
        place, slug = located.place, located.record.slug
        key = (located.kind, located.company or "", slug)
        payload = located.record.model_dump_json(exclude_unset=True)
        lines = json.dumps(dict(place.lines)) if place.lines else None
        if self._database.execute(_INSERT, (*key, place.file, place.line, place.path, lines, payload)).rowcount:
            return None
        file, line = self._database.execute(
            "select file, line from staged where kind = ? and company = ? and slug = ?", key
        ).fetchone()
        return place.finding("slug", f"the {located.kind} {slug!r} was given before, at {file}:{line}")

    def batches(self, kind: Kind) -> Iterator[list[LocatedRecord]]:
        """The records of a kind in their order, up to a thousand and about 16 million characters at a time."""
        for rows in self._rows(kind):
            yield [
                LocatedRecord(_place(row), kind, row.company or None, RECORDS[kind].model_validate_json(row.payload))
                for row in rows
            ]

    def _rows(self, kind: Kind) -> Iterator[list["_Row"]]:
        # Skipping the other kinds is cheaper than an index on the order. The plus keeps SQLite from using the unique index.
        query = "select company, file, line, path, lines, payload from staged where +kind = ? order by sequence"
        batch: list[_Row] = []
        characters = 0
        for row in map(_Row._make, self._database.execute(query, (kind,))):
            batch.append(row)
            characters += len(row.payload)
            if len(batch) == BATCH_RECORDS or characters > _BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
        if batch:
            yield batch

    def find(self, kind: Kind, slugs: Iterable[str]) -> Iterator[LocatedRecord]:
        """The sources or companies with these slugs."""
        for slug in slugs:
            row = self._database.execute(
                "select file, line, path, payload from staged where kind = ? and company = '' and slug = ?", (kind, slug)
            ).fetchone()
            if row:
                file, line, path, payload = row
                yield LocatedRecord(FilePlace(file, line, path), kind, None, RECORDS[kind].model_validate_json(payload))

    def holds(self, kind: Kind, slug: str, company: str | None = None) -> bool:
        """Whether a source, a company, or a fact of a company has this slug."""
        query = "select 1 from staged where kind = ? and company = ? and slug = ?"
        return self._database.execute(query, (kind, company or "", slug)).fetchone() is not None


class _Row(NamedTuple):
    company: str
    file: str
    line: int
    path: str
    lines: str | None
    payload: str


def _place(row: _Row) -> FilePlace:
    return FilePlace(row.file, row.line, row.path, json.loads(row.lines) if row.lines else {})
