"""Matches a batch of queries, a bounded number of names at a time."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import orjson
from sqlalchemy import Connection, select, tuple_

from app.api.reconcile.candidates import NAMES_AT_A_TIME, CandidateSearch
from app.api.reconcile.names import Name, normalise_name
from app.api.reconcile.properties import IDENTIFIER, Document
from app.api.reconcile.schemas import TYPE_ID, Candidates, ReconciliationQuery
from app.api.reconcile.scoring import NameScore, rank, score
from app.database.column_types import BigInt
from app.database.lists import as_list, elements
from app.database.models import Company, CompanyIdentifier
from app.database.prepared import PreparedStatement
from app.database.scans import go_on
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp

_SHORTLIST = 30
"""Companies per query that are read in full, in addition to the query's limit."""


def reconcile(connection: Connection, batch: Mapping[str, ReconciliationQuery]) -> tuple[bytes, Stamp]:
    """The candidates for each query, a ``ResultBatch`` as JSON. The number of SQL statements depends only on that of queries.

    The batch is done in steps, so that it can be stopped, and so that no step holds up other threads for long.
    """
    stamp = newest_stamp(connection)
    search = CandidateSearch(connection)
    keys = list(batch)
    members: list[bytes] = []
    for start in range(0, len(keys), NAMES_AT_A_TIME):
        go_on(connection)
        chunk = keys[start : start + NAMES_AT_A_TIME]
        for key, candidates in zip(chunk, _reconcile_some(connection, search, [batch[key] for key in chunk]), strict=True):
            members.append(orjson.dumps(key) + b":" + candidates.model_dump_json(by_alias=True, exclude_none=True).encode())
    return b"{" + b",".join(members) + b"}", stamp


def _reconcile_some(
    connection: Connection, search: CandidateSearch, queries: Sequence[ReconciliationQuery]
) -> Iterator[Candidates]:
    found = [_searched_name(query) for query in queries]
    names = [None if name is None else NameScore(name) for name in found]
    identified = _with_identifiers(connection, queries)
    shortlists = _shortlists(search, queries, names)
    wanted = [ids | shortlist for ids, shortlist in zip(identified, shortlists, strict=True)]
    companies = _companies(connection, set().union(*wanted))
    for query, name, ids in zip(queries, names, wanted, strict=True):
        yield rank((score(companies[company_id], name, query) for company_id in sorted(ids)), query.limit)


def _searched_name(query: ReconciliationQuery) -> Name | None:
    """The name to look for: that of the query, or of its name property. None if it has no name, or for another type."""
    if query.types() and TYPE_ID not in query.types() and query.type_strict != "should":
        return None
    texts = [query.query] if query.query is not None else [t for c in query.properties if c.pid == "name" for t in c.texts()]
    name = normalise_name(texts[0]) if texts else None
    return name if name is not None and name.core else None


def _shortlists(
    search: CandidateSearch, queries: Sequence[ReconciliationQuery], names: Sequence[NameScore | None]
) -> list[set[int]]:
    """For each name, the companies with the most similar names."""
    found = iter(search.find([name.name for name in names if name is not None]))
    return [
        set() if name is None else _most_similar(name, next(found), _SHORTLIST + query.limit)
        for query, name in zip(queries, names, strict=True)
    ]


def _most_similar(name: NameScore, names_by_company: Mapping[int, Sequence[str]], number: int) -> set[int]:
    scores = {company_id: name.best(names) for company_id, names in names_by_company.items()}
    return set(sorted(scores, key=lambda company_id: (-scores[company_id], company_id))[:number])


def _with_identifiers(connection: Connection, queries: Sequence[ReconciliationQuery]) -> list[set[int]]:
    """For each query, the companies with one of its identifiers."""
    wanted = [
        {
            (condition.pid.removeprefix(IDENTIFIER), text)
            for condition in query.properties
            if condition.pid.startswith(IDENTIFIER)
            for text in condition.texts()
        }
        for query in queries
    ]
    every = sorted(set().union(*wanted))
    found: dict[tuple[str, str], set[int]] = {}
    if every:
        pair = tuple_(CompanyIdentifier.scheme, CompanyIdentifier.value)
        statement = select(CompanyIdentifier.scheme, CompanyIdentifier.value, CompanyIdentifier.company_id).where(pair.in_(every))
        for scheme, value, company_id in connection.execute(statement):
            found.setdefault((scheme, value), set()).add(company_id)
    return [set().union(*(found.get(identifier, set()) for identifier in identifiers)) for identifiers in wanted]


def _companies(connection: Connection, company_ids: set[int]) -> dict[int, Document]:
    if not company_ids:
        return {}
    dialect = connection.dialect.name
    rows = _documents_statement(dialect).rows(connection, {"ids": as_list(dialect, sorted(company_ids))})
    return {company_id: orjson.loads(document) for company_id, document in rows}


@cache
def _documents_statement(dialect: str) -> PreparedStatement[int, str]:
    return PreparedStatement(select(Company.id, Company.document).where(Company.id.in_(elements(dialect, "ids", BigInt))))
