"""The SQL of search: what matches, and in which order."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.api.facts.filters import in_range
from app.api.facts.queries import require_named
from app.api.search.parameters import SearchParameters
from app.api.search.schemas import HIT_KINDS, SearchHit
from app.database.dialects import SQLITE
from app.database.models import Company, CompanyName, Metric, Milestone, Product, SearchEntry, Source
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, first_rows, one_of, prepared, values_of
from app.http.lists.sorting import SortOrder, by_id, by_text
from app.search.fields import PARTS
from app.search.full_text import matching_given, text_query
from app.search.words import Term
from app.values.text import fold

COLUMNS = ("kind", "title", "company", "url", "match.field", "match.text", "citations")

_TABLES = (Company, Product, Milestone, Metric, Source)
MOST_RANKED = 1000
"""Maximum number of ranked hits of one tier. Of more, the index returns the first that it finds: on SQLite the oldest."""


def find(dialect: str, terms: Sequence[Term], corrected: Sequence[Term], parameters: SearchParameters) -> Listing:
    """What matches all terms, or all corrected ones, and the order: how well it matches, then kind, title and id.

    A match of the whole name ranks before words of a name or title, whole words before prefixes, names and titles before texts,
    and the query as written before its correction.
    """
    return Listing(
        name="search",
        statements=prepared(_statements, parameters, dialect, bool(corrected)),
        values=values_of(parameters) | _values(dialect, terms, corrected, parameters.q),
        models=(SearchHit,),
        columns=COLUMNS,
        check=partial(require_named, companies=parameters.company),
    )


def _statements(parameters: SearchParameters, dialect: str, is_corrected: bool) -> ListStatements:  # noqa: FBT001 - part of a key
    """Only the hits of a page are joined to their documents: to sort those takes the longest."""
    entries, order = _entries(dialect, is_corrected, parameters)

    def page_rows(is_continued: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 - called by ListStatements
        found = first_rows(entries, order, is_continued=is_continued).subquery("found")
        page_order = _order(found.c, parameters.sort)
        rows = select(func.coalesce(*(table.document for table in _TABLES)).label("document")).select_from(found)
        for table in _TABLES:
            rows = rows.outerjoin(table, table.id == found.c.id)
        return first_rows(rows.add_columns(*page_order.columns), page_order, is_continued=False)

    return ListStatements(entries, order, page_rows)


def _entries(dialect: str, is_corrected: bool, parameters: SearchParameters) -> tuple[Select[int, int, int, str], SortOrder]:  # noqa: FBT001 - part of a key
    """The index entries of what is found, with the sort keys."""
    conditions = _conditions(parameters)
    ranked = _ranked(dialect, is_corrected, conditions)
    kind_order = case({kind: order for order, kind in enumerate(HIT_KINDS)}, value=SearchEntry.kind).label("kind_order")
    entries = select(SearchEntry.id, ranked.c.tier, kind_order, SearchEntry.title_key).where(*conditions)
    entries = entries.join(ranked, ranked.c.id == SearchEntry.id)
    return entries, _order(entries.selected_columns, parameters.sort)


def _order(columns: Iterable[ColumnElement[Any]], sort: str) -> SortOrder:
    identity, tier, kind_order, title_key = columns
    first = by_id(tier)(sort.startswith("-"))
    return SortOrder((first, by_id(kind_order)(False), by_text(title_key)(False), by_id(identity)(False)))


_WAYS: Sequence[tuple[str, Sequence[str], bool]] = (
    ("whole_names", PARTS[:2], False), ("begun_names", PARTS[:2], True), ("whole_all", PARTS, False), ("begun_all", PARTS, True),
)  # fmt: skip
"""Ways to match the words, the best first: whole words before prefixes, names and titles before texts."""


def _ranked(dialect: str, is_corrected: bool, conditions: Sequence[ColumnElement[bool]]) -> Subquery:  # noqa: FBT001 - by place
    """What is found, each with its best tier.

    A tier returns its first MOST_RANKED rows that pass the conditions, and is skipped if an earlier tier returned as many:
    the cost of a search depends on this number, not on the number of matches.
    """
    named_so = bindparam("named_so", type_=String)
    whole_names = (
        select(SearchEntry.id).where(SearchEntry.title_key == named_so),
        select(CompanyName.company_id).where(CompanyName.name_key == named_so),
        select(Company.id).where(Company.slug == named_so),
    )
    words = [(f"{name}_{way}", parts) for name in ("written", "corrected")[: 1 + is_corrected] for way, parts, _ in _WAYS]
    tiers: list[tuple[int, CTE]] = []
    for tier, rows in enumerate(
        [union_all(*whole_names).subquery(), *(matching_given(dialect, *given, alone=not conditions) for given in words)]
    ):
        identity = rows.c[0]
        passing = [exists().where(SearchEntry.id == identity, *conditions)] if conditions else []
        tiers.append((tier, _unless_filled(dialect, select(identity).where(*passing), tiers).cte(f"tier_{tier}")))
    found = union_all(*(select(rows.c[0], literal(tier).label("tier")) for tier, rows in tiers)).subquery()
    return select(found.c[0].label("id"), func.min(found.c.tier).label("tier")).group_by(found.c[0]).subquery()


def _unless_filled(dialect: str, rows: Select[int], earlier: Sequence[tuple[int, CTE]]) -> Select[int]:
    """The first rows of a tier; none if an earlier tier is full.

    SQLite would evaluate a condition for each row, but reads nothing if the limit is 0. PostgreSQL evaluates the condition
    once, but cannot plan for a limit that it must compute.
    """
    counts = [select(func.count()).select_from(tier).scalar_subquery() for _, tier in earlier]
    if dialect != SQLITE:
        return rows.where(*(count < MOST_RANKED for count in counts)).limit(MOST_RANKED)
    filled = [count >= MOST_RANKED for count in counts]
    return rows.limit(case((or_(*filled), 0), else_=MOST_RANKED) if filled else MOST_RANKED)


def _values(dialect: str, terms: Sequence[Term], corrected: Sequence[Term], query: str) -> dict[str, str]:
    """The values of the statement's parameters."""
    values = {"named_so": fold(query.strip().strip('"'))}
    for name, words in (("written", terms), ("corrected", corrected)):
        for way, parts, is_begun in _WAYS if words else ():
            texts = [(term.words, is_begun and not term.is_phrase) for term in words]
            values[f"{name}_{way}"] = text_query(dialect, texts, parts)
    return values


def _conditions(parameters: SearchParameters) -> list[ColumnElement[bool]]:
    """What the filters require of an entry."""
    conditions = in_range(SearchEntry, parameters)
    if parameters.kind:
        conditions.append(one_of(SearchEntry.kind, "kind", parameters.kind))
    if parameters.company:
        companies = select(Company.id).where(one_of(Company.slug, "company", parameters.company))
        conditions.append(SearchEntry.company_id.in_(companies))
    if parameters.country:
        companies = select(Company.id).where(one_of(Company.country, "country", parameters.country))
        conditions.append(SearchEntry.company_id.in_(companies))
    return conditions
