"""Deletes resources: appends a revision for each, archives their rows and notes their URLs."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Select, delete, exists, select

from app.database.history_tables import archive
from app.database.models import Base, Citation, CompanyIdentifier, CompanyName
from app.database.pipeline import pipelined
from app.records.staging import BATCH_RECORDS
from app.records.writer import TABLES, StoredResource
from app.revisions.former_addresses import Left, address_of, leave_addresses
from app.revisions.log import RevisionLog
from app.search.index import unindex_resources
from app.values.resources import FACT_KINDS, KINDS, PLURALS, Kind

_CITATIONS = Base.metadata.tables["citations"]


def remove(connection: Connection, log: RevisionLog, kind: Kind, resources: Sequence[StoredResource]) -> None:
    """Deletes resources of one kind that nothing refers to any more: see ``in_the_way``."""
    if not resources:
        return
    left = []
    for resource in resources:
        url = address_of(resource.document)
        left.append(Left(url, resource.id, log.append("delete", kind, url, None, resource.id).number))
    identities = [resource.id for resource in resources]
    with pipelined(connection, len(resources)):
        log.flush()
        archive(connection, PLURALS[kind], [(identity, revision) for _, identity, revision in left])
        leave_addresses(connection, kind, left)
        unindex_resources(connection, identities)
        if kind != "source":
            connection.execute(delete(_CITATIONS).where(_CITATIONS.c[f"{kind}_id"].in_(identities)))
        if kind == "company":
            connection.execute(delete(CompanyName).where(CompanyName.company_id.in_(identities)))
            connection.execute(delete(CompanyIdentifier).where(CompanyIdentifier.company_id.in_(identities)))
        table = TABLES[kind]
        connection.execute(delete(table).where(table.c.id.in_(identities)))


def in_the_way(connection: Connection, kind: Kind, identities: Sequence[int], most: int = 10) -> list[str]:
    """The URLs of the first resources that refer to sources or companies, and so prevent their deletion."""
    if kind in FACT_KINDS:
        return []
    documents = [document for query in _referring(kind, identities) for document in connection.scalars(query.limit(most))]
    return [address_of(document) for document in documents[:most]]


def _referring(kind: Kind, identities: Sequence[int]) -> Iterator[Select[str]]:
    """The resources that cite a source, or the facts of a company."""
    for other in KINDS[1:]:
        table = TABLES[other]
        if kind == "source":
            cites = exists().where(_CITATIONS.c[f"{other}_id"] == table.c.id, Citation.source_id.in_(identities))
            yield select(table.c.document).where(cites).order_by(table.c.id)
        elif other != "company":
            yield select(table.c.document).where(table.c.company_id.in_(identities)).order_by(table.c.id)


def remove_facts(connection: Connection, log: RevisionLog, company_id: int) -> None:
    """Deletes every fact of a company."""
    for kind in FACT_KINDS:
        table = TABLES[kind]
        first = select(table.c.id, table.c.document).where(table.c.company_id == company_id).order_by(table.c.id)
        while rows := connection.execute(first.limit(BATCH_RECORDS)).all():
            remove(connection, log, kind, [StoredResource(*row) for row in rows])
