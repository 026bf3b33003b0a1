"""Matches a batch of queries, a bounded number of names at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import orjson
from sqlalchemy import Connection, select, tuple_

from app.api.reconcile.candidates import NAMES_AT_A_TIME, CandidateSearch
from app.api.reconcile.draft_schemas import MatchRequestQuery, MatchResult
from app.api.reconcile.name_score import NameScore
from app.api.reconcile.names import Name
from app.api.reconcile.properties import IDENTIFIER, Document
from app.api.reconcile.query import MatchQuery
from app.api.reconcile.schemas import TYPE_ID, Candidate, Candidates, ReconciliationQuery, as_json
from app.api.reconcile.scoring import rank, score
from app.database.column_types import BigInt
from app.database.lists import as_list, elements
from app.database.models import Company, CompanyIdentifier
from app.database.prepared import PreparedStatement
from app.database.scans import go_on
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.records.company import one_form

_SHORTLIST = 30
"""Companies per query that are read in full, in addition to the query's limit."""


def reconcile(connection: Connection, batch: Mapping[str, ReconciliationQuery]) -> tuple[bytes, Stamp]:
    """The candidates for each query, a ``ResultBatch`` as JSON."""
    stamp = newest_stamp(connection)
    queries = [query.as_match_query() for query in batch.values()]
    members = [
        orjson.dumps(key) + b":" + as_json(Candidates(result=candidates, notes=query.notes() or None))
        for key, query, candidates in zip(batch, queries, _match(connection, queries), strict=True)
    ]
    return b"{" + b",".join(members) + b"}", stamp


def match(connection: Connection, batch: Sequence[MatchRequestQuery]) -> tuple[bytes, Stamp]:
    """The candidates for each query, ``MatchResults`` as JSON."""
    stamp = newest_stamp(connection)
    queries = [query.as_match_query() for query in batch]
    results = [
        as_json(MatchResult(candidates=candidates, notes=query.notes() or None))
        for query, candidates in zip(queries, _match(connection, queries), strict=True)
    ]
    return b'{"results":[' + b",".join(results) + b"]}", stamp


def _match(connection: Connection, queries: Sequence[MatchQuery]) -> Iterator[list[Candidate]]:
    """The candidates for each query. The number of SQL statements depends only on that of names.

    It is done in steps, so that it can be stopped, and so that no step holds up other threads for long.
    """
    search = CandidateSearch(connection)
    for some in _in_steps((query, _searched_names(query)) for query in queries):
        go_on(connection)
        yield from _match_some(connection, search, some)


_Searched = tuple[MatchQuery, list[NameScore]]


def _in_steps(searched: Iterable[_Searched]) -> Iterator[list[_Searched]]:
    """Queries with about as many names as one statement finds."""
    step: list[_Searched] = []
    names = 0
    for query, scores in searched:
        more = max(1, sum(len(score.names) for score in scores))
        if step and names + more > NAMES_AT_A_TIME:
            yield step
            step, names = [], 0
        step.append((query, scores))
        names += more
    if step:
        yield step


def _match_some(connection: Connection, search: CandidateSearch, searched: Sequence[_Searched]) -> Iterator[list[Candidate]]:
    queries = [query for query, _ in searched]
    names = [scores for _, scores in searched]
    identified = _with_identifiers(connection, queries)
    shortlists = _shortlists(search, queries, names)
    wanted = [ids | shortlist for ids, shortlist in zip(identified, shortlists, strict=True)]
    companies = _companies(connection, set().union(*wanted))
    for query, scores, ids in zip(queries, names, wanted, strict=True):
        yield rank((score(companies[company_id], scores, query) for company_id in sorted(ids)), query.limit)


def _searched_names(query: MatchQuery) -> list[NameScore]:
    """The names to look for. None if another type is wanted."""
    if query.types and TYPE_ID not in query.types and not query.other_types_allowed:
        return []
    return [name for name in map(NameScore, query.names) if name.name.core]


def _shortlists(
    search: CandidateSearch, queries: Sequence[MatchQuery], searched: Sequence[Sequence[NameScore]]
) -> list[set[int]]:
    """For each query, the companies with the most similar names."""
    names = list(dict.fromkeys(name for scores in searched for score in scores for name in score.names))
    found: dict[Name, dict[int, tuple[str, ...]]] = {}
    for start in range(0, len(names), NAMES_AT_A_TIME):
        some = names[start : start + NAMES_AT_A_TIME]
        found.update(zip(some, search.find(some), strict=True))
    return [
        set().union(*(_most_similar(name, found, _SHORTLIST + query.limit) for name in scores))
        for query, scores in zip(queries, searched, strict=True)
    ]


def _most_similar(score: NameScore, found: Mapping[Name, Mapping[int, Sequence[str]]], number: int) -> set[int]:
    names_by_company = {company_id: names for name in score.names for company_id, names in found[name].items()}
    score.found = names_by_company.values()
    scores = {company_id: score.best(names) for company_id, names in names_by_company.items()}
    return set(sorted(scores, key=lambda company_id: (-scores[company_id], company_id))[:number])


def _with_identifiers(connection: Connection, queries: Sequence[MatchQuery]) -> list[set[int]]:
    """For each query, the companies with one of its identifiers or slugs."""
    wanted = [
        {
            (scheme, one_form(scheme, text))
            for condition in query.conditions
            if condition.property_id.startswith(IDENTIFIER) and condition.quantifier != "none"
            for scheme in [condition.property_id.removeprefix(IDENTIFIER)]
            for text in condition.texts
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
    by_slug = _by_slug(connection, {slug for query in queries for slug in query.ids})
    return [
        {by_slug[slug] for slug in query.ids if slug in by_slug}.union(*(found.get(identifier, ()) for identifier in identifiers))
        for query, identifiers in zip(queries, wanted, strict=True)
    ]


def _by_slug(connection: Connection, slugs: set[str]) -> dict[str, int]:
    if not slugs:
        return {}
    rows = connection.execute(select(Company.slug, Company.id).where(Company.slug.in_(sorted(slugs))))
    return {row.slug: row.id for row in rows}


def _companies(connection: Connection, company_ids: set[int]) -> dict[int, Document]:
    if not company_ids:
        return {}
    dialect = connection.dialect.name
    rows = _documents_statement(dialect).rows(connection, {"ids": as_list(dialect, sorted(company_ids))})
    return {company_id: orjson.loads(document) for company_id, document in rows}


@cache
def _documents_statement(dialect: str) -> PreparedStatement[int, str]:
    return PreparedStatement(select(Company.id, Company.document).where(Company.id.in_(elements(dialect, "ids", BigInt))))
