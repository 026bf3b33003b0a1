"""Deleting the resources that a dataset does not contain, so that the database matches the dataset."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.records.located import FilePlace, Findings
from app.records.removal import in_the_way, remove
from app.records.staging import BATCH_RECORDS, Staging
from app.records.writer import TABLES, StoredResource
from app.revisions.log import RevisionLog
from app.values.resources import FACT_KINDS, KINDS, Kind

_MOST_NAMED = 10


def remove_unlisted(connection: Connection, log: RevisionLog, staging: Staging) -> Counter[Kind]:
    """Deletes every resource that is not staged, facts first. Raises DatasetInvalid if a staged record refers to one."""
    deleted: Counter[Kind] = Counter()
    for kind in reversed(KINDS):
        for batch in _unlisted(connection, staging, kind):
            _require_unreferred(connection, kind, batch)
            remove(connection, log, kind, batch)
            deleted[kind] += len(batch)
    return deleted


def _unlisted(connection: Connection, staging: Staging, kind: Kind) -> Iterator[list[StoredResource]]:
    table, companies = TABLES[kind], TABLES["company"]
    query = select(table.c.id, table.c.slug, table.c.document).order_by(table.c.id).limit(BATCH_RECORDS)
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
