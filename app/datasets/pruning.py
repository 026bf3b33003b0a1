"""Deleting the resources that a dataset does not contain, so that the database matches the dataset."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from app.records.checks import no_such
from app.records.located import DatasetInvalid, FilePlace, Findings
from app.records.removal import in_the_way, remove
from app.records.rewriting import citing
from app.records.staging import BATCH_RECORDS, Staging
from app.records.writer import TABLES, StoredResource, ids_of
from app.revisions.log import RevisionLog
from app.values.resources import FACT_KINDS, KINDS, Kind

_MOST_NAMED = 10


class PruneScope(NamedTuple):
    """What pruning may delete: everything, or only the facts of a company, or only the facts that cite a source (by slug)."""

    company: str | None = None
    source: str | None = None


EVERYTHING: Final = PruneScope()


def remove_unlisted(connection: Connection, log: RevisionLog, staging: Staging, within: PruneScope) -> Counter[Kind]:
    """Deletes every resource within the scope that is not staged, facts first.

    Raises DatasetInvalid if a staged record refers to one, or if the scope names a company or source that doesn't exist.
    """
    deleted: Counter[Kind] = Counter()
    kinds = KINDS if within == EVERYTHING else FACT_KINDS
    company = None if within.company is None else _id_of(connection, "company", within.company)
    source = None if within.source is None else _id_of(connection, "source", within.source)
    for kind in reversed(kinds):
        conditions = list(_in_scope(kind, company, source))
        for batch in _unlisted(connection, staging, kind, conditions):
            _require_unreferred(connection, kind, batch)
            remove(connection, log, kind, batch)
            deleted[kind] += len(batch)
    return deleted


def _in_scope(kind: Kind, company: int | None, source: int | None) -> Iterator[ColumnElement[bool]]:
    if company is not None:
        yield TABLES[kind].c.company_id == company
    if source is not None:
        yield citing(kind, source)


def _id_of(connection: Connection, kind: Kind, slug: str) -> int:
    identity = ids_of(connection, kind, [slug]).get(slug)
    if identity is None:
        findings = Findings()
        findings.add(FilePlace("prune", 0).finding(kind, no_such(kind, slug)))
        raise DatasetInvalid(findings)
    return identity


def _unlisted(
    connection: Connection, staging: Staging, kind: Kind, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[list[StoredResource]]:
    table, companies = TABLES[kind], TABLES["company"]
    query = select(table.c.id, table.c.slug, table.c.document).where(*conditions).order_by(table.c.id).limit(BATCH_RECORDS)
    if kind in FACT_KINDS:
        query = query.add_columns(companies.c.slug.label("company")).join(companies, companies.c.id == table.c.company_id)
    last = 0
    while rows := connection.execute(query.where(table.c.id > last)).mappings().all():
        last = rows[-1]["id"]
        unlisted = (row for row in rows if not staging.holds(kind, row["slug"], row.get("company")))
        yield [StoredResource(row["id"], row["document"]) for row in unlisted]


def _require_unreferred(connection: Connection, kind: Kind, batch: list[StoredResource]) -> None:
    """A staged fact may belong to a company, or cite a source, that is only in the database."""
    findings = Findings()
    for url in in_the_way(connection, kind, [resource.id for resource in batch], _MOST_NAMED):
        message = f"the {kind} that it refers to is not in the dataset, so pruning would delete it"
        findings.add(FilePlace(url, 0).finding("", message))
    findings.raise_if_any()
