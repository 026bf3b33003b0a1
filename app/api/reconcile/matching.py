"""Matches a batch of queries, a bounded number of names at a time."""

from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import Connection, select, tuple_

from app.api.reconcile.candidates import NAMES_AT_A_TIME, find_candidates, names_of
from app.api.reconcile.names import Name, normalise_name
from app.api.reconcile.properties import IDENTIFIER, Document
from app.api.reconcile.schemas import TYPE_ID, Candidates, ReconciliationQuery, ResultBatch
from app.api.reconcile.scoring import name_score, rank, score
from app.database.models import Company, CompanyIdentifier
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp

_SHORTLIST = 30
"""Companies per query that are read in full, in addition to the query's limit."""


def reconcile(connection: Connection, batch: Mapping[str, ReconciliationQuery]) -> tuple[ResultBatch, Stamp]:
    """The candidates for each query. The number of SQL statements depends only on the number of queries."""
    stamp = newest_stamp(connection)
    keys = list(batch)
    results: dict[str, Candidates] = {}
    for start in range(0, len(keys), NAMES_AT_A_TIME):
        chunk = keys[start : start + NAMES_AT_A_TIME]
        found = _reconcile_some(connection, [batch[key] for key in chunk])
        results.update(zip(chunk, found, strict=True))
    return ResultBatch(results), stamp


def _reconcile_some(connection: Connection, queries: Sequence[ReconciliationQuery]) -> list[Candidates]:
    names = [_searched_name(query) for query in queries]
    identified = _with_identifiers(connection, queries)
    shortlists = _shortlists(connection, queries, names)
    wanted = [ids | shortlist for ids, shortlist in zip(identified, shortlists, strict=True)]
    companies = _companies(connection, set().union(*wanted))
    return [
        rank((score(companies[company_id], name, query) for company_id in sorted(ids)), query.limit)
        for query, name, ids in zip(queries, names, wanted, strict=True)
    ]


def _searched_name(query: ReconciliationQuery) -> Name | None:
    """The name to look for: that of the query, or of its name property. None if it has no name, or for another type."""
    if query.types() and TYPE_ID not in query.types() and query.type_strict != "should":
        return None
    texts = [query.query] if query.query is not None else [t for c in query.properties if c.pid == "name" for t in c.texts()]
    name = normalise_name(texts[0]) if texts else None
    return name if name is not None and name.core else None


def _shortlists(connection: Connection, queries: Sequence[ReconciliationQuery], names: Sequence[Name | None]) -> list[set[int]]:
    """For each name, the companies with the most similar names."""
    searched = [name for name in names if name is not None]
    found = iter(find_candidates(connection, searched) if searched else [])
    candidates = [set() if name is None else next(found) for name in names]
    names_by_company: dict[int, list[str]] = {}
    for company_id, other in names_of(connection, set().union(*candidates)):
        names_by_company.setdefault(company_id, []).append(other)
    return [
        set() if name is None else _most_similar(name, {one: names_by_company[one] for one in ids}, _SHORTLIST + query.limit)
        for query, name, ids in zip(queries, names, candidates, strict=True)
    ]


def _most_similar(name: Name, names_by_company: Mapping[int, Sequence[str]], number: int) -> set[int]:
    scores = {company_id: name_score(name, names) for company_id, names in names_by_company.items()}
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
    rows = connection.execute(select(Company.id, Company.document).where(Company.id.in_(sorted(company_ids))))
    return {company_id: orjson.loads(document) for company_id, document in rows}
